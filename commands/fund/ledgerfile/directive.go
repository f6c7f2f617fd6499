package ledgerfile

import (
	"regexp"
	"strings"
)

// decimalComma finds numbers that are not written as in Britain.
var decimalComma = regexp.MustCompile(`,[0-9]{0,2}$|\..*,`)

var fourDigits = regexp.MustCompile(`^[0-9]{4}$`)

// directive takes a line that begins with a word or sign. Those that cannot change a sum are passed over.
func (r *reader) directive(line string) {
	r.sub = false
	word, rest, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
	rest, comment, _ := strings.Cut(rest, ";")
	rest = strings.TrimSpace(rest)
	if word[0] == 'Y' && fourDigits.MatchString(word[1:]) {
		word, rest = "Y", word[1:]
	}
	switch word {
	case "account":
		r.account(rest, comment)
	case "commodity":
		r.commodity(rest)
	case "D":
		_, r.bare = r.amount(rest)
	case "Y", "year":
		if r.year = rest; !fourDigits.MatchString(rest) || rest == "0000" {
			r.problem("%q is not a year", rest)
		}
	case "decimal-mark":
		if rest != "." {
			r.problem("decimal commas are not read; please write points")
		}
	case "comment", "test":
		r.skipping, r.skipFrom = "end "+word, r.line
	case "payee", "tag", "P":
		r.sub = true
	case "include":
		r.problem("other files are not read; please put everything into one file")
	case "~", "=":
		r.problem("entries that repeat or add themselves (%s) are not read", word)
	default:
		r.problem("I do not understand a line that begins with %q", word)
	}
}

// account keeps the kind that "; type:R" declares.
func (r *reader) account(name, comment string) {
	r.sub = true
	if why := accountTrouble(name); why != "" {
		r.problem("%s", why)
		return
	}
	_, kind, ok := strings.Cut(comment, "type:")
	if !ok {
		return
	}
	kind, _, _ = strings.Cut(strings.TrimSpace(kind), ",")
	k, ok := declared[strings.ToLower(strings.TrimSpace(kind))]
	if !ok {
		r.problem("I do not know the account type %q; there is A, L, E, R and X", kind)
		return
	}
	r.books.Kinds[name] = k
}

// commodity looks only at how numbers are written.
func (r *reader) commodity(format string) {
	r.sub = true
	if m := sum.FindStringSubmatch(format); m != nil && decimalComma.MatchString(m[4]) {
		r.problem("decimal commas are not read; please write points")
	}
}
