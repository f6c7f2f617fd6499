package civicrm_test

import (
	"testing"

	"git.coop/cotech/wortley/integrations/civicrm"
)

func TestFeed(t *testing.T) {
	for _, tt := range []struct{ page, want string }{
		{"https://www.example.org/civicrm/event/info/?id=229&reset=1", "https://www.example.org/civicrm/event/ical?id=229&reset=1"},
		{"https://www.example.org/civicrm/event/register/?id=229", "https://www.example.org/civicrm/event/ical?id=229&reset=1"},
		{"https://www.example.org/civicrm/", "https://www.example.org/civicrm/event/ical?list=1&reset=1"},
		{"https://www.example.org/civicrm", "https://www.example.org/civicrm/event/ical?list=1&reset=1"},
		{"https://www.example.org/members/civicrm/event/info#top", "https://www.example.org/members/civicrm/event/ical?list=1&reset=1"},
		{"https://www.example.org/civicrm/event/ical/?id=195&reset=1", "https://www.example.org/civicrm/event/ical/?id=195&reset=1"},
		{"https://www.example.org/civicrm/event/ical?reset=1&list=1", "https://www.example.org/civicrm/event/ical?reset=1&list=1"},
		{"https://www.example.org/event/summer-assembly/", ""},
		{"https://www.example.org/calendar.ics", ""},
		{"::", ""},
	} {
		got, ok := civicrm.Feed(tt.page)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("Feed(%q) = %q, %v, want %q", tt.page, got, ok, tt.want)
		}
	}
}
