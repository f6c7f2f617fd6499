package discourse

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// The shapes of a 429, one a controller or middleware.
var limits = []struct {
	name   string
	write  bool
	header []string
	body   string
	wait   time.Duration
	all    bool
	code   string
}{
	{"the site's API limit", false, []string{"Retry-After", "37", "Discourse-Rate-Limit-Error-Code", "admin_api_key_rate_limit"},
		`{"errors":["You’ve performed this action too many times."],"error_type":"rate_limit","extras":{"wait_seconds":36,"time_left":"36 seconds"}}`,
		37 * time.Second, true, "admin_api_key_rate_limit"},
	{"the same, met by a write", true, []string{"Retry-After", "37", "Discourse-Rate-Limit-Error-Code", "admin_api_key_rate_limit"},
		`{"errors":["Too many."],"error_type":"rate_limit","extras":{"wait_seconds":36}}`, 37 * time.Second, true, "admin_api_key_rate_limit"},
	{"an address's, in text", false, []string{"Content-Type", "text/plain", "Retry-After", "9", "Discourse-Rate-Limit-Error-Code", "ip_10_secs_limit"},
		"Slow down, too many requests from this IP address.\nError code: ip_10_secs_limit.", 9 * time.Second, true, "ip_10_secs_limit"},
	{"background, errors as a text", false, nil, `{"errors":"Too busy.","extras":{"wait_seconds":17.5}}`, 17500 * time.Millisecond, true, ""},
	{"message bus, in text", false, []string{"Content-Type", "text/plain", "Retry-After", "120"}, "Server is overloaded", 2 * time.Minute, true, ""},
	{"search, without errors", false, nil, `{"failed":"FAILED","message":"Slow down."}`, time.Minute, true, ""},
	{"a proxy's page", true, []string{"Content-Type", "text/html"}, "<html><h1>429 Too Many Requests</h1></html>", time.Minute, true, ""},
	{"one kind of action only", true, nil, `{"errors":["Edits of the day are used up."],"error_type":"rate_limit","extras":{"wait_seconds":40000}}`,
		40000 * time.Second, false, "rate_limit"},
	{"a date", false, []string{"Retry-After", "Sat, 01 Jan 2000 00:01:30 GMT"}, `{}`, 90 * time.Second, true, ""},
	{"nonsense", false, []string{"Retry-After", "1e300"}, `{`, 24 * time.Hour, true, ""},
	{"the past", false, []string{"Retry-After", "Sat, 01 Jan 1990 00:01:30 GMT"}, `[]`, time.Second, true, ""},
}

func TestEveryShapeOf429(t *testing.T) {
	for _, tt := range limits {
		synctest.Test(t, func(t *testing.T) { // whose clock begins with the year 2000
			c, _ := open(t, always(http.StatusTooManyRequests, tt.body, tt.header...))
			var err error
			if tt.write {
				_, err = c.Create(t.Context(), NewPost{TopicID: 7, Raw: "Hello."})
			} else {
				_, err = c.Posts(t.Context(), Public, 0)
			}
			var e *Error
			if !errors.As(err, &e) || !errors.Is(err, ErrRateLimited) || e.Wait != tt.wait || e.All != tt.all || e.Code != tt.code {
				t.Errorf("%s: %#v, want a wait of %v, all %v, code %q", tt.name, e, tt.wait, tt.all, tt.code)
			}
			if !Transient(err) || Wait(err) != tt.wait {
				t.Errorf("%s: transient %v, wait %v", tt.name, Transient(err), Wait(err))
			}
			if paused := !c.Governor().State().Until.IsZero(); paused != tt.all {
				t.Errorf("%s: everything paused is %v", tt.name, paused)
			}
		})
	}
}

func TestOtherRefusals(t *testing.T) {
	for _, tt := range []struct {
		name      string
		write     bool
		status    int
		body      string
		why       error
		transient bool
	}{
		{"key", false, 403, `{"errors":["The API username or key is invalid."],"error_type":"invalid_access"}`, ErrForbidden, false},
		{"not found", false, 404, `{"errors":["Not here."],"error_type":"not_found"}`, ErrNotFound, false},
		{"not found, a page", false, 404, `<html>`, ErrNotFound, false},
		{"gone", false, 410, `{"errors":["Deleted."],"error_type":"not_found"}`, ErrGone, false},
		{"gone is not found", false, 410, `{}`, ErrNotFound, false},
		{"conflict", true, 409, `{"errors":["Edited."]}`, ErrConflict, false},
		{"validation", true, 422, `{"action":"create_post","errors":["Title is too short."]}`, ErrInvalid, false},
		{"parameters", true, 400, `{"errors":["raw is missing"],"error_type":"invalid_parameters"}`, ErrInvalid, false},
		{"a body in a GET", false, 413, ``, ErrInvalid, false},
		{"read-only", true, 503, `{"errors":["The site is in read only mode."],"error_type":"read_only"}`, ErrReadOnly, true},
		{"overloaded", false, 503, `Server is overloaded`, ErrOverloaded, true},
		{"overloaded, nothing done", true, 503, `Server is overloaded`, ErrOverloaded, true},
		{"rebuilding", false, 502, `<html>502 Bad Gateway</html>`, ErrOverloaded, true},
		{"a write behind a proxy that gave up", true, 504, `<html>`, ErrUnknown, true},
		{"a write that broke", true, 500, `{"errors":["oops"]}`, ErrUnknown, true},
		{"moved", true, 301, ``, ErrMoved, false},
	} {
		c, _ := open(t, always(tt.status, tt.body))
		var err error
		if tt.write {
			_, err = c.Create(ctx, NewPost{TopicID: 7, Raw: "Hello."})
		} else {
			_, err = c.Post(ctx, 7)
		}
		if !errors.Is(err, tt.why) || Transient(err) != tt.transient {
			t.Errorf("%s: %v (transient %v), want %v", tt.name, err, Transient(err), tt.why)
		}
		if !strings.HasPrefix(fmt.Sprint(err), "discourse: ") {
			t.Errorf("%s: %v does not say whose error it is", tt.name, err)
		}
	}
}

