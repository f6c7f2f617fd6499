package news_test

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/web"
	"git.coop/cotech/wortley/commands/news"
	"git.coop/cotech/wortley/storage"
)

// site is the web part over a database in memory, with one newsletter sent
// and one being made.
type site struct {
	*testing.T
	db      *storage.DB
	feature bot.Feature
	srv     *httptest.Server
}

func newSite(t *testing.T, items ...storage.NewsItem) *site {
	db, err := storage.OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := &site{T: t, db: db}
	s.feature = news.New(db, news.Options{Title: "CoTech newsletter", Mail: true, BaseURL: "https://news.example"})
	s.srv = httptest.NewServer(web.Handler(web.Options{Pages: s.feature.Pages}))
	t.Cleanup(func() { s.srv.Close(); db.Close() })
	s.issue("2026-11", "sent", items)
	s.issue("2026-12", "open", []storage.NewsItem{{Section: "News", Title: "Not yet", State: storage.Accepted}})
	return s
}

func (s *site) issue(month, state string, items []storage.NewsItem) {
	s.Helper()
	i, err := s.db.OpenIssue(s.Context(), month, time.Unix(1_795_000_000, 0))
	if err != nil {
		s.Fatal(err)
	}
	i.State, i.Sent = state, time.Unix(1_795_100_000, 0)
	if err := s.db.SaveIssue(s.Context(), i); err != nil {
		s.Fatal(err)
	}
	for _, item := range items {
		item.Issue, item.Origin = i.ID, "person"
		if _, err := s.db.SaveNews(s.Context(), item); err != nil {
			s.Fatal(err)
		}
	}
}

func (s *site) do(method, path string, form url.Values, header ...string) (*http.Response, string) {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), method, s.srv.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return resp, string(body)
}

var hostile = storage.NewsItem{Section: "News", State: storage.Used, Title: `<script>alert("1")</script> & more`, Link: "https://evil.example/?a=1&b=%22",
	Text: "<img src=x onerror=alert(1)> javascript:alert(2) https://ok.example/x?a=1&b=2\u202e.\n\n</section></main><style>body{display:none}</style>"}

func TestArchiveAndPage(t *testing.T) {
	s := newSite(t, hostile, storage.NewsItem{Section: "Dates", State: storage.Used, Title: "Winter gathering", Link: "https://gathering.example/"})
	resp, body := s.do("GET", "/newsletter", nil)
	if resp.StatusCode != 200 || !strings.Contains(body, `<a href="/newsletter/2026-11">CoTech newsletter, November 2026</a>`) || strings.Contains(body, "2026-12") {
		t.Errorf("archive: %s\n%s", resp.Status, body)
	}
	resp, body = s.do("GET", "/newsletter/2026-11", nil)
	for _, bad := range []string{"<script", "<img", "<style>body", "\u202e", "javascript:alert(2)\""} {
		if strings.Contains(body, bad) {
			t.Errorf("the page holds %q:\n%s", bad, body)
		}
	}
	for _, want := range []string{`<html lang="en-GB">`, "<h1>CoTech newsletter, November 2026</h1>", "<h2>Dates</h2>", `<a href="https://gathering.example/">Winter gathering</a>`,
		`<a href="https://ok.example/x?a=1&amp;b=2">`, "&lt;script&gt;"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q:\n%s", want, body)
		}
	}
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("content security policy %q", csp)
	}
	tag := resp.Header.Get("ETag")
	if resp, body := s.do("GET", "/newsletter/2026-11", nil, "If-None-Match", "W/"+tag); resp.StatusCode != 304 || body != "" {
		t.Errorf("with its own ETag: %s, %d letters", resp.Status, len(body))
	}
	for _, path := range []string{"/newsletter/2026-12", "/newsletter/2026-10", "/newsletter/..%2f", "/newsletter/confirm/nobody", "/newsletter/leave/nobody"} {
		if resp, _ := s.do("GET", path, nil); resp.StatusCode != 404 {
			t.Errorf("GET %s: %s, want 404", path, resp.Status)
		}
	}
}

