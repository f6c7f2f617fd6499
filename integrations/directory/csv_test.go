package directory

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestSampleRoundTrip(t *testing.T) {
	entries, problems, err := ReadCSV(bytes.NewReader(SampleCSV))
	if err != nil {
		t.Fatal(err)
	}
	count := map[Status]int{}
	skilled := 0
	for _, e := range entries {
		count[e.Status]++
		if len(e.Skills) > 0 {
			skilled++
		}
	}
	if want := (map[Status]int{Listed: 29, Former: 30, Mentioned: 3}); !reflect.DeepEqual(count, want) || skilled != 51 {
		t.Errorf("statuses %v and %d with skills, want %v and 51", count, skilled, want)
	}
	for _, p := range problems {
		t.Errorf("problem with the sample: %v", p)
	}
	var out bytes.Buffer
	if err := WriteCSV(&out, entries); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), SampleCSV) {
		t.Errorf("the sample does not come back as it was:\n%s", firstDifference(out.String(), string(SampleCSV)))
	}
}

func firstDifference(a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return fmt.Sprintf("line %d\n have %q\n want %q", i+1, as[i], bs[i])
		}
	}
	return fmt.Sprintf("%d lines and %d", len(as), len(bs))
}

func TestReadCSVEntry(t *testing.T) {
	entries, _, err := ReadCSV(bytes.NewReader(SampleCSV))
	if err != nil {
		t.Fatal(err)
	}
	var have Entry
	for _, e := range entries {
		if e.Slug == "we-are-open" {
			have = e
		}
	}
	want := Entry{Name: "We Are Open Co-op", Slug: "we-are-open", Website: "http://weareopen.coop/", Status: Former,
		DelistedOn: time.Date(2026, 3, 19, 0, 0, 0, 0, time.UTC), SkillsAsOf: time.Date(2025, 7, 2, 0, 0, 0, 0, time.UTC),
		Members: 4, Skills: have.Skills, Source: "github.com/cotech/jekyll-website _coops/we-are-open.md @ f8ea5ab"}
	if !reflect.DeepEqual(have, want) {
		t.Errorf("have %+v\nwant %+v", have, want)
	}
	if s := have.Names(Technology); len(s) != 8 || s[5] != "Open Badges" {
		t.Errorf("technologies %q", s)
	}
}

