package directory

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// show writes what a reader returned as text: entries as CSV without the
// headings, then the problems.
func show(t *testing.T, entries []Entry, problems []Problem, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteCSV(&b, entries); err != nil {
		t.Fatal(err)
	}
	_, rows, _ := strings.Cut(strings.ReplaceAll(b.String(), "\r\n", "\n"), "\n")
	return rows + strings.Join(texts(problems), "\n")
}

func compare(t *testing.T, have, want string) {
	t.Helper()
	have, want = strings.TrimSpace(have), strings.TrimSpace(want)
	if have != want {
		t.Errorf("%s\n--- have\n%s\n--- want\n%s", firstDifference(have, want), have, want)
	}
}

func open(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}
