package directory

import "strings"

// Most skills a single entry may have, so that one bad file stays small.
const maxSkills = 500

// maxSpellings bounds what a reading remembers of the labels it has seen.
const maxSpellings = 20_000

// spelling is a label as it is kept, with its [Key] and what was wrong with it.
type spelling struct{ name, key, problem string }

// spell cleans one label and gives it the spelling of the vocabulary, if that
// has the word as a name. A directory repeats few labels often.
func (r *report) spell(label string) spelling {
	if s, ok := r.spellings[label]; ok {
		return s
	}
	full := clean(strings.ReplaceAll(label, ";", ","), 4*maxSkill)
	name, had := private(clean(full, maxSkill))
	s := spelling{name: name, key: Key(name)}
	switch {
	case had:
		s.problem = "contact details among the skills are not kept"
	case name != full:
		s.problem = "a skill is too long and is cut: " + clean(full, 80)
	}
	if t, ok := Vocabulary().Lookup(name); ok && Key(t.Name) == s.key {
		s.name = t.Name
	}
	if r.spellings == nil {
		r.spellings = map[string]spelling{}
	}
	if len(r.spellings) < maxSpellings {
		r.spellings[strings.Clone(label)] = s
	}
	return s
}

// skill adds one label to an entry, unless the entry has it already.
func (r *report) skill(e *Entry, line int, label string, kind Kind) {
	s := r.spell(strings.TrimSpace(label))
	if s.problem != "" {
		r.add(line, "%s", s.problem)
	}
	if s.name == "" {
		return
	}
	for _, had := range e.Skills {
		if had.Kind != kind || had.Name != s.name && (s.key == "" || r.spell(had.Name).key != s.key) {
			continue
		}
		if had.Name != s.name {
			r.add(line, "%s and %s are one skill", had.Name, s.name)
		}
		return
	}
	if len(e.Skills) >= maxSkills {
		r.add(line, "more than %d skills: %s is not kept", maxSkills, s.name)
		return
	}
	e.Skills = append(e.Skills, Skill{s.name, kind})
}