func TestReadCSVRows(t *testing.T) {
	for _, tt := range []struct {
		what, in string
		want     string   // the entries, written as CSV without headings
		problems []string // as they read, in order
	}{
		{"byte order mark and CRLF", "\xEF\xBB\xBFname,website\r\nAcme,acme.coop\r\n",
			"Acme,https://acme.coop,,listed,,,,,,acme,\r\n", nil},
		{"headings in other words and order", "Website,Town,Co-op,Skills\nhttp://acme.coop,oxford,Acme,hosting;vr\n",
			"Acme,http://acme.coop,Oxford,listed,,,Hosting; vr,,,acme,\r\n", nil},
		{"semicolons between cells", "name;members;services\nAcme;7;\"film; seo\"\n",
			"Acme,,,listed,,7,Film; SEO,,,acme,\r\n", nil},
		{"columns of people", "name,email,telephone,address\nAcme,a@acme.coop,0115 496 0000,1 High St\n",
			"Acme,,,listed,,,,,,acme,\r\n", []string{"line 1: column email is not kept", "line 1: column telephone is not kept", "line 1: column address is not kept"}},
		{"a street address in the town", "name,location\nAcme,\"Unit 4, 9 High Street, Leeds, LS1 4AP\"\nBeta,\"9 Nowhere Lane, Little Snoring\"\nGamma,\"Frome, Somerset\"\nDelta,Little Snoring\n",
			"Acme,,Leeds,listed,,,,,,acme,\r\nBeta,,,listed,,,,,,beta,\r\nGamma,,Frome,listed,,,,,,gamma,\r\nDelta,,Little Snoring,listed,,,,,,delta,\r\n",
			[]string{"line 2: only the town (Leeds) is kept of an address", "line 3: an address without a town that is known here: not kept"}},
		{"no place", "name,location\nAcme,virtual\nBeta,remote (UK)\nGamma,Scotland\n",
			"Acme,,virtual,listed,,,,,,acme,\r\nBeta,,remote (UK),listed,,,,,,beta,\r\nGamma,,Scotland,listed,,,,,,gamma,\r\n", nil},
		{"contact details elsewhere", "name,services\nAcme hello@acme.coop,printing; ring 0115 496 0000\n",
			"Acme,,,listed,,,Printing; ring,,,acme,\r\n", []string{"line 2: contact details in a name are not kept", "line 2: contact details among the skills are not kept"}},
		{"an address hidden by a control character", "name,source\nAcme,see a\x01b@acme.coop now\n",
			"Acme,,,listed,,,,,,acme,see now\r\n", nil},
		{"controls and marks that turn the text", "name\nAc\x07me\u202E evil\u202C\u200B\n",
			"Acme evil,,,listed,,,,,,acme-evil,\r\n", nil},
		{"markup is text", "name\n<b>Acme</b> & *Sons*\n",
			"<b>Acme</b> & *Sons*,,,listed,,,,,,b-acme-b-sons,\r\n", nil},
		{"formulas", "name,services\n'=1+1,'+x\n=1+1+1,'plain\n",
			"'=1+1,,,listed,,,'+x,,,1-1,\r\n'=1+1+1,,,listed,,,'plain,,,1-1-1,\r\n", nil},
		{"bad values", "name,website,status,delisted_on,members,skills_as_of\nAcme,javascript:alert(1),asleep,last week,a few,31/07/2025\n",
			"Acme,,,mentioned,,,,,2025-07-31,acme,\r\n",
			[]string{"line 2: not a website address: javascript:alert(1)", "line 2: status asleep is not listed, delisted or mentioned; read as mentioned",
				"line 2: not a date (want 2025-07-31): last week", "line 2: not a number of members: a few"}},
		{"rows that cannot be", "name,website\n,acme.coop\n,\nAcme,\nACME,\nBeta,acme.coop\nGamma,http://www.acme.coop/\n",
			"Acme,,,listed,,,,,,acme,\r\nBeta,https://acme.coop,,listed,,,,,,beta,\r\nGamma,http://www.acme.coop/,,listed,,,,,,gamma,\r\n",
			[]string{"line 2: no name; row not read", "line 5: ACME: the same slug (acme) as Acme; read once",
				"line 7: Gamma has the same website as Beta: one co-op or two?"}},
		{"same name, two slugs", "name,slug\nAcme,acme_1\nacme,acme-2\n",
			"Acme,,,listed,,,,,,acme_1,\r\nacme,,,listed,,,,,,acme-2,\r\n",
			[]string{"line 3: acme (acme-2) has the same name as acme_1: one co-op or two?"}},
		{"a skill twice", "name,services,technologies\nAcme,SEO;seo ;Web  apps,node js;Node.js\n",
			"Acme,,,listed,,,SEO; Web apps,Node.js,,acme,\r\n", nil},
		{"free words that differ by case", "name,services\nAcme,Basket weaving;basket Weaving\n",
			"Acme,,,listed,,,Basket weaving,,,acme,\r\n", []string{"line 2: Basket weaving and basket Weaving are one skill"}},
		{"a broken row between good ones", "name,members\nAcme,2\nBe\"ta,3\nGamma,4\n",
			"Acme,,,listed,,2,,,,acme,\r\nGamma,,,listed,,4,,,,gamma,\r\n", []string{`line 3: row not read: bare " in non-quoted-field`}},
		{"a quote that is not closed", "name,members\nAcme,2\n\"Beta,3\nGamma,4\n",
			"Acme,,,listed,,2,,,,acme,\r\n", []string{"line 3: row not read: a quote that is not closed swallowed lines 3 to 4"}},
		{"Windows-1252", "name\nCamb\xe1 \x93Co\x94\n",
			"Cambá “Co”,,,listed,,,,,,camba-co,\r\n", []string{"not UTF-8; read as Windows-1252"}},
		{"old Mac line ends", "name,members\rAcme,2\r", "Acme,,,listed,,2,,,,acme,\r\n", nil},
		{"short and long rows", "name,website,location\nAcme\nBeta,beta.coop,York,too,much\n",
			"Acme,,,listed,,,,,,acme,\r\nBeta,https://beta.coop,York,listed,,,,,,beta,\r\n", nil},
	} {
		t.Run(tt.what, func(t *testing.T) {
			entries, problems, err := ReadCSV(strings.NewReader(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := WriteCSV(&out, entries); err != nil {
				t.Fatal(err)
			}
			_, rows, _ := strings.Cut(out.String(), "\r\n")
			if rows != tt.want {
				t.Errorf("read %q\nhave %q\nwant %q", tt.in, rows, tt.want)
			}
			if have := texts(problems); !reflect.DeepEqual(have, tt.problems) {
				t.Errorf("problems of %q\nhave %q\nwant %q", tt.in, have, tt.problems)
			}
		})
	}
}

func texts(problems []Problem) []string {
	var s []string
	for _, p := range problems {
		s = append(s, p.String())
	}
	return s
}

func TestReadCSVRefuses(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", "directory: read csv: no first line with headings: EOF"},
		{"coop name\nAcme\n", `directory: read csv: the first line has no heading "name"`},
		{"\xFF\xFEn\x00a\x00", "directory: read csv: the text is UTF-16; save it as UTF-8"},
	} {
		if _, _, err := ReadCSV(strings.NewReader(tt.in)); err == nil || err.Error() != tt.want {
			t.Errorf("ReadCSV(%q) = %v, want %s", tt.in, err, tt.want)
		}
	}
}
