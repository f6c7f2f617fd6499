package directory

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestVocabularyKnowsTheSample(t *testing.T) {
	entries, _, err := ReadCSV(bytes.NewReader(SampleCSV))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		for _, s := range e.Skills {
			term, ok := Vocabulary().Lookup(s.Name)
			if !ok {
				t.Errorf("%s: no term for %q", e.Name, s.Name)
				continue
			}
			if Key(term.Name) == Key(s.Name) && (term.Name != s.Name || term.Kind != s.Kind) {
				t.Errorf("%s: %v is written %s (%s) in the vocabulary", e.Name, s, term.Name, term.Kind)
			}
		}
	}
}

// Every word that the network has used for what it does, and what it means.
func TestVocabularyMeans(t *testing.T) {
	for canonical, words := range map[string]string{
		"Sysadmin":                       "sysadmin; system administration; server admin; linux admin; ops",
		"Linux":                          "gnu/linux; Linux",
		"Devops":                         "dev ops; ci; deployment; sre; DevOps",
		"Hosting":                        "web hosting; cloud hosting; managed hosting",
		"Virtual Servers":                "vps; vm; virtual machines",
		"Domain Names":                   "dns; domains; domain registration",
		"Email":                          "mail; mail hosting; mailboxes; e-mail",
		"Information Security":           "it security; infosec; cyber security; it-security",
		"Web Design":                     "website design; websites",
		"Development":                    "software development; web development; programming; coding; web apps; app development; Websites & web apps",
		"Rapid Application Development":  "rad",
		"Prototyping":                    "prototyping",
		"User Research":                  "ux research; user testing; user research & testing; usability",
		"User experience":                "ux; ui; ux/ui; ux design; UX Research & Design",
		"Service design":                 "service design",
		"Idea generation":                "ideation; discovery; design sprint; design thinking; workshops; Discovery & Design Sprint; design sprints & discovery",
		"Branding and Identity":          "branding; brand; visual identity; Branding & Identity; Branding & Creative Content; branding & graphic design",
		"Logo design":                    "logo design",
		"Graphic Design":                 "design; print design",
		"Artwork":                        "artwork",
		"Data visualisation":             "dataviz; data viz; data visualization; charts",
		"SEO":                            "search engine optimisation; search engine optimization; search engine optimisation (SEO)",
		"Generative engine optimisation": "geo; generative engine optimisation (GEO)",
		"Copywriting and translation":    "copywriting; content; translation; editorial; Content Strategy",
		"Document search and retrieval":  "document repositories; search; archives",
		"Business Systems":               "crm; cms/crm; crm solution; CMS / CRM design and development",
		"CiviCRM":                        "civicrm",
		"Database Solutions":             "databases; sql; data integration; complex data integrations; Complex Data Integration",
		"Machine Learning":               "ml; ai; deep learning; custom ai applications",
		"Virtual Reality":                "vr",
		"Augmented Reality":              "ar",
		"Mixed Reality":                  "mr",
		"Extended reality":               "xr; immersive; extended reality",
		"Film":                           "video; filmmaking; film & animation",
		"Printing":                       "print; litho; print production",
		"Risograph":                      "riso; risograph",
		"Community Building":             "community organising; engagement",
		"Facilitation":                   "facilitation; workshop facilitation",
		"Mentoring":                      "coaching; training",
		"Leadership Development":         "leadership",
		"Co-operative development":       "cooperative development; Co-op & Organisational Development",
		"Sociocracy":                     "sociocracy; sociocracy training",
		"Strategy":                       "digital strategy; digital strategy & campaigns",
		"Consultancy":                    "advice",
		"Data standards":                 "open data; schema",
		"JSON Schema":                    "json schema",
		"Node.js":                        "node; nodejs; node js",
		"ReactJS":                        "react; React.js",
		"VueJS":                          "vue; vue.js",
		"ThreeJS":                        "three.js",
		".NET":                           "dotnet; asp.net; .net",
		"C#":                             "csharp; c sharp; C#",
		"C":                              "c",
		"C++":                            "c++",
		"PostgreSQL":                     "postgres",
		"Matomo":                         "piwik",
		"Nextcloud":                      "nextcloud; next cloud",
		"ownCloud":                       "owncloud",
		"Ruby on Rails":                  "rails; ror",
		"HTML/CSS":                       "html; css; htmlcss; HTML & CSS; html and css",
		"Frontend":                       "frontend; front end; front-end",
		"LAMP":                           "lamp",
		"Adobe":                          "adobe",
		"Angular":                        "Angular 1.x",
		"React Native":                   "react native",
		"E-commerce":                     "e-commerce; ecommerce",
		"Learning platforms":             "learning platforms",
		"Accessibility":                  "accessibility & usability training",
		"Webflow":                        "Webflow",
		"Social media marketing":         "social media marketing",
		"Marketing":                      "Digital Marketing & SEO",
		"Analytics":                      "analytics & analysis; Analytics & Performance Insights",
		"Agile contracting":              "agile contracting",
		"Project management":             "project management",
		"Project team shape":             "project team shape",
		"Charging":                       "charging",
		"Pay structures and appraisals":  "pay structures and appraisals",
		"R&D tax credits":                "R&D tax credits",
		"Legal forms":                    "legal forms",
		"Risk registers":                 "risk registers",
		"Company handbooks and policies": "company handbooks and policies",
		"Co-bidding":                     "co-bidding",
		"Anti-oppressive facilitation":   "anti-oppressive facilitation",
		"Console porting":                "console porting",
		"Earth observation":              "Earth observation",
		"Let’s Encrypt":                  "let's encrypt; letsencrypt",
		"3D websites":                    "3d websites",
		"Open Street Map":                "openstreetmap",
		"ISO14001 environmental":         "iso14001",
	} {
		for _, word := range strings.Split(words, "; ") {
			if have := Vocabulary().Canonical(word); have != canonical {
				t.Errorf("Canonical(%q) = %q, want %q", word, have, canonical)
			}
		}
	}
}

