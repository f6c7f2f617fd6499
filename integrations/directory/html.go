package directory

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
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
	heading, word := offer(doc)
	switch {
	case doc.Find("section.coop-info-box h2").Length() > 0:
		p.coopToday(doc, file)
	case heading:
		if p.grid(doc, file, word) == 0 {
			p.add(0, "no co-op on the page of %s", word.Name)
		}
	case doc.Find("h1.slice_title").Length() > 0, doc.Find(".coop #page-banner h1").Length() > 0:
		p.coopBefore(doc, file)
	default:
		if p.grid(doc, file, Skill{}) == 0 {
			p.add(0, "no co-op on this page")
		}
	}
	return nil
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
