package directory

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// testdata/site is the website's source with every oddity that its real files
// have had: both generations of front matter, words without a file, empty
// keys, slugs that are not their label, a hidden file, pictures among words.
func TestReadMarkdownSite(t *testing.T) {
	entries, problems, err := ReadMarkdown(os.DirFS("testdata/site"))
	compare(t, show(t, entries, problems, err), `
empty Keys,,Dundee,listed,,,,Drupal,,empty_keys,_coops/empty_keys.md
Hidden,https://hidden.example,,mentioned,,,Hosting,,,hidden,_coops/.hidden.md
Today & Tomorrow,http://today.example,,listed,,,,,,today,_coops/today.md
Today Again,https://www.today.example/,,listed,,,,,,today-again,_coops/today-again.md
The Weavers,https://weavers.example/,Oxford,listed,,12,Analytics; Branding and Identity; Idea generation; Information Security; Web apps; 3D websites; Design thinking; Game Design,C#; .NET; RDF; Django; Lambda; Bash; Elixir,,weavers,_coops/weavers.md
_technologies: 1 files are not markdown (pictures?); not read
_coops/broken.md: not read: yaml: mapping values are not allowed in this context
_coops/empty_keys.md:2: the title (Empty keys) is not the name (empty Keys); the name is kept
_coops/empty_keys.md: empty Keys: no website
_coops/empty_keys.md: empty Keys: the town (Dundee) is taken from the text
_coops/prose.md: not read: no front matter
_coops/today.md: Today & Tomorrow has the same website as Today Again: one co-op or two?
_coops/weavers.md: The Weavers: the text says team of 18, the number of members is 12; the number is kept
_coops/weavers.md:20: services: web apps is none of the website's words; kept as it is
_coops/weavers.md:21: services: 3d websites is none of the website's words; kept as it is
_coops/weavers.md:22: services: design-thinking is none of the website's words; kept as it is
_coops/weavers.md:31: technologies: elixir is none of the website's words; kept as it is
_coops/.hidden.md: the site does not show a file that begins with a dot; Hidden is read as mentioned
_case_studies/a_game.md:6: no co-op called Nobody`)
}

// Without the folders beside it the vocabulary knows the website's words.
func TestReadMarkdownFolderAlone(t *testing.T) {
	entries, problems, err := ReadMarkdown(os.DirFS("testdata/site/_coops"))
	have := show(t, entries, problems, err)
	want := "The Weavers,https://weavers.example/,Oxford,listed,,12,Analytics; Branding and Identity; Idea generation; Information Security; Web apps; 3D websites; Design thinking,C#; .NET; RDF; Django; Lambda; Bash; Elixir,,weavers,weavers.md\n"
	if !strings.Contains(have, want) || strings.Contains(have, "none of the website's words") {
		t.Errorf("have\n%s\nwant among it\n%s", have, want)
	}
}

