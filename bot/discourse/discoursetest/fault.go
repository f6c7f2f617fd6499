package discoursetest

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// A Fault is a way in which a request goes wrong.
type Fault int

// What can go wrong. In those that say "done" the forum did what it was
// asked, and the client does not hear of it.
const (
	_               Fault = iota
	CutBefore             // the connection is reset, nothing was done
	CutAfter              // the connection is reset, it was done
	HangBefore            // no answer until the client gives up, nothing was done
	HangAfter             // no answer until the client gives up, it was done
	Stall                 // waits for ReleaseStalled, then does it and answers; in no lock meanwhile
	Twice                 // a proxy sends the request twice and hands on the second answer
	Truncated             // done, and half of the answer arrives
	ServerError           // 500, nothing was done
	BadGateway            // 502 with a page of the proxy, nothing was done
	GatewayLate           // 504 with a page of the proxy, done
	Overload              // 503 in plain text
	Stripped              // answered as to an anonymous visitor, Set-Cookie: dosp=1
	LoggedOut             // answered as to an anonymous visitor, Discourse-Logged-Out
	Cached                // answered from the cache of anonymous answers
	LimitSite             // 429, JSON: the API keys of the site
	LimitUserKey          // 429, JSON: a user API key
	LimitAddress          // 429, plain text: the address
	LimitBackground       // 429, JSON whose errors is a string, no Retry-After
	LimitBus              // 429, plain text: the message bus
	LimitSearch           // 429, JSON {failed, message}
)

// Limits429 are the faults that answer 429, one a body shape but for
// LimitUserKey, which is LimitSite with another code.
var Limits429 = []Fault{LimitSite, LimitUserKey, LimitAddress, LimitBackground, LimitBus, LimitSearch}

type fault struct {
	kind Fault
	left int
	on   string // beginning of "METHOD /path"
}

// FailNext makes the next n requests go wrong.
func (f *Forum) FailNext(kind Fault, n int) { f.FailNextOn("", kind, n) }

// FailNextOn makes the next n requests go wrong whose method and path, as
// "POST /posts.json", begin with on.
func (f *Forum) FailNextOn(on string, kind Fault, n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, &fault{kind, n, on})
}

// ClearFaults ends what FailNext began.
func (f *Forum) ClearFaults() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
}

// StripKey makes the forum answer GET requests as to anonymous visitors, as
// an overloaded one does, until it is called with false.
func (f *Forum) StripKey(strip bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stripped = strip
}

// ReadOnly puts the forum into read-only mode, or ends that.
func (f *Forum) ReadOnly(on bool) { f.write(func() { f.s.ReadOnly = on }) }

// StaffWritesOnly is read-only mode for everybody but staff.
func (f *Forum) StaffWritesOnly(on bool) { f.write(func() { f.s.StaffWrites = on }) }

// ReleaseStalled lets every stalled request go on and returns how many there
// were.
func (f *Forum) ReleaseStalled() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(f.stalled)
	for _, c := range f.stalled {
		close(c)
	}
	f.stalled = nil
	return n
}

// Stalled returns how many requests wait for ReleaseStalled.
func (f *Forum) Stalled() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.stalled)
}

// nextFault takes the fault that is meant for a request; 0 is none.
func (f *Forum) nextFault(method, path string) Fault {
	for i, x := range f.faults {
		if !strings.HasPrefix(method+" "+path, x.on) {
			continue
		}
		if x.left--; x.left <= 0 {
			f.faults = append(f.faults[:i:i], f.faults[i+1:]...)
		}
		return x.kind
	}
	if f.stripped && method == http.MethodGet {
		return Stripped
	}
	return 0
}

// faultAnswer is the answer of those faults that are nothing but an answer.
func faultAnswer(k Fault) (answer, bool) {
	switch k {
	case ServerError:
		return refusal(http.StatusInternalServerError, "", "Internal error"), true
	case BadGateway, GatewayLate:
		return proxyPage(map[Fault]int{BadGateway: 502, GatewayLate: 504}[k]), k == BadGateway
	case Overload:
		return answer{status: http.StatusServiceUnavailable, kind: "text/plain", text: "Server is currently experiencing high load. Please try again later.\n"}, true
	case LimitSite:
		return tooMany(25*time.Second, "admin_api_key_rate_limit"), true
	case LimitUserKey:
		return tooMany(40*time.Second, "user_api_key_limiter_60_secs"), true
	case LimitAddress:
		return plainTooMany(7*time.Second, "ip_10_secs_limit"), true
	case LimitBackground:
		return answer{status: http.StatusTooManyRequests, body: obj{"errors": "Too many background requests", "extras": obj{"wait_seconds": 12}}}, true
	case LimitBus:
		return answer{status: http.StatusTooManyRequests, kind: "text/plain", text: "Too many requests", header: map[string]string{"Retry-After": "45"}}, true
	case LimitSearch:
		return answer{status: http.StatusTooManyRequests, body: obj{"failed": "FAILED", "message": "You’re searching too often. Please wait a few seconds."}}, true
	}
	return answer{}, false
}

func proxyPage(status int) answer {
	name := http.StatusText(status)
	return answer{status: status, kind: "text/html", text: fmt.Sprintf("<html>\r\n<head><title>%d %s</title></head>\r\n<body>\r\n<center><h1>%d %s</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n", status, name, status, name)}
}
