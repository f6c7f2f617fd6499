package directory

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Columns are those of the CSV form, in order.
var Columns = []string{"name", "website", "location", "status", "delisted_on", "members",
	"services", "technologies", "skills_as_of", "slug", "source"}

// otherNames are headings that people write for a column.
var otherNames = map[string]string{"co-op": "name", "coop": "name", "url": "website", "site": "website", "town": "location",
	"place": "location", "city": "location", "skills": "services", "as_of": "skills_as_of", "size": "members"}

// ReadCSV reads a directory in the columns of [Columns], in any order; only
// name must be there. Lists are divided by semicolons. Commas, semicolons or
// tabs divide the cells, as the first line does. The error is for an input
// that is no such file at all or cannot be read; a bad row is a [Problem].
func ReadCSV(in io.Reader) ([]Entry, []Problem, error) {
	var b book
	data, err := b.slurp(in, maxCSV)
	if err != nil {
		return nil, nil, fmt.Errorf("directory: read csv: %w", err)
	}
	t := table{book: &b, Reader: newCSV(data)}
	if err := t.head(); err != nil {
		return nil, nil, fmt.Errorf("directory: read csv: %w", err)
	}
	for t.next() {
		t.row()
	}
	return b.entries, b.list(), nil
}

func newCSV(data []byte) *csv.Reader {
	if !bytes.ContainsRune(data, '\n') { // the line ends of old Macs
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	r := csv.NewReader(bytes.NewReader(data))
	first, _, _ := bytes.Cut(data, []byte("\n"))
	for _, c := range []rune{';', '\t'} {
		if bytes.Count(first, []byte(string(c))) > bytes.Count(first, []byte(string(r.Comma))) {
			r.Comma = c
		}
	}
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	return r
}

// table is a CSV file with its headings.
type table struct {
	*book
	*csv.Reader
	column map[string]int
	cells  []string
	line   int
}

func (t *table) head() error {
	cells, err := t.Read()
	if err != nil {
		return fmt.Errorf("no first line with headings: %w", err)
	}
	t.column = map[string]int{}
	for i, c := range cells {
		h := strings.ReplaceAll(strings.ToLower(clean(c, 60)), " ", "_")
		if proper := otherNames[h]; proper != "" {
			h = proper
		}
		_, twice := t.column[h]
		switch {
		case h == "":
		case !slices.Contains(Columns, h):
			t.add(1, "column %s is not kept", c)
		case twice:
			t.add(1, "a second column %s is not kept", c)
		default:
			t.column[h] = i
		}
	}
	if _, ok := t.column["name"]; !ok {
		return errors.New(`the first line has no heading "name"`)
	}
	return nil
}

// next reads the next row that can be read.
func (t *table) next() bool {
	for {
		cells, err := t.Read()
		if err == io.EOF {
			return false
		}
		if bad := (*csv.ParseError)(nil); errors.As(err, &bad) {
			text := bad.Err.Error()
			if bad.Line > bad.StartLine {
				text = fmt.Sprintf("a quote that is not closed swallowed lines %d to %d", bad.StartLine, bad.Line)
			}
			t.add(bad.StartLine, "row not read: %s", text)
			continue
		}
		if err != nil {
			t.add(0, "the rest is not read: %s", err.Error())
			return false
		}
		t.cells = cells
		t.line, _ = t.FieldPos(0)
		if slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			return true
		}
	}
}

func (t *table) cell(name string) string {
	i, ok := t.column[name]
	if !ok || i >= len(t.cells) {
		return ""
	}
	return unguard(strings.TrimSpace(t.cells[i]))
}

func (t *table) row() {
	e := Entry{Name: t.name(t.line, t.cell("name"))}
	if e.Name == "" {
		t.add(t.line, "no name; row not read")
		return
	}
	e.Slug = strings.Clone(slugOr(t.cell("slug"), e.Name))
	e.Website = t.website(t.line, t.cell("website"))
	e.Town = t.town(t.line, t.cell("location"))
	e.Status = t.status(t.cell("status"))
	e.DelistedOn = t.date(t.line, t.cell("delisted_on"))
	e.Members = t.members(t.line, t.cell("members"))
	e.SkillsAsOf = t.date(t.line, t.cell("skills_as_of"))
	e.Source = whence(t.cell("source"))
	for _, s := range strings.Split(t.cell("services"), ";") {
		t.skill(&e, t.line, s, Service)
	}
	for _, s := range strings.Split(t.cell("technologies"), ";") {
		t.skill(&e, t.line, s, Technology)
	}
	t.put(t.line, e)
}

func (t *table) status(s string) Status {
	switch strings.ToLower(clean(s, 40)) {
	case "", "listed":
		return Listed
	case "delisted", "former", "removed":
		return Former
	case "mentioned":
		return Mentioned
	}
	t.add(t.line, "status %s is not listed, delisted or mentioned; read as mentioned", s)
	return Mentioned
}

// WriteCSV writes entries in the columns of [Columns], with the line ends of
// RFC 4180. [ReadCSV] reads them back the same, but for About, which has no
// column. A cell that a spreadsheet would run as a formula gets an apostrophe.
func WriteCSV(out io.Writer, entries []Entry) error {
	w := csv.NewWriter(out)
	w.UseCRLF = true
	w.Write(Columns)
	for _, e := range entries {
		row := []string{e.Name, e.Website, e.Town, string(e.Status), isoDate(e.DelistedOn), "",
			strings.Join(e.Names(Service), "; "), strings.Join(e.Names(Technology), "; "), isoDate(e.SkillsAsOf), e.Slug, e.Source}
		if e.Status == Former {
			row[3] = "delisted"
		}
		if e.Members > 0 {
			row[5] = strconv.Itoa(e.Members)
		}
		for i := range row {
			row[i] = guard(row[i])
		}
		w.Write(row)
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("directory: write csv: %w", err)
	}
	return nil
}

func isoDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02")
}

// formula are first characters that spreadsheets act on; the apostrophe is
// there so that unguard takes off exactly what guard put on.
const formula = "=+-@'"

func guard(s string) string {
	if s != "" && strings.IndexByte(formula, s[0]) >= 0 && (s[0] != '\'' || len(s) > 1 && strings.IndexByte(formula, s[1]) >= 0) {
		return "'" + s
	}
	return s
}

func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.IndexByte(formula, s[1]) >= 0 {
		return s[1:]
	}
	return s
}
