package directory

import "strings"

// maxEntries bounds one reading.
const maxEntries = 100_000

// book collects entries and keeps their slugs apart.
type book struct {
	report
	entries []Entry
	at      map[string]int    // slug → place in entries
	sites   map[string]string // website → name
	names   map[string]string // name key → slug
}

// put adds an entry. A second one with the same slug is not read; the same
// website or name under another slug is only pointed out.
func (b *book) put(line int, e Entry) {
	if b.at == nil {
		b.at, b.sites, b.names = map[string]int{}, map[string]string{}, map[string]string{}
	}
	if i, twice := b.at[e.Slug]; twice {
		b.add(line, "%s: the same slug (%s) as %s; read once", e.Name, e.Slug, b.entries[i].Name)
		return
	}
	if len(b.entries) >= maxEntries {
		b.add(line, "more than %d co-ops: %s is not read", maxEntries, e.Name)
		return
	}
	if k := siteKey(e.Website); k != "" {
		if other := b.sites[k]; other != "" {
			b.add(line, "%s has the same website as %s: one co-op or two?", e.Name, other)
		} else {
			b.sites[k] = e.Name
		}
	}
	if k := Key(e.Name); k != "" {
		if other := b.names[k]; other != "" {
			b.add(line, "%s (%s) has the same name as %s: one co-op or two?", e.Name, e.Slug, other)
		} else {
			b.names[k] = e.Slug
		}
	}
	b.at[e.Slug] = len(b.entries)
	b.entries = append(b.entries, e)
}

// noSite notes an entry without a website.
func (r *report) noSite(line int, e Entry) {
	if strings.TrimSpace(e.Website) == "" {
		r.add(line, "%s: no website", e.Name)
	}
}
