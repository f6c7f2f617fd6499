// Package civicrm finds the calendar files that CiviCRM, the members'
// database of workers.coop, serves of its public events.
package civicrm

import (
	"net/url"
	"strings"
)

// Feed returns the address of the calendar file that belongs to a page of
// CiviCRM: of one event for its page, of all public ones for any other page
// under /civicrm. It returns false for addresses that are not CiviCRM's pages.
// https://github.com/civicrm/civicrm-core/blob/master/CRM/Event/ICalendar.php
func Feed(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	at := strings.Index(u.Path+"/", "/civicrm/")
	if at < 0 {
		return "", false
	}
	asked := u.Query()
	page := strings.Trim(u.Path[at:], "/")
	u.Path, u.Fragment = u.Path[:at]+"/civicrm/event/ical", ""
	answer := url.Values{"reset": {"1"}}
	switch id := asked.Get("id"); {
	case page == "civicrm/event/ical" && (id != "" || asked.Get("list") != ""):
		return address, true // it is the file already
	case id != "" && strings.HasPrefix(page, "civicrm/event/"):
		answer.Set("id", id)
	default:
		answer.Set("list", "1")
	}
	u.RawQuery = answer.Encode()
	return u.String(), true
}
