package discourse

import (
	"time"

	"golang.org/x/net/html"
)

// localDate returns the date a span stands for, in ISO form with its zone, or
// "" if it is no date. A zone that does not exist is taken for UTC by the
// forum too.
func localDate(n *html.Node) string {
	date, clock, zone := attr(n, "data-date"), attr(n, "data-time"), attr(n, "data-timezone")
	if _, err := time.Parse(time.DateOnly, date); err != nil || !hasClass(n, "discourse-local-date") {
		return ""
	}
	if clock == "" {
		return date
	}
	t, err := time.Parse(time.TimeOnly, clock)
	if err != nil {
		if t, err = time.Parse("15:04", clock); err != nil {
			return date
		}
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" {
		zone = "UTC"
	}
	return date + " " + t.Format("15:04") + " " + zone
}
