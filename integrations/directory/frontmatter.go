package directory

import (
	"bytes"
	"errors"
	"html"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxFront is the longest front matter read, in bytes.
const maxFront = 128 << 10

// matter is the front matter of one file: its keys in lower case, and the
// prose after it.
type matter struct {
	*report
	keys map[string]*yaml.Node
	body string
}

// front takes a file apart. A file that does not begin with a line of three
// hyphens has no front matter, which is an error here.
func (r *report) front(data []byte) (matter, error) {
	m := matter{report: r, keys: map[string]*yaml.Node{}}
	head, rest, _ := bytes.Cut(data, []byte("\n"))
	if string(bytes.TrimRight(head, " \t\r")) != "---" {
		return m, errors.New("no front matter")
	}
	end := endOfFront(rest)
	if end < 0 {
		return m, errors.New("the front matter has no end (a line of three hyphens)")
	}
	if end > maxFront {
		return m, errors.New("the front matter is too long")
	}
	_, body, _ := bytes.Cut(rest[end:], []byte("\n"))
	m.body = string(body)
	var doc yaml.Node // nodes keep line numbers, and aliases in them are never multiplied
	if err := yaml.Unmarshal(rest[:end], &doc); err != nil {
		return m, err
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return m, errors.New("the front matter has no keys")
	}
	m.index(doc.Content[0])
	return m, nil
}

var inLine = regexp.MustCompile(`^yaml: line (\d+): `)

// yamlLine takes the line out of an error about front matter, counted from the
// beginning of the file; 0 if it names none.
func yamlLine(err error) (int, string) {
	text := err.Error()
	m := inLine.FindStringSubmatch(text)
	if m == nil {
		return 0, text
	}
	n, _ := strconv.Atoi(m[1])
	text = text[len(m[0]):]
	if strings.HasPrefix(text, "did not find expected") { // yaml.v3 counts these from 0, others from 1
		n++
	}
	return n + 1, text
}

// endOfFront returns where the closing line begins, or -1.
func endOfFront(b []byte) int {
	for at := 0; at < len(b); {
		line, _, _ := bytes.Cut(b[at:], []byte("\n"))
		if t := string(bytes.TrimRight(line, " \t\r")); t == "---" || t == "..." {
			return at
		}
		at += len(line) + 1
	}
	return -1
}

func (m matter) index(n *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := strings.ToLower(strings.TrimSpace(n.Content[i].Value))
		if _, twice := m.keys[k]; twice {
			m.add(n.Content[i].Line+1, "%s stands there twice; the first is read", k)
			continue
		}
		m.keys[k] = n.Content[i+1]
	}
}

// text returns the value of a key as one string, with HTML entities as the
// characters they stand for, and its line.
func (m matter) text(key string) (string, int) {
	n := m.keys[key]
	if n == nil {
		return "", 0
	}
	if n.Kind != yaml.ScalarNode {
		m.add(n.Line+1, "%s is not a single value; not read", key)
		return "", 0
	}
	return scalar(n), n.Line + 1
}

// item is one value of a list with its line.
type item struct {
	text string
	line int
}

// list returns the values of a key: a YAML list, or one line with commas.
func (m matter) list(key string) (items []item) {
	n := m.keys[key]
	switch {
	case n == nil:
	case n.Kind == yaml.ScalarNode:
		for _, v := range strings.Split(scalar(n), ",") {
			items = append(items, item{strings.TrimSpace(v), n.Line + 1})
		}
	case n.Kind == yaml.SequenceNode:
		for _, v := range n.Content {
			if v.Kind != yaml.ScalarNode {
				m.add(v.Line+1, "%s holds something that is not a word; not read", key)
				continue
			}
			items = append(items, item{scalar(v), v.Line + 1})
		}
	default:
		m.add(n.Line+1, "%s is not a list; not read", key)
	}
	return items
}

// scalar returns a single value as text; null is empty.
func scalar(n *yaml.Node) string {
	if n.Tag == "!!null" {
		return ""
	}
	return strings.TrimSpace(html.UnescapeString(n.Value))
}
