package main

import (
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "git.coop/cotech/wortley"

// A goPackage is what go list says of a package.
type goPackage struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

// folder is the package's path within the module, "" for others' packages.
func folder(path string) string {
	rest, ok := strings.CutPrefix(path, module+"/")
	if !ok {
		return ""
	}
	return rest
}

func listed(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-tags", "goolm", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = "../.."
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all = append(all, p)
	}
}

// A layer says what its packages may import of ours, as patterns of folders.
// A package may always import what lies below it.
type layer struct{ who, may string }

// layers is the picture of bot/doc.go as a table: the first line that matches
// a package holds for it.
var layers = []layer{
	{`cmd/.*`, `.*`},
	{`commands`, `bot|storage|commands/[^/]+`},
	{`commands/.*`, `bot|bot/when|bot/money|storage|integrations/[^/]+`},
	{`bot/(when|money)`, ``},
	{`bot/bottest`, `bot|storage`},
	{`bot/matrix/(synthetic|dendritetest|child)(/.*)?`, `.*`}, // only tests stand on them, see onlyForTests
	{`bot/discourse/discoursetest(/.*)?`, `.*`},
	{`bot/[^/]+(/.*)?`, `bot|bot/when|bot/money|integrations/[^/]+`},
	{`bot`, `bot/when|bot/money`},
	{`storage`, `bot|bot/when|bot/money`},
	{`integrations/.*`, ``},
}

// inTests is what tests may import beside that: a player of conversations, a
// real database, the list of features.
const inTests = `bot|bot/.*|storage|commands|integrations/.*`

// onlyForTests are packages that a program never contains.
var onlyForTests = regexp.MustCompile(`^(bot/matrix/(synthetic|dendritetest|child)|bot/discourse/discoursetest)(/.*)?$`)

func matches(pattern, s string) bool {
	return pattern != "" && regexp.MustCompile("^("+pattern+")$").MatchString(s)
}

func TestImportsFollowTheLayers(t *testing.T) {
	packages := listed(t)
	if len(packages) < 10 {
		t.Fatalf("go list knows only %d packages", len(packages))
	}
	for _, p := range packages {
		who := folder(p.ImportPath)
		i := slices.IndexFunc(layers, func(l layer) bool { return matches(l.who, who) })
		if i < 0 {
			t.Errorf("%s belongs to no layer", who)
			continue
		}
		for _, other := range p.Imports {
			if bad := refused(layers[i].may, who, folder(other)); bad {
				t.Errorf("%s imports %s", who, folder(other))
			}
			if onlyForTests.MatchString(folder(other)) && !onlyForTests.MatchString(who) {
				t.Errorf("%s imports %s, which is for tests", who, folder(other))
			}
		}
		for _, other := range append(p.TestImports, p.XTestImports...) {
			if refused(layers[i].may+"|"+inTests, who, folder(other)) {
				t.Errorf("tests of %s import %s", who, folder(other))
			}
		}
	}
}

// refused reports whether a package may not import another of ours.
func refused(may, who, other string) bool {
	if other == "" || other == who || strings.HasPrefix(other, who+"/") {
		return false
	}
	if other == "bot/matrix/testserver" {
		return true // a module of its own, of a real homeserver
	}
	return !matches(may, other)
}

func TestRefused(t *testing.T) {
	for _, tt := range []struct {
		who, other string
		want       bool
	}{
		{"commands/whohas", "commands/about", true},
		{"commands/whohas", "bot/matrix", true},
		{"commands/whohas", "integrations/directory", false},
		{"commands", "commands/whohas", false},
		{"bot", "storage", true},
		{"bot", "bot/when", false},
		{"bot/matrix", "storage", true},
		{"bot/matrix", "bot/matrix/upgrades", false},
		{"storage", "integrations/directory", true},
		{"integrations/directory", "bot", true},
		{"cmd/wortley", "bot/matrix/testserver", true},
		{"cmd/wortley", "commands", false},
	} {
		i := slices.IndexFunc(layers, func(l layer) bool { return matches(l.who, tt.who) })
		if got := refused(layers[i].may, tt.who, tt.other); got != tt.want {
			t.Errorf("refused(%s imports %s) = %v, want %v", tt.who, tt.other, got, tt.want)
		}
	}
}

// Folders are named after what is in them.
func TestFolderNames(t *testing.T) {
	empty := []string{"util", "utils", "common", "helper", "helpers", "types", "model", "models", "internal", "pkg", "misc"}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if d.Name() == ".git" || d.Name() == "testdata" {
			return filepath.SkipDir
		}
		if slices.Contains(empty, d.Name()) {
			t.Errorf("%s says nothing about what is in it", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The top of the tree stays small enough to read at a glance.
func TestTopLevel(t *testing.T) {
	cmd := exec.Command("git", "ls-tree", "--name-only", "HEAD")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Skip("SKIPPED: not a git checkout")
	}
	allowed := []string{"bot", "cmd", "commands", "docs", "integrations", "storage", "Dockerfile", "LICENSE", "Makefile", "README.md", "go.mod", "go.sum"}
	for _, name := range strings.Fields(string(out)) {
		if !strings.HasPrefix(name, ".") && !slices.Contains(allowed, name) {
			t.Errorf("%s does not belong at the top", name)
		}
	}
}

// modernc.org/sqlite works with exactly one version of modernc.org/libc, the
// one its own go.mod names.
func TestLibcIsTheOneSQLiteWants(t *testing.T) {
	have := strings.TrimSpace(goList(t, "-m", "-f", "{{.Version}}", "modernc.org/libc"))
	path := strings.TrimSpace(goList(t, "-m", "-f", "{{.GoMod}}", "modernc.org/sqlite"))
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`modernc\.org/libc (\S+)`).FindStringSubmatch(string(text))
	if want == nil || want[1] != have {
		t.Errorf("modernc.org/libc is %s, sqlite wants %v", have, want)
	}
}

func goList(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	return string(out)
}