func TestReadOnlyModeHoldsWritesAndOnlyThose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		readOnly := "true"
		c, f := open(t, func(w http.ResponseWriter, r *http.Request) {
			if readOnly != "" {
				w.Header().Set("Discourse-Readonly", readOnly)
			}
			always(200, recorded(t, "posts.json"))(w, r)
		})
		if _, err := c.Posts(t.Context(), Public, 0); err != nil {
			t.Fatalf("reading a read-only forum: %v", err)
		}
		if _, err := c.Create(t.Context(), NewPost{TopicID: 7, Raw: "Hello."}); !errors.Is(err, ErrReadOnly) || len(f.asked) != 1 {
			t.Errorf("a write: %v after %q", err, f.asked)
		}
		if !c.Governor().State().ReadOnly {
			t.Error("the state does not say that the forum is read-only")
		}
		readOnly = ""
		if _, err := c.Posts(t.Context(), Public, 0); err != nil {
			t.Fatal(err)
		}
		if err := c.Like(t.Context(), 7); err != nil {
			t.Errorf("a write afterwards: %v", err)
		}
		c.Governor().heard(true)
		time.Sleep(readOnlyFor)
		if err := c.Like(t.Context(), 7); err != nil {
			t.Errorf("a write when nothing has been heard for long: %v", err)
		}
	})
}

func TestWhatIsKnownAfterACutConnection(t *testing.T) {
	dial := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	read := &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}
	for _, tt := range []struct {
		name        string
		err         error
		read, write error
	}{
		{"refused", dial, ErrUnreachable, ErrUnreachable},
		{"no such host", &net.DNSError{Err: "no such host"}, ErrUnreachable, ErrUnreachable},
		{"cut", read, ErrBroken, ErrUnknown},
	} {
		c, err := New(Config{URL: "https://forum.example.org", Writer: NewKey("w"), Transport: failing{tt.err}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Post(ctx, 7); !errors.Is(err, tt.read) || !Transient(err) {
			t.Errorf("%s: a read: %v, want %v", tt.name, err, tt.read)
		}
		if err := c.Like(ctx, 7); !errors.Is(err, tt.write) || !Transient(err) {
			t.Errorf("%s: a write: %v, want %v", tt.name, err, tt.write)
		}
	}
	c, _ := open(t, always(200, `{"id":7,"topic_`))
	if _, err := c.Create(ctx, NewPost{TopicID: 7, Raw: "Hello."}); !errors.Is(err, ErrUnknown) {
		t.Errorf("half an answer to a write: %v", err)
	}
	if _, err := c.Post(ctx, 7); !errors.Is(err, ErrBroken) {
		t.Errorf("half an answer to a read: %v", err)
	}
}

type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func TestTimeLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := New(Config{URL: "https://forum.example.org", Writer: NewKey("w"), Transport: silent{}})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		if _, err := c.Post(t.Context(), 7); !errors.Is(err, ErrBroken) || time.Since(begun) != 10*time.Second {
			t.Errorf("a read: %v after %v", err, time.Since(begun))
		}
		begun = time.Now()
		if err := c.Like(t.Context(), 7); !errors.Is(err, ErrUnknown) || time.Since(begun) != 30*time.Second {
			t.Errorf("a write: %v after %v", err, time.Since(begun))
		}
	})
}

// silent never answers.
type silent struct{}

func (silent) RoundTrip(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

func TestTheForumsWordsAreKeptShort(t *testing.T) {
	c, _ := open(t, always(422, `{"errors":["First.\nSecond.","`+strings.Repeat("é", 400)+`"]}`))
	_, err := c.Post(ctx, 7)
	var e *Error
	if !errors.As(err, &e) || !strings.HasPrefix(e.Text, "First. Second. · éé") || !strings.HasSuffix(e.Text, "é…") || len(e.Text) > maxText+len("…") {
		t.Errorf("%d bytes: %q", len(e.Text), e.Text)
	}
}
