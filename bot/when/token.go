package when

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tEnd    tokenKind = iota // after the last token
	tWord                    // letters, lower case
	tNum                     // 16, 16th (ordinal), 1400
	tPair                    // 13.30, 13:30, 25/4
	tTriple                  // 25/4/26, 2026-03-05, 14:00:00
	tPunct                   // one rune; dashes are all "-"
)

// A token is a word, a number or a mark of the phrase.
type token struct {
	kind       tokenKind
	text       string // lower case, straight quotes
	n          [3]int // the numbers
	width      [3]int // how many digits each had
	sep        byte   // what stood between them
	ordinal    bool
	glued      bool // nothing stood between it and the token before
	title      bool // began with a capital
	begin, end int  // bytes in the phrase
	entry
}

// lexer cuts a phrase into tokens.
type lexer struct {
	src   string
	at    int
	glued bool
	toks  []token
}

// tokenize never fails: what it does not know becomes a punctuation token.
func tokenize(src string) []token {
	l := lexer{src: src, toks: make([]token, 0, len(src)/4+2)}
	for l.at < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.src[l.at:])
		switch {
		case r >= '0' && r <= '9':
			l.number()
		case unicode.IsLetter(r):
			l.word()
		case r == '\n':
			l.mark("\n", size)
		case unicode.IsSpace(r), r == '*', r == '`', r == '_', r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Mn, r), r == '\u200b', r == '\u00ad':
			l.at += size
			l.glued = false
		default:
			l.symbol(r, size)
		}
	}
	countings(l.toks)
	return l.toks
}

// countings turns numbers that count or name something else into plain words: "£20.50", "version 2.10", "12 people".
func countings(toks []token) {
	for i := range toks {
		t := &toks[i]
		if t.kind != tNum && t.kind != tPair && t.kind != tTriple && t.class != cCard {
			continue
		}
		var before, after token
		if i > 0 {
			before = toks[i-1]
		}
		if i+1 < len(toks) {
			after = toks[i+1]
		}
		money := before.kind == tPunct && (before.text == "£" || before.text == "$" || before.text == "€" || before.text == "#")
		counted := after.kind == tWord && counted[after.text] && !t.ordinal && !before.word("week") && !before.word("wk") || after.is("%") || after.is("£") || after.is("€")
		phone := t.kind == tNum && t.width[0] >= 3 && (long(before) || long(after) || t.width[0] > 4 && t.width[0] != 8)
		if money || counted || phone || before.kind == tWord && numbered[before.text] {
			*t = token{kind: tWord, text: "#", begin: t.begin, end: t.end, glued: t.glued}
		}
	}
}

func long(t token) bool {
	return t.text == "#" && t.kind == tWord || t.kind == tNum && t.width[0] >= 3 && t.n[0] > 2100
}

var (
	numbered = wordSet("version v chapter section page pages room number no flat phase step ticket issue pr item items question group team figure table unit part " +
		"python zone line bus platform floor level article clause rule principle option round costs cost paid pay worth")
	counted = wordSet("people members coops co votes pledges percent pounds pence quid euros pages items seats replies attendees guests places of hands reasons " +
		"things options comments emails messages participants organisations topics questions points cats dogs grand")
)

func (l *lexer) add(t token) {
	t.glued = l.glued
	t.end = l.at
	l.glued = true
	l.toks = append(l.toks, t)
}

func (l *lexer) mark(text string, size int) {
	begin := l.at
	l.at += size
	l.add(token{kind: tPunct, text: text, begin: begin})
}

// symbol folds dashes, arrows and quotes into one form each, and reads "&", "@", "~" and "½" as the words they stand for.
func (l *lexer) symbol(r rune, size int) {
	if word := standsFor(r); word != "" {
		begin := l.at
		l.at += size
		l.add(token{kind: tWord, text: word, begin: begin, entry: lexicon[word]})
		return
	}
	text := string(r)
	switch r {
	case '‐', '‑', '‒', '–', '—', '―', '−', '→':
		text = "-"
	case '’', '‘', '´':
		text = "'"
	}
	l.mark(text, size)
}

func standsFor(r rune) string {
	switch r {
	case '&':
		return "and"
	case '@':
		return "at"
	case '~':
		return "about"
	case '½':
		return "half"
	}
	return ""
}

// word reads letters with apostrophes inside, and "p.m." as "pm".
func (l *lexer) word() {
	begin := l.at
	first, _ := utf8.DecodeRuneInString(l.src[l.at:])
	for l.at < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.src[l.at:])
		if !unicode.IsLetter(r) && !(isQuote(r) && l.letterAt(l.at+size)) {
			break
		}
		l.at += size
	}
	text := strings.ToLower(l.src[begin:l.at])
	if rest := strings.ToLower(l.src[l.at:min(len(l.src), l.at+3)]); (text == "a" || text == "p") && strings.HasPrefix(rest, ".m") {
		text += "m"
		l.at += 2
		if strings.HasPrefix(l.src[l.at:], ".") {
			l.at++
		}
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "’", "'"), "‘", "'")
	l.add(token{kind: tWord, text: text, title: unicode.IsUpper(first), begin: begin, entry: lookUp(text)})
}

func isQuote(r rune) bool { return r == '\'' || r == '’' || r == '‘' }

func (l *lexer) letterAt(i int) bool {
	r, _ := utf8.DecodeRuneInString(l.src[i:])
	return i < len(l.src) && unicode.IsLetter(r)
}

// number reads digits, up to three groups of them with the same mark between, and an ordinal ending.
func (l *lexer) number() {
	t := token{kind: tNum, begin: l.at}
	l.digits(&t, 0)
	if sep := l.separator(); sep != 0 {
		first := l.at
		l.at++
		l.digits(&t, 1)
		t.kind, t.sep = tPair, sep
		if l.separator() == sep {
			l.at++
			l.digits(&t, 2)
			t.kind = tTriple
		} else if sep == '-' { // 10-11 is two numbers and a dash
			l.at, t.kind, t.sep, t.n[1], t.width[1] = first, tNum, 0, 0, 0
		}
	}
	if t.kind == tNum {
		l.ending(&t)
	}
	t.text = l.src[t.begin:l.at]
	if t.kind == tTriple && t.sep == '-' && l.at+1 < len(l.src) && (l.src[l.at] == 'T' || l.src[l.at] == 't') && isDigit(l.src[l.at+1]) {
		l.at++ // 2026-03-05T14:00
	}
	l.add(t)
}

func (l *lexer) digits(t *token, i int) {
	for l.at < len(l.src) && isDigit(l.src[l.at]) {
		if t.width[i] < 9 {
			t.n[i] = t.n[i]*10 + int(l.src[l.at]-'0')
		}
		t.width[i]++
		l.at++
	}
}

// separator gives the mark at hand if a digit follows it.
func (l *lexer) separator() byte {
	if l.at+1 >= len(l.src) || !isDigit(l.src[l.at+1]) || strings.IndexByte(".:/-", l.src[l.at]) < 0 {
		return 0
	}
	return l.src[l.at]
}

// ending reads st, nd, rd, th, and a half after a whole number.
func (l *lexer) ending(t *token) {
	rest := l.src[l.at:]
	if strings.HasPrefix(rest, "½") {
		t.kind, t.sep, t.n[1], t.width[1] = tPair, '.', 5, 1
		l.at += len("½")
		return
	}
	if len(rest) < 2 || l.letterAt(l.at+2) {
		return
	}
	switch strings.ToLower(rest[:2]) {
	case "st", "nd", "rd", "th":
		t.ordinal = true
		l.at += 2
	}
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }
