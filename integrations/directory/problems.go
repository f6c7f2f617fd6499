package directory

import (
	"fmt"
	"strings"
)

// maxProblems bounds the report of one reading; what comes after is counted.
const maxProblems = 2000

// report gathers the problems of one reading.
type report struct {
	file      string // named in the problems added from here on
	problems  []Problem
	more      int                 // beyond maxProblems
	spellings map[string]spelling // labels seen so far
}

// add notes a problem. Values from outside belong in args: strings are cleaned
// and cut there.
func (r *report) add(line int, format string, args ...any) {
	if len(r.problems) >= maxProblems {
		r.more++
		return
	}
	for i, a := range args {
		if s, ok := a.(string); ok {
			if args[i] = clean(anEmail.ReplaceAllString(clean(s, 80), "(e-mail)"), 80); args[i] == "" {
				args[i] = `""`
			}
		}
	}
	r.problems = append(r.problems, Problem{clean(r.file, 200), line, fmt.Sprintf(format, args...)})
}

// list returns what was gathered, with a last line for what did not fit.
func (r *report) list() []Problem {
	if r.more > 0 {
		r.problems = append(r.problems, Problem{Text: fmt.Sprintf("and %d more problems", r.more)})
		r.more = 0
	}
	return r.problems
}

func problemText(p Problem) string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File + ":")
	}
	switch {
	case p.Line > 0 && p.File != "":
		fmt.Fprintf(&b, "%d:", p.Line)
	case p.Line > 0:
		fmt.Fprintf(&b, "line %d:", p.Line)
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	b.WriteString(p.Text)
	return b.String()
}
