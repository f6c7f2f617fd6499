package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// davServer answers what a client asks to find its calendars.
func davServer(t *testing.T) *httptest.Server {
	found := func(path, prop string) string {
		return `<?xml version="1.0"?><multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><response><href>` + path +
			`</href><propstat><prop>` + prop + `</prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>`
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, password, _ := r.BasicAuth(); password != "secret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(http.StatusMultiStatus)
		switch r.URL.Path {
		case "/":
			io.WriteString(w, found("/", "<current-user-principal><href>/bot/</href></current-user-principal>"))
		case "/bot/":
			io.WriteString(w, found("/bot/", "<C:calendar-home-set><href>/home/</href></C:calendar-home-set>"))
		default:
			io.WriteString(w, found("/home/network/", "<resourcetype><collection/><C:calendar/></resourcetype>"))
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func TestDoctorFindsTheCalendar(t *testing.T) {
	s := davServer(t)
	for _, tt := range []struct{ path, password, want string }{
		{"/home/network", "secret", "fine     caldav: the calendar is there"},
		{"/home/other/", "secret", "MISSING  caldav: bot has no calendar " + s.URL + "/home/other/; its calendars: " + s.URL + "/home/network/"},
		{"/home/network/", "wrong", "MISSING  caldav: find the user"},
		{"", "", ""},
	} {
		c := defaults()
		if tt.path != "" {
			c.CalDAV.URL, c.CalDAV.User, c.CalDAV.Password = s.URL+tt.path, "bot", tt.password
		}
		var out bytes.Buffer
		f := &findings{a: &app{ctx: context.Background(), out: &out}}
		f.calendars(context.Background(), c)
		if !strings.HasPrefix(out.String(), tt.want) || tt.want == "" && out.Len() > 0 {
			t.Errorf("%s with %s: %s, want %s", tt.path, tt.password, out.String(), tt.want)
		}
	}
}
