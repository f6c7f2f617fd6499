// Package directory reads a list of co-ops, with their skills, from the forms
// in which a network keeps it, and writes it back.
//
// Four forms are read into one shape, [Entry]: a CSV file in the columns of the
// sample ([ReadCSV]), the website's markdown with YAML front matter
// ([ReadMarkdown]), its HTML pages of each design ([ReadHTML], [ReadHTMLPages])
// and coophub's cooperatives.yml ([ReadCoophub]). [Read] picks by what it is
// given. Beside them lie the two tables that make a list searchable: the
// [Vocabulary] and the towns ([Town]).
//
// Whatever a reader leaves out or is unsure about comes back as a [Problem].
// People, e-mail addresses, telephone numbers and street addresses are not
// kept: a place is a town at the finest.
package directory

import "time"

// Status says how a directory knows a co-op.
type Status string

const (
	Listed    Status = "listed"    // on the public list
	Former    Status = "former"    // was on it; "delisted" in the CSV
	Mentioned Status = "mentioned" // known by name, never listed
)

// Kind tells the two lists of a directory apart.
type Kind string

const (
	Service    Kind = "service"    // what a co-op does for others
	Technology Kind = "technology" // what it does it with
)

// Skill is one label of an entry, as the directory writes it.
type Skill struct {
	Name string
	Kind Kind
}

// Entry is one co-op.
type Entry struct {
	Name       string
	Slug       string // unique within one list, case-insensitively: "agile-collective"
	Website    string // http or https, or empty
	Town       string // "Oxford", also "virtual" or "Scotland"; see [NoPlace]
	Status     Status
	DelistedOn time.Time // midnight UTC, zero if unknown
	Members    int       // 0 if unknown
	Skills     []Skill   // in the order of the source, services first
	SkillsAsOf time.Time // when the skills were last stated; zero if the source does not say
	About      string    // one line in the co-op's words; coophub only
	Source     string    // where it was read: "_coops/autonomic.md"
}

// Names returns the names of the skills of one kind, in order.
func (e Entry) Names(kind Kind) []string {
	var names []string
	for _, s := range e.Skills {
		if s.Kind == kind {
			names = append(names, s.Name)
		}
	}
	return names
}

// Problem is something a reader left out, changed or was unsure about, said so
// that the person who keeps the list can mend it.
type Problem struct {
	File string // relative to what was read; empty for a stream
	Line int    // from 1; 0 if no one line is to blame
	Text string // "no website", safe to show: control characters are gone
}

// String returns "file:line: text", without the parts that are unknown.
func (p Problem) String() string { return problemText(p) }
