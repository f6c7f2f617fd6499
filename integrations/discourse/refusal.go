package discourse

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A refusal is what the body of an error may hold. Its shapes differ from
// controller to controller: errors is a list or a text, and search and some
// plugins have failed and message instead.
type refusal struct {
	Errors    json.RawMessage `json:"errors"`
	ErrorType string          `json:"error_type"`
	Message   string          `json:"message"`
	Failed    any             `json:"failed"`
	Extras    struct {
		WaitSeconds float64 `json:"wait_seconds"`
	} `json:"extras"`
}

// maxText bounds what is kept of the forum's words, in bytes.
const maxText = 300

func (r refusal) text() string {
	var list []string
	var one string
	if json.Unmarshal(r.Errors, &list) == nil && len(list) > 0 {
		return strings.Join(list, " · ")
	}
	if json.Unmarshal(r.Errors, &one) == nil && one != "" {
		return one
	}
	return r.Message
}

// An answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// isJSON reports whether the body is the forum's own, and not the page of a proxy.
func (a answer) isJSON() bool {
	return strings.Contains(a.header.Get("Content-Type"), "json") || len(a.body) > 0 && a.body[0] == '{'
}

// readOnly reports whether the forum said that it takes no writes.
func (a answer) readOnly() bool { return strings.EqualFold(a.header.Get("Discourse-Readonly"), "true") }

// refused turns an answer that is not a success into an error.
func (a answer) refused(op string, write bool, now time.Time) *Error {
	e := &Error{Op: op, Status: a.status}
	var r refusal
	if a.isJSON() {
		_ = json.Unmarshal(a.body, &r) // what can be read of it is enough
		e.Code, e.Text = r.ErrorType, clip(r.text())
	}
	switch {
	case a.status == http.StatusTooManyRequests:
		e.Why = ErrRateLimited
		e.Wait = a.wait(r, now)
		if code := a.header.Get("Discourse-Rate-Limit-Error-Code"); code != "" {
			e.Code = code
		}
		e.All = shared(e.Code) || !write || !a.isJSON()
	case a.status == http.StatusServiceUnavailable:
		e.Why = ErrOverloaded
		if r.ErrorType == "read_only" || write && a.readOnly() {
			e.Why = ErrReadOnly
		}
	case a.status >= 500 && write:
		e.Why = ErrUnknown // a proxy that gave up does not stop the work behind it
	case a.status >= 500:
		e.Why = ErrOverloaded
	default:
		e.Why = why(a.status)
	}
	return e
}

// why sorts the refusals that waiting does not mend.
func why(status int) error {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return ErrForbidden
	case http.StatusNotFound:
		return ErrNotFound
	case http.StatusGone:
		return ErrGone
	case http.StatusConflict:
		return ErrConflict
	}
	if status >= 300 && status < 400 {
		return ErrMoved
	}
	return ErrInvalid
}

// shared reports whether a limit is one that all requests run into, and not
// that of one kind of action.
func shared(code string) bool {
	return code == "admin_api_key_rate_limit" || strings.HasPrefix(code, "user_api_key_limiter") || strings.HasPrefix(code, "ip_")
}

// defaultWait is for a 429 that does not say how long. A limit a day is the
// longest there is; a clock that is wrong must not stop us for longer.
const (
	defaultWait = time.Minute
	maxWait     = 24 * time.Hour
)

// wait reads how long to wait after a 429: the header first, in seconds or as
// a date, then the body, then a minute.
func (a answer) wait(r refusal, now time.Time) time.Duration {
	d := defaultWait
	head := a.header.Get("Retry-After")
	if n, err := strconv.ParseFloat(head, 64); err == nil && n >= 0 {
		d = seconds(n)
	} else if t, err := http.ParseTime(head); err == nil {
		d = t.Sub(now)
	} else if r.Extras.WaitSeconds > 0 {
		d = seconds(r.Extras.WaitSeconds)
	}
	return min(max(d, time.Second), maxWait)
}

func seconds(n float64) time.Duration {
	if math.IsNaN(n) || n > maxWait.Seconds() {
		return maxWait
	}
	return time.Duration(n * float64(time.Second))
}

// clip shortens a text for the log and puts it on one line.
func clip(s string) string {
	if len(s) > maxText {
		s = s[:maxText]
		for !utf8.ValidString(s) && len(s) > maxText-utf8.UTFMax {
			s = s[:len(s)-1]
		}
		s += "…"
	}
	return strings.Join(strings.Fields(s), " ")
}
