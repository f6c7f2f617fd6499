// Package bottest plays conversation files: documentation, test and bug
// report in one. It has a chat server in memory, a false clock, and a bot on
// a real SQLite file.
package bottest

import (
	"fmt"
	"regexp"
	"strings"
)

// A step is one line of a conversation file, with the lines that belong to it.
type step struct {
	line int
	raw  []string // as written, continuation lines included
	kind stepKind

	who   string // speaker
	place string // "#csd", "@bot", ""
	op    string // "", "re", "~", "x", "+", "-"
	emoji string
	words string // the quoted words that point at a message
	text  string
	args  []string // of a directive
}

type stepKind int

const (
	nothing stepKind = iota // blank or comment
	directive
	clock // == …
	life  // restart, down, up, topic
	person
	botSays
)

var directives = map[string]bool{"clock": true, "import": true, "person": true, "role": true, "room": true, "set": true}

// spoken matches a line that somebody says or does.
var spoken = regexp.MustCompile(`^([\pL][\pL\pN_-]*)((?: [#@][^\s:]+)?)((?: \[[^\]]*\])?)((?: (?:re|~|x|\+ \S+|- \S+) "[^"]*")?)(?::(?: (.*))?)?$`)

// parse reads a conversation file.
func parse(text string) ([]step, error) {
	var steps []step
	for n, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		line = strings.TrimRight(line, " \t\r")
		if strings.HasPrefix(line, "  ") && len(steps) > 0 && steps[len(steps)-1].kind >= person {
			s := &steps[len(steps)-1]
			s.raw = append(s.raw, line)
			s.text += "\n" + continued(line)
			continue
		}
		s, err := parseLine(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
		s.line, s.raw = n+1, []string{line}
		steps = append(steps, s)
	}
	return steps, nil
}

func continued(line string) string {
	line = line[2:]
	if strings.TrimSpace(line) == "." {
		return ""
	}
	return line
}

func parseLine(line string) (step, error) {
	if line == "" || strings.HasPrefix(line, "#") {
		return step{kind: nothing}, nil
	}
	if rest, ok := strings.CutPrefix(line, "=="); ok {
		return step{kind: clock, text: strings.TrimSpace(rest)}, nil
	}
	word, _, _ := strings.Cut(line, " ")
	switch {
	case directives[word]:
		args, err := fields(line)
		return step{kind: directive, args: args}, err
	case word == "restart" || word == "down" || word == "up" || word == "topic":
		args, err := fields(line)
		return step{kind: life, args: args}, err
	}
	return parseSpoken(line)
}

func parseSpoken(line string) (step, error) {
	m := spoken.FindStringSubmatch(line)
	if m == nil {
		return step{}, fmt.Errorf("not understood: %q", line)
	}
	s := step{kind: person, who: m[1], place: strings.TrimSpace(m[2]), text: m[5]}
	if s.who == "bot" {
		s.kind = botSays
	}
	if op := strings.TrimSpace(m[4]); op != "" {
		head, quoted, _ := strings.Cut(op, ` "`)
		s.words = strings.TrimSuffix(quoted, `"`)
		s.op, s.emoji, _ = strings.Cut(head, " ")
	}
	return s, nil
}

// fields splits a directive at spaces, keeping quoted words together.
func fields(line string) ([]string, error) {
	var all []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if line[0] == '"' {
			end := strings.IndexByte(line[1:], '"')
			if end < 0 {
				return nil, fmt.Errorf("a quote is not closed: %q", line)
			}
			all, line = append(all, line[1:end+1]), line[end+2:]
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		all, line = append(all, word), rest
	}
	return all, nil
}
