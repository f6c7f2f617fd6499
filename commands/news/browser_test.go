package news_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"git.coop/cotech/wortley/storage"
)

// TestPagesInABrowser has axe-core look at the pages in Chromium. It is run by
// .ci/slow, which says where the browser and the tools are.
func TestPagesInABrowser(t *testing.T) {
	browser, tools := os.Getenv("WORTLEY_BROWSER"), os.Getenv("NODE_TOOLS")
	if browser == "" || tools == "" {
		t.Skip("SKIPPED, NOT TESTED: WORTLEY_BROWSER and NODE_TOOLS are not set, so no browser looks at the pages")
	}
	s := newSite(t, hostile,
		storage.NewsItem{Section: "Get involved", State: storage.Used, Title: "Help wanted with the accessibility of our website", Link: "https://coops.example/help",
			Text: "We would like somebody who uses a screen reader to try our new pages with us, paid, for half a day.\n\nWrite to us until the end of the month."},
		storage.NewsItem{Section: "News", State: storage.Used, Title: "A very long word: " + long(60), Text: long(300), Link: "https://example.org/" + long(200)},
		storage.NewsItem{Section: "Dates", State: storage.Used, Title: "Winter gathering: Saturday 20 February 2027", Link: "https://gathering.example/"},
		storage.NewsItem{Section: "Dates", State: storage.Used, Title: "Board meeting: Thursday 17 December 2026, 15:30 to 17:00"})
	if err := s.db.SaveSubscriber(t.Context(), storage.Subscriber{Address: "ana@example.org", State: "confirmed", Token: "a-token"}); err != nil {
		t.Fatal(err)
	}
	pictures := os.Getenv("WORTLEY_PICTURES")
	if pictures == "" {
		pictures = t.TempDir()
	}
	script, err := filepath.Abs("../../.ci/pages.mjs")
	if err != nil {
		t.Fatal(err)
	}
	args := []string{script, browser, pictures}
	for _, path := range []string{"/newsletter", "/newsletter/2026-11", "/newsletter/confirm/a-token", "/newsletter/leave/a-token", "/newsletter/2026-01"} {
		args = append(args, s.srv.URL+path)
	}
	out, err := exec.CommandContext(t.Context(), "node", args...).CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}

func long(n int) string {
	word := make([]byte, n)
	for i := range word {
		word[i] = 'a' + byte(i%26)
	}
	return string(word)
}
