package discoursetest

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

type rssItem struct {
	Title   string `xml:"title"`
	Creator string `xml:"dc:creator"`
	Text    string `xml:"description"`
	Link    string `xml:"link"`
	Date    string `xml:"pubDate"`
	GUID    string `xml:"guid"`
}

type rss struct {
	XMLName xml.Name  `xml:"rss"`
	Version string    `xml:"version,attr"`
	DC      string    `xml:"xmlns:dc,attr"`
	Title   string    `xml:"channel>title"`
	Link    string    `xml:"channel>link"`
	Items   []rssItem `xml:"channel>item"`
}

// feed answers the .rss addresses: posts, latest, a category, a tag, a
// topic. It has the 50 newest, and guids that never change.
func (c *call) feed(path string) answer {
	if c.user == nil && c.s.Settings.LoginRequired {
		return notLoggedIn()
	}
	pieces := strings.Split(strings.Trim(path, "/"), "/")
	var items []rssItem
	switch pieces[0] {
	case "posts":
		items = c.postItems(c.isPublic)
	case "latest", "c", "tag":
		items = c.topicItems(pieces)
	case "t":
		id, _ := strconv.ParseInt(pieces[len(pieces)-1], 10, 64)
		items = c.postItems(func(p *Post) bool { return p.TopicID == id && c.isPublic(p) })
	default:
		return topicNotFound()
	}
	b, err := xml.MarshalIndent(rss{Version: "2.0", DC: "http://purl.org/dc/elements/1.1/", Title: c.s.Settings.Title, Link: c.home(), Items: items}, "", "  ")
	if err != nil {
		panic(err)
	}
	return answer{status: 200, kind: "application/rss+xml", text: xml.Header + string(b)}
}

func (c *call) home() string { return "http://" + c.r.Host }

func (c *call) postItems(listed func(*Post) bool) []rssItem {
	var out []rssItem
	for id := c.s.Seq["post"]; id > 0 && len(out) < postsPerPage; id-- {
		p := c.s.Posts[id]
		if p == nil || !listed(p) {
			continue
		}
		t, u := c.s.Topics[p.TopicID], c.s.Users[p.UserID]
		out = append(out, rssItem{t.Title, "@" + u.Username, p.Cooked, c.home() + c.postPath(p), p.CreatedAt.Format(time.RFC1123Z), fmt.Sprintf("%s-post-%d-%d", c.r.Host, t.ID, p.Number)})
	}
	return out
}

func (c *call) topicItems(pieces []string) []rssItem {
	keep := func(*Topic) bool { return true }
	switch last := pieces[len(pieces)-1]; pieces[0] {
	case "c":
		id, _ := strconv.ParseInt(last, 10, 64)
		keep = func(t *Topic) bool { return t.CategoryID == id }
	case "tag":
		tag := c.tag(last)
		keep = func(t *Topic) bool { return tag != nil && slices.Contains(t.Tags, tag.ID) }
	}
	topics := slices.DeleteFunc(sorted(c.s.Topics), func(t *Topic) bool { return !c.isListed(t) || !keep(t) })
	slices.SortStableFunc(topics, func(a, b *Topic) int { return b.CreatedAt.Compare(a.CreatedAt) })
	var out []rssItem
	for _, t := range topics[:min(len(topics), postsPerPage)] {
		text := ""
		if p := c.postAt(t.ID, 1); p != nil {
			text = p.Cooked
		}
		out = append(out, rssItem{t.Title, "@" + c.s.Users[t.UserID].Username, text, c.home() + c.topicPath(t), t.CreatedAt.Format(time.RFC1123Z), fmt.Sprintf("%s-topic-%d", c.r.Host, t.ID)})
	}
	return out
}
