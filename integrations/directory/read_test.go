package directory

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDetectAndRead(t *testing.T) {
	dir := t.TempDir()
	save := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, tt := range []struct {
		path   string
		format Format
		n      int // entries
	}{
		{"coops.csv", CSV, 62},
		{"testdata/site", Markdown, 5},
		{"testdata/site/_coops", Markdown, 5},
		{"testdata/site/_coops/weavers.md", Markdown, 1},
		{"testdata/pages", HTML, 4},
		{"testdata/today", HTML, 3},
		{"testdata/today/co-op", HTML, 2},
		{"testdata/today/index.html", HTML, 2},
		{"testdata/cooperatives.yml", Coophub, 5},
		{save("download", "\xEF\xBB\xBFName,Website\nAcme,acme.coop\n"), CSV, 1},
		{save("page", " <!doctype html><a href='/co-op/a'><img alt='A'></a>"), HTML, 1},
		{save("hub", "a:\n  source: x\n  login: y\n  name: A\n"), Coophub, 1},
		{save("one", "---\nname: A\n---\n"), Markdown, 1},
		{filepath.Dir(save("folder/coops.csv", "name\nA\n")), CSV, 1},
		{filepath.Dir(save("hubfolder/cooperatives.yml", "a:\n  name: A\n")), Coophub, 1},
	} {
		format, err := Detect(tt.path)
		if err != nil || format != tt.format {
			t.Errorf("Detect(%s) = %q, %v, want %q", tt.path, format, err, tt.format)
		}
		entries, _, err := Read(tt.path)
		if err != nil || len(entries) != tt.n {
			t.Errorf("Read(%s): %d entries, %v, want %d", tt.path, len(entries), err, tt.n)
		}
	}
}

// The case studies of the whole site belong to what the folder _coops says.
func TestReadCoopsFolderSeesItsSiblings(t *testing.T) {
	entries, problems, err := Read("testdata/site/_coops")
	if have := show(t, entries, problems, err); !strings.Contains(have, "design-thinking is none of the website's words") || !strings.Contains(have, "Game Design") {
		t.Errorf("_services or _case_studies beside it were not read:\n%s", have)
	}
}

func TestReadNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte("name\n\"\"\nA,b\n,c\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, problems, err := Read(path)
	if err != nil || len(problems) != 1 || problems[0].String() != "list.csv:4: no name; row not read" {
		t.Errorf("problems %q, %v", texts(problems), err)
	}
}

func TestDetectRefuses(t *testing.T) {
	dir := t.TempDir()
	words := filepath.Join(dir, "words.txt")
	if err := os.WriteFile(words, []byte("just some words\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ path, want string }{
		{filepath.Join(dir, "nothing"), "no such file"}, {words, "is no CSV"}, {dir, "is no CSV"}, {os.DevNull, "is no CSV"},
	} {
		if _, _, err := Read(tt.path); err == nil || !strings.HasPrefix(err.Error(), "directory: ") || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Read(%s) = %v, want %s", tt.path, err, tt.want)
		}
	}
}

// A link in a folder from elsewhere must not read the keeper's other files.
func TestReadFollowsNoLinkOut(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret.md")
	site := filepath.Join(dir, "site")
	if err := os.WriteFile(secret, []byte("---\nname: Secret\n---\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(site, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(site, "secret.md")); err != nil {
		t.Skip("no symbolic links here")
	}
	entries, problems, err := Read(site)
	if err != nil || len(entries) != 0 || len(problems) != 1 || !strings.Contains(problems[0].Text, "not read") {
		t.Errorf("%d entries, problems %q, %v; want none and one", len(entries), texts(problems), err)
	}
}

func TestWriteMarkdown(t *testing.T) {
	entries, _, err := ReadCSV(strings.NewReader("name,website,location,status,delisted_on,members,services,technologies,skills_as_of\n" +
		"*Acme* <b>@room</b>,acme.coop,Leeds,listed,,1,Film; [x](y),C#,2025-07-01\nBeta,,virtual,delisted,2024-02-29,20,,,2019-01-01\nGamma,,,mentioned,,,,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteMarkdown(&b, entries); err != nil {
		t.Fatal(err)
	}
	compare(t, b.String(), `# Co-ops

3 co-ops.

## Listed (1)

- **[\*Acme\* \<b\>\@room\</b\>](<https://acme.coop>)**, Leeds, 1 member
  - Services: Film, \[x\](y)
  - Technologies: C\#
  - Skills as of 1 July 2025

## Formerly listed (1)

- **Beta**, virtual, 20 members, listed until 29 February 2024

## Mentioned (1)

- **Gamma**`)
}