func TestFeeds(t *testing.T) {
	s := newSite(t, hostile)
	resp, body := s.do("GET", "/newsletter/feed.atom", nil)
	var atom struct {
		ID      string `xml:"id"`
		Updated string `xml:"updated"`
		Links   []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"link"`
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Content struct {
				Type string `xml:"type,attr"`
				Text string `xml:",chardata"`
			} `xml:"content"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(body), &atom); err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	if atom.ID != "tag:news.example,2026:newsletter/" || atom.Updated == "" || atom.Links[0].Rel != "self" || atom.Links[0].Href != "https://news.example/newsletter/feed.atom" {
		t.Errorf("the feed says of itself: %+v", atom)
	}
	if len(atom.Entries) != 1 || atom.Entries[0].ID != "tag:news.example,2026:newsletter/2026-11" || atom.Entries[0].Content.Type != "html" || strings.Contains(atom.Entries[0].Content.Text, "<script") {
		t.Errorf("entries: %+v", atom.Entries)
	}
	if again, _ := s.do("GET", "/newsletter/feed.atom", nil, "If-None-Match", resp.Header.Get("ETag")); again.StatusCode != 304 {
		t.Errorf("unchanged, and yet %s", again.Status)
	}
	_, body = s.do("GET", "/newsletter/feed.json", nil)
	var feed struct {
		Version string
		FeedURL string `json:"feed_url"`
		Items   []struct{ ID, URL, Title string }
	}
	if err := json.Unmarshal([]byte(body), &feed); err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	if feed.Version != "https://jsonfeed.org/version/1.1" || feed.FeedURL != "https://news.example/newsletter/feed.json" ||
		len(feed.Items) != 1 || feed.Items[0].ID != atom.Entries[0].ID || feed.Items[0].URL != "https://news.example/newsletter/2026-11" {
		t.Errorf("the JSON feed: %+v", feed)
	}
}

// TestSubscribe signs an address up by the form, confirms it, and takes it
// off again as a mail program does (RFC 8058).
func TestSubscribe(t *testing.T) {
	s := newSite(t)
	ask := func(address string) (*http.Response, string) {
		return s.do("POST", "/newsletter/subscribe", url.Values{"address": {address}})
	}
	for _, bad := range []string{"", "ana", "ana@example.org\nBcc: x@example.org", "a@b", strings.Repeat("a", 5000) + "@example.org"} {
		if resp, _ := ask(bad); resp.StatusCode != 400 {
			t.Errorf("%.40q: %s, want 400", bad, resp.Status)
		}
	}
	_, first := ask("ana@example.org")
	_, second := ask("Ana@Example.org")
	if first != second {
		t.Error("the answer tells whether an address is known")
	}
	sub, ok, err := s.db.SubscriberAt(t.Context(), "ana@example.org")
	if err != nil || !ok || sub.State != "asked" || len(sub.Token) < 20 {
		t.Fatalf("subscriber %+v, %v", sub, err)
	}
	due, err := s.db.Due(t.Context(), time.Now().Add(time.Minute), 10)
	if err != nil {
		t.Fatal(err)
	}
	mails := s.told(due)
	if len(mails) != 1 || mails[0].To != "ana@example.org" || !strings.Contains(mails[0].Text, "https://news.example/newsletter/confirm/"+sub.Token) {
		t.Errorf("asked with %+v, want one mail with a link", mails)
	}
	state := func() string {
		sub, _, err := s.db.SubscriberAt(t.Context(), "ana@example.org")
		if err != nil {
			t.Fatal(err)
		}
		return sub.State
	}
	if s.do("GET", "/newsletter/confirm/"+sub.Token, nil); state() != "asked" {
		t.Error("a link that was only followed confirmed the address")
	}
	for range 2 {
		if resp, _ := s.do("POST", "/newsletter/confirm/"+sub.Token, url.Values{}); resp.StatusCode != 200 || state() != "confirmed" {
			t.Errorf("confirmed: %s, %q", resp.Status, state())
		}
	}
	where := news.Unsubscribe(t.Context(), s.db, "https://news.example", bot.Post{Key: "broadcast/1/0001", Room: bot.Room{Site: "mail"}, To: "ana@example.org"})
	path := strings.TrimPrefix(where, "https://news.example")
	if path != "/newsletter/leave/"+sub.Token {
		t.Fatalf("the mail's way out is %q", where)
	}
	if resp, body := s.do("GET", path, nil); resp.StatusCode != 200 || !strings.Contains(body, `<form method="post"`) || state() != "confirmed" {
		t.Errorf("a GET changed something: %s, %q", resp.Status, state())
	}
	if resp, _ := s.do("POST", "/newsletter/leave/forged", url.Values{"List-Unsubscribe": {"One-Click"}}); resp.StatusCode != 404 {
		t.Errorf("a forged token: %s, want 404", resp.Status)
	}
	for range 2 {
		if resp, _ := s.do("POST", path, url.Values{"List-Unsubscribe": {"One-Click"}}); resp.StatusCode != 200 || state() != "" {
			t.Errorf("one click: %s, %q", resp.Status, state())
		}
	}
}

// told is what the features' tellers say of promises that are due.
func (s *site) told(due []bot.Due) (posts []bot.Post) {
	s.Helper()
	for _, d := range due {
		for _, t := range s.feature.Tellers {
			if t.Kind != d.Kind || d.Kind != "news.subscribe" {
				continue
			}
			more, _, err := t.Tell(s.Context(), d, time.Now())
			if err != nil {
				s.Fatal(err)
			}
			posts = append(posts, more...)
		}
	}
	return posts
}
