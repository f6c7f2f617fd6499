package bottest

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the bot's lines in conversation files, and other golden files")

// Updating reports whether the tests were asked to rewrite golden files.
func Updating() bool { return *update }

// Run plays every conversation file that matches a pattern, each as a test of
// its own. With -update the bot's lines are rewritten instead of compared.
func (p *Player) Run(t *testing.T, pattern string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversation files match %s (%v)", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			if !*update {
				if err := p.Check(context.Background(), file); err != nil {
					t.Error(err)
				}
				return
			}
			got, _, err := p.Play(context.Background(), file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// Diff returns the lines in which two texts differ, "" if they do not.
func Diff(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	var d strings.Builder
	for _, l := range a {
		d.WriteString("- " + l + "\n")
	}
	for _, l := range b {
		d.WriteString("+ " + l + "\n")
	}
	return d.String()
}
