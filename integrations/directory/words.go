package directory

import (
	"slices"
	"strings"
)

// readLabels returns what the files of a folder are called, or nil if there is
// no such folder. Folders of pictures in it do not matter.
func (s *source) readLabels(dir string) map[string]string {
	files, err := s.files(dir)
	if err != nil {
		return nil
	}
	labels := map[string]string{}
	for _, f := range files {
		m, ok := s.open(f)
		if !ok {
			continue
		}
		name, _ := m.text("name")
		if name == "" {
			name, _ = m.text("title")
		}
		slug := stem(f)
		if had, twice := labels[slug]; twice {
			s.add(0, "differs only by case from the file of %s; not read", had)
			continue
		}
		if labels[slug] = clean(name, maxSkill); labels[slug] == "" {
			s.add(0, "no name")
			delete(labels, slug)
		}
	}
	return labels
}

// label returns what a value of a list is called.
func (s *source) label(i item, key string, kind Kind) string {
	slug := strings.ToLower(i.text)
	if l := s.labels[kind][slug]; l != "" {
		return l
	}
	if t, ok := Vocabulary().File(slug); ok && s.labels[kind] == nil {
		return t.Name
	}
	text := i.text
	if !strings.ContainsAny(text, " ._") {
		text = strings.ReplaceAll(text, "-", " ")
	}
	if text != "" && (s.labels[kind] != nil || Vocabulary().Canonical(text) == "") {
		s.add(i.line, "%s: %s is none of the website's words; kept as it is", key, i.text)
	}
	return upperFirst(text)
}

// caseStudies adds the services of _case_studies to the co-ops they name.
func (s *source) caseStudies() {
	files, err := s.files("_case_studies")
	if err != nil {
		return
	}
	for _, f := range files {
		m, ok := s.open(f)
		if !ok {
			continue
		}
		for _, who := range m.list("coops") {
			i := slices.IndexFunc(s.entries, func(e Entry) bool { return Key(e.Name) == Key(who.text) || e.Slug == Slug(who.text) })
			if i < 0 {
				s.add(who.line, "no co-op called %s", who.text)
				continue
			}
			for _, v := range m.list("services") {
				name := v.text
				if t, ok := Vocabulary().Lookup(name); ok {
					name = t.Name
				}
				s.skill(&s.entries[i], v.line, name, Service)
			}
		}
	}
}
