package discoursetest

import (
	"fmt"
	"math"
	"net/http"
	"time"
)

// obj is a JSON object.
type obj = map[string]any

// An answer is what a handler found. Body is sent as JSON, Text as it is.
type answer struct {
	status int
	body   any
	text   string
	kind   string // content type of text
	header map[string]string
}

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

func success() answer { return ok(obj{"success": "OK"}) }

// refusal is an error body as most of Discourse sends it.
func refusal(status int, kind string, messages ...string) answer {
	body := obj{"errors": messages}
	if kind != "" {
		body["error_type"] = kind
	}
	return answer{status: status, body: body}
}

func badParameter(what string) answer {
	return refusal(http.StatusBadRequest, "invalid_parameters", "You supplied invalid parameters to the request: "+what)
}

func notFound() answer {
	return refusal(http.StatusNotFound, "not_found", "The requested URL or resource could not be found.")
}

// topicNotFound is notFound of the topic page, which brings a page along.
func topicNotFound() answer {
	a := notFound()
	a.body.(obj)["extras"] = obj{"html": "<div class=\"page-not-found\"><h1>Oops! That page doesn’t exist or is private.</h1></div>"}
	return a
}

func notLoggedIn() answer {
	return refusal(http.StatusForbidden, "not_logged_in", "You need to be logged in to do that.")
}

func forbidden() answer {
	return refusal(http.StatusForbidden, "invalid_access", "You are not permitted to view the requested resource.")
}

// badKey is the one answer to a wrong key, a name that does not belong to
// it, and a scope that does not allow the route.
func badKey() answer {
	return refusal(http.StatusForbidden, "invalid_access", "You are not permitted to view the requested resource. The API username or key is invalid.")
}

// invalid is a refusal of what somebody wrote.
func invalid(action string, messages ...string) answer {
	a := refusal(http.StatusUnprocessableEntity, "", messages...)
	if action != "" {
		a.body.(obj)["action"] = action
	}
	return a
}

// tooMany is the JSON form of 429; code may be empty.
func tooMany(wait time.Duration, code string) answer {
	secs := int(math.Ceil(wait.Seconds()))
	a := refusal(http.StatusTooManyRequests, "rate_limit", fmt.Sprintf("You’ve performed this action too many times. Please wait %d seconds before trying again.", secs))
	a.body.(obj)["extras"] = obj{"wait_seconds": secs, "time_left": fmt.Sprintf("%d seconds", secs)}
	a.header = map[string]string{"Retry-After": fmt.Sprint(secs)}
	if code != "" {
		a.header["Discourse-Rate-Limit-Error-Code"] = code
	}
	return a
}

// plainTooMany is the form of the limits in front of the application.
func plainTooMany(wait time.Duration, code string) answer {
	secs := int(math.Ceil(wait.Seconds()))
	return answer{
		status: http.StatusTooManyRequests, kind: "text/plain",
		text:   fmt.Sprintf("Slow down, too many requests from this IP address.\nPlease retry again in %d seconds.\nError code: %s.\n", secs, code),
		header: map[string]string{"Retry-After": fmt.Sprint(secs), "Discourse-Rate-Limit-Error-Code": code},
	}
}

func readOnly() answer {
	return refusal(http.StatusServiceUnavailable, "read_only", "The site is in read only mode. Interactions are disabled.")
}

// stamp writes a time as Discourse does; nil for none.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func stampOf(t *time.Time) any {
	if t == nil {
		return nil
	}
	return stamp(*t)
}

// drop removes keys an answer does not have in this age.
func drop(o obj, keys ...string) {
	for _, k := range keys {
		delete(o, k)
	}
}
