package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestDoctorLooksAtWhatOnlySends tries a mail server and webhooks, sending nothing.
func TestDoctorLooksAtWhatOnlySends(t *testing.T) {
	elsewhere(t)
	var asked []string
	far := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked = append(asked, r.Method+" "+r.URL.Path) }))
	defer far.Close()
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(gone.Addr().String())
	gone.Close()
	t.Setenv("WORTLEY_COORDINATORS", "hub:ana")
	t.Setenv("WORTLEY_MAIL_HOST", "127.0.0.1")
	t.Setenv("WORTLEY_MAIL_PORT", port)
	t.Setenv("WORTLEY_MAIL_TLS", "off")
	t.Setenv("WORTLEY_MAIL_FROM", "Network news <news@network.example>")
	t.Setenv("WORTLEY_WEBHOOKS_DESIGN_KIND", "slack")
	t.Setenv("WORTLEY_WEBHOOKS_DESIGN_URL", far.URL+"/services/a-very-secret-token")
	got := wortley(t, "", "doctor")
	got.wants(t, exitOperator, "fine     webhook design:", "2 things are missing")
	got.wants(t, exitOperator, "MISSING  mail: ", "")
	if strings.Contains(got.out+got.errs, "secret") {
		t.Error("the webhook's secret is shown")
	}
	if strings.Join(asked, ", ") != "HEAD /" {
		t.Errorf("the webhook's server was asked %v", asked)
	}
}

func TestMailAndWebhookSettings(t *testing.T) {
	for _, tt := range []struct{ set, says string }{
		{"WORTLEY_MAIL_HOST=smtp.example", "WORTLEY_MAIL_FROM: want an address"},
		{"WORTLEY_WEBHOOKS_A_KIND=irc", "WORTLEY_WEBHOOKS_A_KIND: want one of discord, mattermost, rocketchat, slack, talk"},
		{"WORTLEY_WEBHOOKS_A_KIND=talk", "WORTLEY_WEBHOOKS_A_SECRET: Nextcloud Talk needs"},
		{"WORTLEY_FEEDS_DELAY=-1", "WORTLEY_FEEDS_DELAY: want seconds"},
	} {
		_, err := loadConfig("", []string{tt.set})
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", tt.set, err, tt.says)
		}
	}
}
