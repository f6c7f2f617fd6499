package news

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"time"
)

// An atom is a feed of RFC 4287.
type atom struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Updated   string   `xml:"updated"`
	Published string   `xml:"published"`
	Link      atomLink `xml:"link"`
	Content   atomText `xml:"content"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// atomFeed serves the newsletters as Atom.
func (d *desk) atomFeed(w http.ResponseWriter, r *http.Request) error {
	all, updated, err := d.entries(r.Context())
	if err != nil {
		return err
	}
	base := d.base(r)
	feed := atom{ID: d.tag(base, ""), Title: d.Title, Updated: updated.UTC().Format(time.RFC3339), Author: d.Title,
		Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: base + "/newsletter/feed.atom"}, {Rel: "alternate", Type: "text/html", Href: base + "/newsletter"}}}
	for _, p := range all {
		body, err := p.body()
		if err != nil {
			return err
		}
		feed.Entries = append(feed.Entries, atomEntry{ID: d.tag(base, p.issue.Month), Title: p.title, Updated: p.issue.Sent.Format(time.RFC3339),
			Published: p.issue.Sent.Format(time.RFC3339), Link: atomLink{Href: base + "/newsletter/" + p.issue.Month}, Content: atomText{"html", body}})
	}
	out, err := xml.MarshalIndent(feed, "", " ")
	if err != nil {
		return err
	}
	serve(w, r, "application/atom+xml; charset=utf-8", append([]byte(xml.Header), out...))
	return nil
}

// A jsonFeed is a feed of https://www.jsonfeed.org/version/1.1/.
type jsonFeed struct {
	Version string     `json:"version"`
	Title   string     `json:"title"`
	HomeURL string     `json:"home_page_url"`
	FeedURL string     `json:"feed_url"`
	Items   []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string `json:"id"`
	URL       string `json:"url"`
	Title     string `json:"title"`
	HTML      string `json:"content_html"`
	Published string `json:"date_published"`
}

// jsonFeed serves the newsletters as JSON Feed.
func (d *desk) jsonFeed(w http.ResponseWriter, r *http.Request) error {
	all, _, err := d.entries(r.Context())
	if err != nil {
		return err
	}
	base := d.base(r)
	feed := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: d.Title, HomeURL: base + "/newsletter", FeedURL: base + "/newsletter/feed.json", Items: []jsonItem{}}
	for _, p := range all {
		body, err := p.body()
		if err != nil {
			return err
		}
		feed.Items = append(feed.Items, jsonItem{d.tag(base, p.issue.Month), base + "/newsletter/" + p.issue.Month, p.title, body, p.issue.Sent.Format(time.RFC3339)})
	}
	out, err := json.MarshalIndent(feed, "", " ")
	if err != nil {
		return err
	}
	serve(w, r, "application/feed+json; charset=utf-8", out)
	return nil
}

// body is a newsletter as the feeds have it.
func (p paper) body() (string, error) {
	var b bytes.Buffer
	err := templates.ExecuteTemplate(&b, "entry.html", p.shown())
	return b.String(), err
}

// base is the address that links begin with: the one that is set, or the one
// that was asked.
func (d *desk) base(r *http.Request) string {
	if d.BaseURL != "" {
		return d.BaseURL
	}
	return (&url.URL{Scheme: "http", Host: r.Host}).String()
}

// tag is an entry's name for good (RFC 4151): the same wherever it is served.
func (d *desk) tag(base, month string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base + "/newsletter/" + month
	}
	return "tag:" + u.Hostname() + ",2026:newsletter/" + month
}
