package discoursetest

import (
	"slices"
	"strings"
	"unicode"
)

// AddCategory adds a category and the topic about it.
func (f *Forum) AddCategory(name string, c Category) Category {
	var out *Category
	f.write(func() { out = f.addCategory(name, c) })
	return *out
}

func (f *Forum) addCategory(name string, c Category) *Category {
	c.ID, c.Name = f.s.next("category"), name
	if c.Slug == "" {
		c.Slug = slugify(name)
	}
	f.s.Categories[c.ID] = &c
	d := draft{Title: "About the " + name + " category", Raw: "What belongs into " + name + ", and what does not.", CategoryID: c.ID}
	p := f.post(f.s.Users[-1], d)
	t := f.s.Topics[p.TopicID]
	t.Pinned, c.About = true, t.ID
	return &c
}

// SetCategory changes a category: who may read it, whether posts are held.
func (f *Forum) SetCategory(id int64, fn func(*Category)) {
	f.write(func() { fn(f.s.Categories[id]) })
}

// AddTag adds a tag.
func (f *Forum) AddTag(name string) Tag {
	var out *Tag
	f.write(func() { out = f.addTag(name) })
	return *out
}

func (f *Forum) addTag(name string) *Tag {
	if t := f.tag(name); t != nil {
		return t
	}
	t := &Tag{ID: f.s.next("tag"), Name: name, Slug: slugify(name)}
	f.s.Tags[t.ID] = t
	return t
}

func (f *Forum) tag(name string) *Tag {
	for _, t := range f.s.Tags {
		if strings.EqualFold(t.Name, name) {
			return t
		}
	}
	return nil
}

// tagIDs finds or makes tags.
func (f *Forum) tagIDs(names []string) []int64 {
	ids := []int64{}
	for _, n := range names {
		if id := f.addTag(n).ID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (f *Forum) categoryBySlug(slug string) *Category {
	for _, c := range sorted(f.s.Categories) {
		if c.Slug == slug {
			return c
		}
	}
	return nil
}

// slugify makes the part of an address that stands for a name.
func slugify(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case r == '\'' || r == '’':
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if out := strings.Trim(b.String(), "-"); out != "" {
		return out
	}
	return "topic"
}
