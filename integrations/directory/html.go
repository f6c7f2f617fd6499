package directory

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// ReadHTML reads one page of the public directory, of any of its three designs
// (2019, until December 2025, since): a co-op's own page, the page of a service
// or technology, or a page with the grid of members. The error is for a page
// that cannot be read; one without any co-op is a [Problem]. Pages carry no
// date and no sizes.
func ReadHTML(in io.Reader) ([]Entry, []Problem, error) {
	var p pages
	data, err := p.slurp(in, maxPage)
	if err == nil {
		err = p.page(data, "")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("directory: read html: %w", err)
	}
	return p.entries, p.list(), nil
}

// ReadHTMLPages reads a folder of saved pages, with folders in it, and joins
// what they say of each co-op: skills from the pages of services, names from
// the grid, the rest from the co-op's own page.
func ReadHTMLPages(fsys fs.FS) ([]Entry, []Problem, error) {
	var p pages
	n := 0
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			p.file = name
			p.add(0, "not read: %s", err.Error())
			return nil
		}
		if d.IsDir() || !slices.Contains([]string{".html", ".htm", ""}, strings.ToLower(path.Ext(name))) {
			return nil
		}
		if n++; n > maxFiles {
			p.add(0, "more than %d pages: the rest is not read", maxFiles)
			return fs.SkipAll
		}
		return p.open(fsys, name)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("directory: read html: %w", err)
	}
	if n == 0 {
		return nil, nil, errors.New("directory: read html: no .html file in the folder")
	}
	slices.SortStableFunc(p.entries, func(a, b Entry) int { return strings.Compare(a.Slug, b.Slug) })
	return p.entries, p.list(), nil
}

// pages joins entries from several pages.
type pages struct {
	book
	own map[string]bool // slugs whose own page was read
}

// open reads one file. A file that cannot be read is noted, not fatal.
func (p *pages) open(fsys fs.FS, name string) error {
	p.file = name
	f, err := fsys.Open(name)
	if err != nil {
		p.add(0, "not read: %s", err.Error())
		return nil
	}
	defer f.Close()
	data, err := p.slurp(f, maxPage)
	if err == nil && (path.Ext(name) != "" || bytes.HasPrefix(bytes.TrimSpace(data), []byte("<"))) {
		err = p.page(data, name)
	}
	if err != nil {
		p.add(0, "not read: %s", err.Error())
	}
	return nil
}

// page reads one page; file is where it was saved, or empty.
func (p *pages) page(data []byte, file string) error {
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	before := len(p.entries)
	heading, word := offer(doc)
	switch {
	case doc.Find("section.coop-info-box h2").Length() > 0:
		p.coopToday(doc, file)
	case heading:
		p.grid(doc, file, word)
	case doc.Find("h1.slice_title").Length() > 0, doc.Find(".coop #page-banner h1").Length() > 0:
		p.coopBefore(doc, file)
	default:
		if found := p.grid(doc, file, Skill{}); found == 0 && len(p.entries) == before {
			p.add(0, "no co-op on this page")
		}
	}
	return nil
}

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
	e := Entry{Name: p.name(0, name), Status: Listed, Source: clean(file, maxURL)}
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
		e.Status, e.Source = Listed, clean(file, maxURL)
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

// join adds what a page says of a co-op to what others said. Its own page
// knows best; the others fill gaps and add skills.
func (p *pages) join(e Entry, own bool) {
	if p.own == nil {
		p.own = map[string]bool{}
	}
	if e.Name == "" {
		e.Name = upperFirst(strings.ReplaceAll(e.Slug, "-", " "))
	}
	i, known := p.at[e.Slug]
	if !known {
		p.own[e.Slug] = own
		p.put(0, e)
		return
	}
	had := &p.entries[i]
	if own && p.own[e.Slug] {
		p.add(0, "%s: a second page of the same co-op; only what the first lacks is read", e.Name)
	}
	if own && !p.own[e.Slug] {
		*had, e = e, *had
		p.own[e.Slug] = true
	}
	fill(&had.Website, e.Website)
	fill(&had.Town, e.Town)
	for _, s := range e.Skills {
		p.skill(had, 0, s.Name, s.Kind)
	}
	slices.SortStableFunc(had.Skills, func(a, b Skill) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
}

func fill(to *string, from string) {
	if *to == "" {
		*to = from
	}
}
