package discoursetest

import (
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A call is one request while it is answered.
type call struct {
	*Forum
	r        *http.Request
	user     *User // nil: an anonymous visitor
	key      *Key
	in       params
	file     *multipart.FileHeader
	path     map[string]string
	released bool // it stalled after its checks, which are not done again
}

// A Request is one that the forum got.
type Request struct {
	At           time.Time
	Method, Path string // without query
	Query        string
	Username     string // "" for anonymous visitors
	UserAgent    string
	Body         string
	Status       int // 0: no answer was sent
	Fault        Fault
}

// Requests returns what was asked, oldest first.
func (f *Forum) Requests() []Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.requests)
}

// ForgetRequests empties the list of requests.
func (f *Forum) ForgetRequests() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests = nil
}

// ServeHTTP implements [http.Handler].
func (f *Forum) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 32<<20))
	if err != nil {
		return
	}
	f.mu.Lock()
	path := strings.TrimPrefix(r.URL.Path, f.o.Base)
	k := f.nextFault(r.Method, path)
	f.requests = append(f.requests, Request{At: f.now(), Method: r.Method, Path: path, Query: r.URL.RawQuery, UserAgent: r.UserAgent(), Body: string(body), Fault: k})
	n, stopped := len(f.requests)-1, f.stopped
	f.mu.Unlock()

	if k == CutBefore || k == HangBefore {
		f.vanish(w, r, k == HangBefore, stopped)
		return
	}
	a, only := faultAnswer(k)
	if !only {
		if a = f.perform(r, body, path, k, n, stopped); k == GatewayLate {
			a = proxyPage(http.StatusGatewayTimeout)
		}
	}
	if k == CutAfter || k == HangAfter {
		f.vanish(w, r, k == HangAfter, stopped)
		return
	}
	f.note(n, func(q *Request) { q.Status = a.status })
	f.send(w, a, k == Truncated)
}

// note completes the record of a request, if it was not forgotten.
func (f *Forum) note(n int, fn func(*Request)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n < len(f.requests) {
		fn(&f.requests[n])
	}
}

// perform answers a request, after a stall if it was told to.
func (f *Forum) perform(r *http.Request, body []byte, path string, k Fault, n int, stopped chan struct{}) answer {
	released := false
	if k == Stall {
		wait := make(chan struct{})
		f.mu.Lock()
		f.stalled = append(f.stalled, wait)
		f.mu.Unlock()
		select {
		case <-wait:
		case <-stopped:
			return proxyPage(http.StatusBadGateway)
		}
		released = true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.answer(r, body, path, k, released, n)
	if k == Twice {
		a = f.answer(r, body, path, k, released, n)
	}
	f.work()
	if r.Method != http.MethodGet {
		f.save()
	}
	return a
}

// answer is the forum's own part: who asks, is it allowed, what is it.
func (f *Forum) answer(r *http.Request, body []byte, path string, k Fault, released bool, n int) answer {
	f.work()
	a := f.admit(r, body, path, k, released, n)
	if a.header == nil {
		a.header = map[string]string{}
	} else {
		a.header = maps.Clone(a.header)
	}
	if f.s.ReadOnly || f.s.StaffWrites {
		a.header["Discourse-Readonly"] = "true"
	}
	switch k {
	case Stripped:
		a.header["Set-Cookie"] = "dosp=1; Path=/"
	case LoggedOut:
		a.header["Discourse-Logged-Out"] = "1"
	case Cached:
		a.header["X-Discourse-Cached"] = "true"
	}
	return a
}

func (f *Forum) admit(r *http.Request, body []byte, path string, k Fault, released bool, n int) answer {
	if !strings.HasPrefix(r.URL.Path, f.o.Base+"/") {
		return proxyPage(http.StatusNotFound)
	}
	if a := f.limitAddress(r); a != nil {
		return *a
	}
	if r.Method == http.MethodGet && len(body) > 0 && f.o.Mode == Old {
		return answer{status: http.StatusRequestEntityTooLarge}
	}
	bare, isJSON := strings.CutSuffix(path, ".json")
	bare, feed := strings.CutSuffix(bare, ".rss")
	c := &call{Forum: f, r: r, released: released}
	if k != Stripped && k != LoggedOut && k != Cached {
		var refused *answer
		if c.user, c.key, refused = f.identify(r, feed); refused != nil {
			return *refused
		}
		if refused = f.limitKey(c.key); refused != nil {
			return *refused
		}
	}
	if c.user != nil && n < len(f.requests) {
		f.requests[n].Username = c.user.Username
	}
	if c.user != nil && r.Header.Get("Discourse-Present") == "true" {
		now := f.now()
		c.user.LastSeen = &now
	}
	if feed {
		return c.feed(bare)
	}
	if r.Method == http.MethodGet && !isJSON && !strings.Contains(r.Header.Get("Accept"), "application/json") && bare != "/srv/status" {
		return f.page()
	}
	return c.dispatch(bare, body)
}

func (c *call) dispatch(path string, body []byte) answer {
	route, named := c.find(c.r.Method, path)
	if route == nil {
		return topicNotFound()
	}
	c.path = named
	var err error
	if c.in, c.file, err = readParams(c.r, body); err != nil {
		return badParameter(err.Error())
	}
	if !c.key.allows(route, c) {
		return badKey()
	}
	if c.user == nil && c.s.Settings.LoginRequired && route.scope != anyKey && route.pattern != "site/basic-info" {
		return notLoggedIn()
	}
	if c.r.Method != http.MethodGet {
		if c.user == nil {
			return notLoggedIn()
		}
		if c.s.ReadOnly || c.s.StaffWrites && !c.user.staff() {
			return readOnly()
		}
	}
	return route.handle(c)
}
