package directory

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

var anOffer = regexp.MustCompile(`(?i)^\s*co-?ops\s+that\s+(offer|use)\b\s*(.*?)\s*$`)

// offer reports whether the page is about one service or technology, and
// which.
func offer(doc *goquery.Document) (bool, Skill) {
	var s Skill
	found := false
	doc.Find("h1, h2").EachWithBreak(func(_ int, h *goquery.Selection) bool {
		m := anOffer.FindStringSubmatch(strings.Join(strings.Fields(h.Text()), " "))
		if m == nil {
			return true
		}
		found = true
		s = Skill{Name: clean(m[2], maxSkill), Kind: Service}
		if strings.EqualFold(m[1], "use") {
			s.Kind = Technology
		}
		return false
	})
	return found, s
}

// grid reads the pictures of co-ops that link to their pages, and the entries
// of the map; each gets the skill, if there is one. It returns how many co-ops
// it found.
func (p *pages) grid(doc *goquery.Document, file string, of Skill) int {
	seen := map[string]bool{}
	add := func(e Entry) {
		if e.Slug == "" || seen[e.Slug] && e.Town == "" {
			return
		}
		seen[e.Slug] = true
		e.Status, e.Source = Listed, whence(file)
		if of.Name != "" {
			p.skill(&e, 0, of.Name, of.Kind)
		}
		p.join(e, false)
	}
	doc.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
		slug := coopSlug(a.AttrOr("href", ""))
		if slug == "" || a.Find("img, [title]").Length() == 0 {
			return
		}
		name := p.name(0, pictured(a))
		add(Entry{Name: name, Slug: slugOr(slug, name)})
	})
	doc.Find("script").Each(func(_ int, s *goquery.Selection) {
		for _, e := range p.markers(s.Text()) {
			add(e)
		}
	})
	p.count(doc, len(seen))
	return len(seen)
}

// pictured returns the name that a picture or its link carries.
func pictured(a *goquery.Selection) string {
	if alt := clean(a.Find("img[alt]").AttrOr("alt", ""), maxName); alt != "" {
		return alt
	}
	return a.Find("[title]").AttrOr("title", "")
}

var aMarker = regexp.MustCompile(`markerText:\s*'((?:[^'\\]|\\.)+)'`)

// markers reads what the old map was given: a link with the co-op's name and
// its address. Only the town is kept; the exact position is not.
func (p *pages) markers(script string) (found []Entry) {
	for _, m := range aMarker.FindAllStringSubmatch(script, maxFiles) {
		text := strings.NewReplacer(`\"`, `"`, `\'`, `'`, `\/`, `/`).Replace(m[1])
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(text))
		if err != nil {
			continue
		}
		a := doc.Find("a[href]").First()
		e := Entry{Name: p.name(0, a.Text())}
		if slug := coopSlug(a.AttrOr("href", "")); slug != "" {
			e.Slug = slugOr(slug, e.Name)
		}
		if t, ok := TownIn(lines(doc.Find("body"))); ok {
			e.Town = t.Name
		}
		found = append(found, e)
	}
	return found
}

// count compares the grid with the total that the home page states.
func (p *pages) count(doc *goquery.Document, have int) {
	doc.Find(".metadata_item").Each(func(_ int, s *goquery.Selection) {
		if !strings.HasPrefix(strings.ToLower(strings.TrimSpace(s.Text())), "co-ops") {
			return
		}
		if n, err := strconv.Atoi(strings.TrimSpace(s.Find(".metadata_value").Text())); err == nil && n != have {
			p.add(0, "the page counts %d co-ops and shows %d", n, have)
		}
	})
}
