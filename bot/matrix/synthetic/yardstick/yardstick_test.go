package yardstick

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestReadDirectory(t *testing.T) {
	name := filepath.Join(t.TempDir(), "coops.csv")
	text := "name,services,technologies\nOne Co-op,Design; Web design,Go\n\"Two, Co-op\",,\n"
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var got []string
	err := ReadDirectory(name, func(coop string, skills []string) error {
		got = append(got, fmt.Sprintf("%s %q", coop, skills))
		return nil
	})
	if want := []string{`One Co-op ["Design" "Web design" "Go"]`, `Two, Co-op []`}; err != nil || !slices.Equal(got, want) {
		t.Errorf("read %q, %v; want %q", got, err, want)
	}
	if err := ReadDirectory(name+"x", nil); err == nil {
		t.Error("read a file that is not there")
	}
}

func TestAnswer(t *testing.T) {
	for _, tt := range []struct {
		count int
		names []string
		want  string
	}{
		{0, nil, "Nobody lists Go."},
		{1, []string{"A"}, "Go: 1 co-op\n- A"},
		{3, []string{"A", "B"}, "Go: 3 co-ops\n- A\n- B\nand 1 more"},
	} {
		if got := Answer("Go", tt.count, tt.names); got != tt.want {
			t.Errorf("Answer(%d) = %q, want %q", tt.count, got, tt.want)
		}
	}
}

func TestCommand(t *testing.T) {
	for _, tt := range []struct {
		text, name, about string
		ok                bool
	}{
		{"!whohas web design", "whohas", "web design", true},
		{"!broadcast hello", "broadcast", "hello", true},
		{"!meet", "meet", "", false},
		{"whohas x", "", "", false},
	} {
		name, about, ok := Command(tt.text)
		if ok != tt.ok || ok && (name != tt.name || about != tt.about) {
			t.Errorf("Command(%q) = %q, %q, %t", tt.text, name, about, ok)
		}
	}
}