func TestVocabularyUnknown(t *testing.T) {
	for _, word := range []string{"", " ", "?!", "basket weaving", "d", "script", strings.Repeat("x", 10_000)} {
		if have := Vocabulary().Canonical(word); have != "" {
			t.Errorf("Canonical(%.20q) = %q, want none", word, have)
		}
	}
}

func TestVocabularyFile(t *testing.T) {
	for _, tt := range []struct{ slug, want string }{
		{"c", "C#"}, {"net", ".NET"}, {"ideation", "Idea generation"}, {"document-repositories", "Document search and retrieval"},
		{"it-security", "Information Security"}, {"seo-optimisation", "SEO"}, {"rdf-2", "RDF"}, {"django-2", "Django"},
		{"django-3", "Django"}, {"aws-lambda", "Lambda"}, {"free-bsd", "FreeBSD"}, {"unity-3d", "Unity 3D"}, {"godot", "Godot Engine"},
		{"branding-and-identity", "Branding and Identity"}, {"rocket-chat", "Rocket.Chat"}, {"lets-encrypt", "Let’s Encrypt"},
		{"coop-cloud", "Co-op Cloud"}, {"htmlcss", "HTML/CSS"}, {"three-js", "ThreeJS"}, {"vue-js", "VueJS"}, {"web apps", ""}, {"elixir", "Elixir"},
	} {
		if have, _ := Vocabulary().File(tt.slug); have.Name != tt.want {
			t.Errorf("File(%q) = %q, want %q", tt.slug, have.Name, tt.want)
		}
	}
}

func TestVocabularyNeighbours(t *testing.T) {
	w := Vocabulary()
	for _, tt := range []struct{ name, want string }{
		{"Adobe", "Illustrator Photoshop InDesign Premiere Pro After Effects Lightroom"},
		{"LAMP", "Linux PHP Apache MySQL Debian Ubuntu CentOS OpenWRT"},
		{"Branding and Identity", "Logo design"},
		{"Hosting", ""},
	} {
		if have := strings.Join(w.Members(tt.name), " "); have != tt.want {
			t.Errorf("Members(%s) = %s, want %s", tt.name, have, tt.want)
		}
	}
	for _, tt := range []struct{ of, is string }{
		{"React Native", "ReactJS"}, {"React Native", "Flutter"}, {"ReactJS", "React Native"}, {"C", "C#"}, {"C#", "C"},
		{"Virtual Servers", "Hosting"}, {"ownCloud", "Nextcloud"}, {"Prototyping", "Rapid Application Development"}, {"Film", "Animation"},
	} {
		if !slices.Contains(w.Related(tt.of), tt.is) {
			t.Errorf("Related(%s) = %q, want %s among them", tt.of, w.Related(tt.of), tt.is)
		}
	}
}

func TestParseVocabularyRefuses(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"A | service | also: x\nB | service | also: X.", `line 2: "X." already means A (line 1)`},
		{"A | service | also: b\nB | service", `line 2: "B" already means A (line 1)`},
		{"A | service | in: B\nB | group | in: A", "line 1: A is its own parent's parent"},
		{"A | service | in: A", `line 1: A points to "A", which is no other skill's name`},
		{"A | service | see: nobody", `line 1: A points to "nobody", which is no other skill's name`},
		{"A | service | file: x\nB | service | file: x", `line 2: file "x" is already that of A`},
		{"A", "line 1: want “Name | kind”"},
		{"A | skill", `line 1: A: kind "skill" is not`},
		{"A | service | aka: b", `line 1: A: "aka: b" is not`},
		{"A | service | also: ?", `line 1: "?" has no letters`},
	} {
		if _, err := ParseVocabulary(strings.NewReader(tt.in)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("ParseVocabulary(%q) = %v, want %s", tt.in, err, tt.want)
		}
	}
}

func TestParseVocabulary(t *testing.T) {
	w, err := ParseVocabulary(strings.NewReader("\uFEFF# words\r\n\r\nWeaving | service | also: looms , | see: Wool\r\nWool | group\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []Term{{Name: "Weaving", Kind: Service, Aliases: []string{"looms"}, Related: []string{"Wool"}, Line: 3}, {Name: "Wool", Kind: Group, Line: 4}}
	if have := w.All(); !reflect.DeepEqual(have, want) {
		t.Errorf("have %+v\nwant %+v", have, want)
	}
}
