package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

type initCmd struct {
	File string `arg:"" optional:"" default:"wortley.yaml" help:"Where to write it; ${default} if left out. A file that is there is never overwritten."`
}

// Run writes a commented configuration.
func (i *initCmd) Run(a *app) error {
	f, err := os.OpenFile(i.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return operatorError{fmt.Errorf("init: %s is there already, and I overwrite nothing", i.File)}
	}
	if err != nil {
		return fmt.Errorf("init: %w", err)
	}
	_, err = f.WriteString(template())
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("init: %w", err)
	}
	fmt.Fprintf(a.out, "Wrote %s. Fill in what stands there without a #, then: wortley doctor\n", i.File)
	return nil
}

const templateHead = `# Wortley's configuration. A setting behind a # has the value that is shown.
#
# Every setting can come from the environment instead, which goes over this
# file: limits.per_person is WORTLEY_LIMITS_PER_PERSON; lists are separated by
# commas. Keep secrets there, or in files that WORTLEY_MATRIX_PASSWORD_FILE and
# the like name.
`

// template is a configuration file with every setting explained.
func template() string {
	var t strings.Builder
	t.WriteString(templateHead)
	open := ""
	for _, s := range documented("hub").settings() {
		in, name := cutLast(s.Key)
		indent := strings.Repeat("  ", strings.Count(s.Key, "."))
		t.WriteString("\n")
		if in != open {
			t.WriteString(groupHead(in))
			open = in
		}
		for _, line := range wrapped(s.Doc, 76-len(indent)) {
			fmt.Fprintf(&t, "%s# %s\n", indent, line)
		}
		mark := "#"
		if s.Shown {
			mark = ""
		}
		fmt.Fprintf(&t, "%s%s%s: %s\n", indent, mark, name, s.example())
	}
	return t.String()
}

// cutLast splits "matrix.user" into the group and the name within it.
func cutLast(key string) (group, name string) {
	i := strings.LastIndex(key, ".")
	return key[:max(i, 0)], key[i+1:]
}

// groupHead opens a group. Those with names are examples, so they are commented out.
func groupHead(group string) string {
	for _, g := range defaults().namedGroups() {
		if name, ok := strings.CutPrefix(group, g.key); ok {
			return fmt.Sprintf("# %s\n#%s:\n  #%s:\n", g.head, strings.TrimSuffix(g.key, "."), name)
		}
	}
	return group + ":\n"
}

// example is the default as YAML, or what it may look like.
func (s setting) example() string {
	switch {
	case s.isList():
		return "[" + s.Default + "]"
	case s.Default == "" && s.Example == "":
		return `""`
	case s.Default == "":
		return s.Example
	}
	return s.Default
}

// wrapped breaks text into lines of at most width characters.
func wrapped(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
