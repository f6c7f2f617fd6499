package directory

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// maxFiles bounds the files of one folder.
const maxFiles = 20_000

// Keys of front matter that are known and of which nothing is kept: contact
// details, clients, pictures, the exact position.
var notKept = strings.Fields("email telephone phone twitter github facebook linkedin mastodon instagram clients logo image latitude longitude layout permalink slug")

var readKeys = strings.Fields("name title website members address location town services technologies")

// ReadMarkdown reads the website's source: a folder that holds _coops with a
// file a co-op, or that folder itself. What the lists call hosting or c is
// looked up in _services and _technologies beside _coops, if they are there,
// and else in the vocabulary. Both generations are read; today's files have
// just a name and a website. _case_studies, if there, add the services they
// name to the co-ops they name.
//
// A file whose name begins with a dot is not shown by the site: its co-op is
// read as [Mentioned]. Files carry no date, so SkillsAsOf is zero.
func ReadMarkdown(fsys fs.FS) ([]Entry, []Problem, error) { return readMarkdown(fsys, "") }

// readMarkdown reads one file of the folder only, if only is not empty.
func readMarkdown(fsys fs.FS, only string) ([]Entry, []Problem, error) {
	s := source{fsys: fsys, dir: "_coops"}
	if info, err := fs.Stat(fsys, s.dir); only != "" || err != nil || !info.IsDir() {
		s.dir = "."
	}
	files := []string{only}
	if only == "" {
		s.labels = map[Kind]map[string]string{Service: s.readLabels("_services"), Technology: s.readLabels("_technologies")}
		var err error
		if files, err = s.files(s.dir); err != nil {
			return nil, nil, fmt.Errorf("directory: read markdown: %w", err)
		}
	}
	if len(files) == 0 {
		return nil, nil, errors.New("directory: read markdown: no .md file in the folder")
	}
	for _, f := range files {
		s.coop(f)
	}
	if s.dir == "_coops" {
		s.caseStudies()
	}
	slices.SortStableFunc(s.entries, func(a, b Entry) int { return strings.Compare(a.Slug, b.Slug) })
	return s.entries, s.list(), nil
}

// source is the source of the website while it is read.
type source struct {
	book
	fsys   fs.FS
	dir    string
	labels map[Kind]map[string]string // slug in lower case → label; nil without the folder
}

// files returns the markdown files of a folder: plain names first, then those
// with capitals (which lose against the same name without), hidden ones last.
func (s *source) files(dir string) (names []string, err error) {
	all, err := fs.ReadDir(s.fsys, dir)
	if err != nil {
		return nil, err
	}
	other := 0
	for _, d := range all {
		ext := strings.ToLower(path.Ext(d.Name()))
		switch {
		case d.IsDir():
		case ext != ".md" && ext != ".markdown":
			other++
		case len(names) >= maxFiles:
			s.add(0, "more than %d files: %s is not read", maxFiles, d.Name())
		default:
			names = append(names, path.Join(dir, d.Name()))
		}
	}
	if other > 0 {
		s.file = dir
		s.add(0, "%d files are not markdown (pictures?); not read", other)
	}
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	return names, nil
}

func rank(name string) int {
	base := path.Base(name)
	switch {
	case base[0] == '.':
		return 2
	case base != strings.ToLower(base):
		return 1
	}
	return 0
}

// open reads one file and takes it apart; ok is false if it cannot be, which
// is then noted.
func (s *source) open(name string) (m matter, ok bool) {
	s.file = name
	f, err := s.fsys.Open(name)
	if err != nil {
		s.add(0, "not read: %s", err.Error())
		return m, false
	}
	defer f.Close()
	data, err := s.slurp(f, maxPage)
	if err == nil {
		m, err = s.front(data)
	}
	if err != nil {
		line, text := yamlLine(err)
		s.add(line, "not read: %s", text)
	}
	return m, err == nil
}

// stem returns the file's name in lower case without folder, dot and ending.
func stem(file string) string {
	base := strings.TrimPrefix(path.Base(file), ".")
	return strings.ToLower(strings.TrimSuffix(base, path.Ext(base)))
}

func (s *source) coop(file string) {
	m, ok := s.open(file)
	if !ok {
		return
	}
	e := Entry{Status: Listed, Source: whence(strings.TrimPrefix(file, "./"))}
	e.Name = m.coopName(stem(file))
	e.Slug = slugOr(stem(file), e.Name)
	if text, line := m.text("website"); text != "" {
		e.Website = m.website(line, text)
	}
	m.noSite(0, e)
	if text, line := m.text("members"); text != "" {
		e.Members = m.members(line, text)
	}
	e.Town = m.place()
	m.prose(0, &e, m.body)
	for _, list := range []struct {
		key  string
		kind Kind
	}{{"services", Service}, {"technologies", Technology}} {
		for _, i := range m.list(list.key) {
			s.skill(&e, i.line, s.label(i, list.key, list.kind), list.kind)
		}
	}
	m.unknownKeys()
	if path.Base(file)[0] == '.' {
		e.Status = Mentioned
		s.add(0, "the site does not show a file that begins with a dot; %s is read as mentioned", e.Name)
	}
	s.put(0, e)
}

// coopName returns the name, else the title, else what the file is called.
func (m matter) coopName(slug string) string {
	name, line := m.text("name")
	title, titleLine := m.text("title")
	switch {
	case name == "" && title == "":
		name = upperFirst(strings.NewReplacer("-", " ", "_", " ").Replace(slug))
		m.add(0, "no name; called %s after its file", name)
	case name == "":
		name, line = title, titleLine
	case title != "" && clean(title, maxName) != clean(name, maxName):
		m.add(titleLine, "the title (%s) is not the name (%s); the name is kept", title, name)
	}
	if name = m.name(line, name); name == "" {
		name = slug
	}
	return name
}

// place returns the town, from its own key or the end of the address.
func (m matter) place() string {
	for _, key := range []string{"town", "location"} {
		if text, line := m.text(key); text != "" {
			return m.town(line, text)
		}
	}
	text, line := m.text("address")
	if text == "" {
		return ""
	}
	p, ok := TownIn(text)
	if !ok {
		m.add(line, "no town that is known here in the address")
	}
	return p.Name
}

func (m matter) unknownKeys() {
	var unknown []string
	for k := range m.keys {
		if !slices.Contains(readKeys, k) && !slices.Contains(notKept, k) {
			unknown = append(unknown, k)
		}
	}
	slices.Sort(unknown)
	for _, k := range unknown {
		m.add(m.keys[k].Line+1, "%s is not kept", k)
	}
}