func TestReadMarkdownFiles(t *testing.T) {
	for _, tt := range []struct {
		what  string
		files map[string]string
		want  string
	}{
		{"names that differ by case", map[string]string{"ACME.md": "---\nname: Old\n---\n", "acme.md": "---\nname: Acme\nwebsite: acme.coop\n---\n"}, `
Acme,https://acme.coop,,listed,,,,,,acme,acme.md
ACME.md: Old: no website
ACME.md: Old: the same slug (acme) as Acme; read once`},
		{"hidden twin", map[string]string{".acme.md": "---\nname: Acme\nwebsite: acme.coop\n---", "acme.md": "---\nname: Acme\nwebsite: acme.coop\n---"}, `
Acme,https://acme.coop,,listed,,,,,,acme,acme.md
.acme.md: the site does not show a file that begins with a dot; Acme is read as mentioned
.acme.md: Acme: the same slug (acme) as Acme; read once`},
		{"words that differ by case", map[string]string{"_coops/acme.md": "---\nname: Acme\nwebsite: acme.coop\nservices: [FILM, film, Basket, basket]\n---\n",
			"_services/Film.md": "---\ntitle: Films\n---\n", "_services/film.md": "---\nname: Film\n---\n", "_services/nameless.md": "---\nlogo: x\n---\n"}, `
Acme,https://acme.coop,,listed,,,Film; Basket,,,acme,_coops/acme.md
_services/nameless.md: no name
_services/Film.md: differs only by case from the file of Film; not read
_coops/acme.md:4: services: Basket is none of the website's words; kept as it is
_coops/acme.md:4: services: basket is none of the website's words; kept as it is`},
		{"no name, a line of services, a list of websites", map[string]string{"a_few-words.md": "---\nwebsite:\n- acme.coop\nservices: hosting, vr\ntechnologies: {c: yes}\n---\n"}, `
A few words,,,listed,,,Hosting; Vr,,,a_few-words,a_few-words.md
a_few-words.md: no name; called A few words after its file
a_few-words.md:3: website is not a single value; not read
a_few-words.md: A few words: no website
a_few-words.md:5: technologies is not a list; not read`},
		{"windows line ends, keys in capitals, twice and unknown", map[string]string{"acme.md": "\xEF\xBB\xBF---\r\nName: Acme\r\nname: Beta\r\nwebsite: acme.coop\r\nmood: good\r\n---\r\nText.\r\n"}, `
Acme,https://acme.coop,,listed,,,,,,acme,acme.md
acme.md:3: name stands there twice; the first is read
acme.md:5: mood is not kept`},
		{"an address nobody knows, a number in words", map[string]string{"acme.md": "---\nname: Acme\nwebsite: acme.coop\naddress: 1 Road, Nowhere, AB1 2CD\nmembers: a dozen\n---\n"}, `
Acme,https://acme.coop,,listed,,,,,,acme,acme.md
acme.md:5: not a number of members: a dozen
acme.md:4: no town that is known here in the address`},
		{"numbers that agree", map[string]string{"acme.md": "---\nname: Acme\nwebsite: acme.coop\nmembers: 5\n---\nA team of five developers, a group of friends."}, `
Acme,https://acme.coop,,listed,,5,,,,acme,acme.md`},
		{"a location instead of an address", map[string]string{"acme.md": "---\nname: Acme\nwebsite: acme.coop\nlocation: newcastle\n---\n"}, `
Acme,https://acme.coop,Newcastle upon Tyne,listed,,,,,,acme,acme.md`},
		{"no end, no keys, no mapping", map[string]string{"a.md": "---\nname: A\n", "b.md": "---\n---\n", "c.md": "---\n- a\n---\n", "d.md": ""}, `
a.md: not read: the front matter has no end (a line of three hyphens)
b.md: not read: the front matter has no keys
c.md: not read: the front matter has no keys
d.md: not read: no front matter`},
		{"a list that does not end", map[string]string{"a.md": "---\nname: A\nb: [\nc: d\n---\n"}, "a.md:3: not read: did not find expected ',' or ']'"},
		{"values that repeat each other", map[string]string{"a.md": "---\nname: A\nwebsite: a.coop\nx: &x [y, y]\nservices: [*x, *x, film]\n---\n"}, `
A,https://a.coop,,listed,,,Film,,,a,a.md
a.md:5: services holds something that is not a word; not read
a.md:5: services holds something that is not a word; not read
a.md:4: x is not kept`},
		{"markup and direction marks", map[string]string{"a.md": "---\nname: \"<script>alert(1)</script> \\u202EAcme\"\nwebsite: a.coop\nservices: ['<b>film</b>', '@room']\n---\n"}, `
<script>alert(1)</script> Acme,https://a.coop,,listed,,,<b>film</b>; @room,,,a,a.md
a.md:4: services: <b>film</b> is none of the website's words; kept as it is
a.md:4: services: @room is none of the website's words; kept as it is`},
	} {
		t.Run(tt.what, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for name, text := range tt.files {
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
			entries, problems, err := ReadMarkdown(fsys)
			compare(t, show(t, entries, problems, err), tt.want)
		})
	}
}

func TestReadMarkdownTooLarge(t *testing.T) {
	fsys := fstest.MapFS{
		"long.md":  {Data: []byte("---\nname: " + strings.Repeat("x", maxFront) + "\n---\n")},
		"large.md": {Data: make([]byte, maxPage+1)},
		"many.md":  {Data: []byte("---\nname: " + strings.Repeat("n", 300) + "\nwebsite: m.coop\nservices: [" + manyWords(maxSkills+2) + "]\n---\n")},
	}
	entries, problems, err := ReadMarkdown(fsys)
	if err != nil || len(entries) != 1 || len(entries[0].Skills) != maxSkills || entries[0].Name != strings.Repeat("n", maxName) {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	have := strings.Join(texts(problems), "\n")
	for _, want := range []string{"long.md: not read: the front matter is too long", "large.md: not read: too large: more than 4 MiB",
		"many.md:2: a name of more than 120 characters is cut", "many.md:4: more than 500 skills: Word 501 is not kept"} {
		if !strings.Contains(have, want) {
			t.Errorf("problems lack %q", want)
		}
	}
}

func manyWords(n int) string {
	var words []string
	for i := range n {
		words = append(words, fmt.Sprintf("word %d", i+1))
	}
	return strings.Join(words, ", ")
}

func TestReadMarkdownEmpty(t *testing.T) {
	if _, _, err := ReadMarkdown(fstest.MapFS{"logo.png": {}}); err == nil || err.Error() != "directory: read markdown: no .md file in the folder" {
		t.Errorf("a folder without markdown: %v", err)
	}
}
