package directory

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// testdata/pages are pages of the two designs before December 2025.
func TestReadHTMLPagesBefore(t *testing.T) {
	entries, problems, err := ReadHTMLPages(os.DirFS("testdata/pages"))
	compare(t, show(t, entries, problems, err), `
Potters & Co,http://potters.example,Hastings,listed,,,Printing,Drupal,,potters,co-op/potters.html
Principle Six,,,listed,,,Hosting,,,principle_six,service/hosting.html
Smith's Forge,,Sheffield,listed,,,,,,smiths,index.html
The Weavers,https://weavers.example/,Oxford,listed,,,Analytics; Idea generation; Hosting,C#; Bash,,weavers,co-op/weavers/index.html
about.html: no co-op on this page
co-op/weavers/index.html: The Weavers: 1 blank entries under services: the site did not know the words
index.html: the page counts 28 co-ops and shows 2`)
}

// testdata/today are pages of the design since.
func TestReadHTMLPagesToday(t *testing.T) {
	entries, problems, err := ReadHTMLPages(os.DirFS("testdata/today"))
	compare(t, show(t, entries, problems, err), `
Principle Six,,,listed,,,,,,principle_six,co-op/principle_six.html
Sepheo,,,listed,,,,,,sepheo,index.html
The Weavers,https://weavers.example/,Newcastle upon Tyne,listed,,,,,,weavers,co-op/weavers.html
co-op/weavers.html: The Weavers: the town (Newcastle upon Tyne) is taken from the text`)
}

// A single page, without a file name: the slug is the logo's text.
func TestReadHTMLPage(t *testing.T) {
	for _, tt := range []struct{ file, want string }{
		{"pages/co-op/weavers/index.html", "The Weavers,https://weavers.example/,Oxford,listed,,,Analytics; Idea generation,C#; Bash,,weavers,\n" +
			"The Weavers: 1 blank entries under services: the site did not know the words"},
		{"pages/co-op/potters.html", "Potters & Co,http://potters.example,Hastings,listed,,,Printing,,,potters,"},
		{"pages/service/hosting.html", "The Weavers,,,listed,,,Hosting,,,weavers,\nPrinciple Six,,,listed,,,Hosting,,,principle_six,"},
		{"pages/technology/drupal.html", "Potters & Co,,,listed,,,,Drupal,,potters,"},
		{"today/co-op/principle_six.html", "Principle Six,,,listed,,,,,,principle_six,"},
		{"today/index.html", "The Weavers,,,listed,,,,,,weavers,\nSepheo,,,listed,,,,,,sepheo,"},
		{"pages/about.html", "no co-op on this page"},
	} {
		t.Run(tt.file, func(t *testing.T) {
			entries, problems, err := ReadHTML(open(t, "testdata/"+tt.file))
			compare(t, show(t, entries, problems, err), tt.want)
		})
	}
}

func TestReadHTMLOddities(t *testing.T) {
	for _, tt := range []struct{ what, in, want string }{
		{"a link that is no website, a name of markup", `<section class="coop-info-box"><h2>&lt;b&gt;Acme&lt;/b&gt; ` + "\u202E" + `</h2><a class="btn" href="javascript:alert(1)">x</a></section>`,
			"<b>Acme</b>,,,listed,,,,,,b-acme-b,\nnot a website address: javascript:alert(1)"},
		{"no name", `<link rel="canonical" href="https://directory.example/co-op/the-smiths/"><section class="coop-info-box"><h2> </h2><a class="btn" href="https://smiths.example">x</a></section>`,
			"The smiths,https://smiths.example,,listed,,,,,,the-smiths,https://directory.example/co-op/the-smiths/\nno name; called The smiths after its address"},
		{"skills without links", `<section class="slice"><h1 class="slice_title">Acme</h1></section><h2 id="services">Services</h2><ul><li>Film</li></ul><h2 id="tech">T</h2><ul><li>PHP</li></ul>`,
			"Acme,,,listed,,,Film,PHP,,acme,"},
		{"a blank label with an address", `<section class="slice"><h1 class="slice_title">Acme</h1></section><h2 id="tech">T</h2><ul><li><a href="/technology/c"></a></li></ul>`,
			"Acme,,,listed,,,,C#,,acme,"},
		{"not closed", `<section class="coop-info-box"><h2>Acme`, "Acme,,,listed,,,,,,acme,"},
		{"a grid twice", `<a href="/co-op/acme"><img alt="Acme"></a><a href="/co-op/ACME"><img alt="Acme"></a>`, "Acme,,,listed,,,,,,acme,"},
		{"an empty page", "", "no co-op on this page"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			entries, problems, err := ReadHTML(strings.NewReader(tt.in))
			compare(t, show(t, entries, problems, err), tt.want)
		})
	}
}

func TestReadHTMLDeep(t *testing.T) {
	deep := strings.Repeat("<div>", 200_000) + `<a href="/co-op/acme"><img alt="Acme"></a>`
	entries, problems, err := ReadHTML(strings.NewReader(deep))
	if err == nil && len(entries)+len(problems) == 0 {
		t.Error("a page of 200,000 nested elements: nothing read and nothing said")
	}
}

func TestReadHTMLTooLarge(t *testing.T) {
	_, _, err := ReadHTML(strings.NewReader(strings.Repeat("x", maxPage+1)))
	if err == nil || err.Error() != "directory: read html: too large: more than 4 MiB" {
		t.Errorf("a page that is too large: %v", err)
	}
	if _, _, err := ReadHTMLPages(fstest.MapFS{"a.png": {}}); err == nil || err.Error() != "directory: read html: no .html file in the folder" {
		t.Errorf("a folder without pages: %v", err)
	}
}
