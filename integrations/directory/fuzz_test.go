package directory

import (
	"bytes"
	"os"
	"reflect"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

// check fails if an entry breaks what every reader promises.
func check(t *testing.T, entries []Entry, problems []Problem) {
	t.Helper()
	slugs := map[string]bool{}
	for _, e := range entries {
		if e.Name == "" || e.Slug == "" || slugs[e.Slug] || e.Members < 0 {
			t.Errorf("entry without name or slug of its own: %+v", e)
		}
		slugs[e.Slug] = true
		for _, s := range append(e.Names(Service), e.Names(Technology)...) {
			if s == "" || s != clean(s, maxSkill) {
				t.Errorf("skill %q", s)
			}
		}
		for _, s := range []string{e.Name, e.Town, e.About, e.Source, e.Website} {
			if s != clean(s, 1000) || !utf8.ValidString(s) || anEmail.MatchString(s) && s != e.Website {
				t.Errorf("text %q of %+v", s, e)
			}
		}
	}
	for _, p := range problems {
		if anEmail.MatchString(p.Text) || p.Text == "" || p.Text != clean(p.Text, 10_000) || p.Line < 0 {
			t.Errorf("problem %+v", p)
		}
	}
	var b bytes.Buffer
	if err := WriteMarkdown(&b, entries); err != nil {
		t.Error(err)
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add(SampleCSV[:2000])
	f.Add([]byte("name,location,services\nA,\"1 Road, Leeds\",\"'=x; b; B\"\n\"q"))
	f.Add([]byte("\xEF\xBB\xBFname;website\r\n\u202Ea;a.coop\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, problems, err := ReadCSV(bytes.NewReader(data))
		if err != nil {
			return
		}
		check(t, entries, problems)
		var b bytes.Buffer
		if err := WriteCSV(&b, entries); err != nil {
			t.Fatal(err)
		}
		again, _, err := ReadCSV(&b)
		if err != nil || len(entries)+len(again) > 0 && !reflect.DeepEqual(again, entries) {
			t.Errorf("%v\nfirst  %+v\nsecond %+v", err, entries, again)
		}
	})
}

func FuzzReadMarkdown(f *testing.F) {
	seed, err := os.ReadFile("testdata/site/_coops/weavers.md")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed, []byte("---\nname: Film\n---\n"))
	f.Add([]byte("---\nname: &a [*a]\n---\n"), []byte("---\n{}\n---"))
	f.Fuzz(func(t *testing.T, coop, word []byte) {
		entries, problems, err := ReadMarkdown(fstest.MapFS{"_coops/a.md": {Data: coop}, "_coops/.b.md": {Data: word}, "_services/film.md": {Data: word}})
		if err != nil {
			t.Fatal(err)
		}
		if len(entries)+len(problems) == 0 {
			t.Error("nothing read and nothing said")
		}
		check(t, entries, problems)
	})
}

func FuzzReadHTML(f *testing.F) {
	for _, name := range []string{"pages/co-op/weavers/index.html", "pages/co-op/potters.html", "pages/index.html", "pages/service/hosting.html", "today/co-op/weavers.html"} {
		seed, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, problems, err := ReadHTML(bytes.NewReader(data))
		if err == nil && len(entries)+len(problems) == 0 {
			t.Error("nothing read and nothing said")
		}
		check(t, entries, problems)
	})
}

func FuzzReadCoophub(f *testing.F) {
	seed, err := os.ReadFile("testdata/cooperatives.yml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, problems, err := ReadCoophub(bytes.NewReader(data))
		if err == nil {
			check(t, entries, problems)
		}
	})
}
