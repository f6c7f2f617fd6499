package directory

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// coopToday reads a co-op's page of the design since December 2025.
func (p *pages) coopToday(doc *goquery.Document, file string) {
	box := doc.Find("section.coop-info-box").First()
	e := p.entry(doc, file, box.Find("h2").First().Text(), box.Find(".coop-info-box__logo img"))
	e.Website = p.link(box.Find("a.btn").First())
	p.prose(0, &e, box.Find(".coop-info-box__body").Text())
	p.join(e, true)
}

// coopBefore reads a co-op's page of the two older designs.
func (p *pages) coopBefore(doc *goquery.Document, file string) {
	head := doc.Find("section.slice:has(h1.slice_title), .coop #page-banner").First()
	e := p.entry(doc, file, head.Find("h1").First().Text(), head.Find("img"))
	site := head.Find("a.slice_subtitle[href]")
	if site.Length() == 0 {
		site = head.Find("a[href]")
	}
	e.Website = p.link(site.First())
	e.Town = p.address(doc)
	p.prose(0, &e, doc.Find(".two-column_right section, .large-8 section").First().Text())
	p.linked(doc, &e, "h2#services", Service)
	p.linked(doc, &e, "h2#tech", Technology)
	p.join(e, true)
}

// entry begins an entry with its name, slug and source. The slug is in the
// page's address or file name, and was the alternative text of the logo.
func (p *pages) entry(doc *goquery.Document, file, name string, logo *goquery.Selection) Entry {
	e := Entry{Name: p.name(0, name), Status: Listed, Source: whence(file)}
	address := doc.Find(`link[rel="canonical"]`).AttrOr("href", "")
	if e.Source == "" {
		e.Source, _ = site(address)
	}
	slug := coopSlug("/" + file)
	if slug == "" {
		slug = coopSlug(address)
	}
	if slug == "" {
		slug = strings.ReplaceAll(clean(logo.AttrOr("alt", ""), maxSlug), " ", "-")
	}
	e.Slug = slugOr(slug, e.Name)
	if e.Name == "" {
		e.Name = upperFirst(strings.NewReplacer("-", " ", "_", " ").Replace(e.Slug))
		p.add(0, "no name; called %s after its address", e.Name)
	}
	return e
}

var inCoops = regexp.MustCompile(`(?i)(?:^|/)co-op/([^/?#]+)`)

// coopSlug returns the last part of an address such as /co-op/autonomic or
// co-op/autonomic/index.html, or "".
func coopSlug(address string) string {
	m := inCoops.FindStringSubmatch(address)
	if m == nil {
		return ""
	}
	slug, err := url.PathUnescape(m[1])
	if err != nil {
		slug = m[1]
	}
	for _, end := range []string{".html", ".htm"} {
		slug = strings.TrimSuffix(slug, end)
	}
	if slug == "index" {
		return ""
	}
	return strings.ToLower(clean(slug, maxSlug))
}

// link returns where a link leads, if that is a website.
func (p *pages) link(a *goquery.Selection) string { return p.website(0, a.AttrOr("href", "")) }

// address returns the town of the address, which stands under a small heading.
func (p *pages) address(doc *goquery.Document) string {
	label := doc.Find("h5, strong").FilterFunction(func(_ int, s *goquery.Selection) bool {
		return strings.EqualFold(strings.Trim(s.Text(), " :\n"), "address")
	}).First()
	text := lines(label.Next())
	if text == "" {
		return ""
	}
	t, ok := TownIn(text)
	if !ok {
		p.add(0, "no town that is known here in the address")
	}
	return t.Name
}

// lines returns the text of an element with its line breaks as commas.
func lines(s *goquery.Selection) string {
	s = s.Clone()
	s.Find("br").ReplaceWithHtml(",")
	return strings.TrimSpace(s.Text())
}

// linked adds the skills that stand under a heading. A link to nowhere is what
// the site made of a word it did not know.
func (p *pages) linked(doc *goquery.Document, e *Entry, heading string, kind Kind) {
	blank := 0
	items := doc.Find(heading).First().NextUntil("h2")
	found := items.Find("a")
	if found.Length() == 0 {
		found = items.Find("li")
	}
	found.Each(func(_ int, a *goquery.Selection) {
		label := clean(a.Text(), 2*maxSkill)
		if label == "" {
			if t, ok := Vocabulary().File(stem(a.AttrOr("href", ""))); ok && a.AttrOr("href", "") != "" {
				label = t.Name
			} else {
				blank++
			}
		}
		p.skill(e, 0, label, kind)
	})
	if blank > 0 {
		p.add(0, "%s: %d blank entries under %s: the site did not know the words", e.Name, blank, heading[len("h2#"):])
	}
}
