package when

import (
	"strings"
	"time"
)

// parser walks over the tokens of a phrase. Every method that reads something either moves on and reports true, or
// leaves the position as it was.
type parser struct {
	opt   Options
	zone  *time.Location
	now   time.Time // in zone
	today Date
	src   string
	toks  []token
	i     int
	depth int        // of days within days
	found []fragment // what fragments found, once
	line  []int      // the sentence each token belongs to
}

func newParser(src string, opt Options) *parser {
	p := &parser{opt: opt, zone: opt.Zone, src: src, toks: tokenize(src)}
	if p.zone == nil {
		p.zone = London
	}
	p.now = opt.Now.In(p.zone)
	p.today = DateOf(p.now)
	return p
}

// at gives the token k places on.
func (p *parser) at(k int) token {
	if p.i+k < 0 || p.i+k >= len(p.toks) {
		return token{kind: tEnd, glued: false}
	}
	return p.toks[p.i+k]
}

func (p *parser) done() bool { return p.i >= len(p.toks) }

// try runs read and puts the position back where it fails.
func (p *parser) try(read func() bool) bool {
	mark := p.i
	if read() {
		return true
	}
	p.i = mark
	return false
}

// accept reads these words, set apart by blanks in phrase; hyphens between them are allowed.
func (p *parser) accept(phrase string) bool {
	i := p.i
	for {
		if i > p.i && i < len(p.toks) && p.toks[i].glued && p.toks[i].is("-") {
			i++
		}
		if i >= len(p.toks) || p.toks[i].kind != tWord || !strings.HasPrefix(phrase, p.toks[i].text) {
			return false
		}
		phrase = phrase[len(p.toks[i].text):]
		i++
		if phrase == "" {
			p.i = i
			return true
		}
		if phrase[0] != ' ' {
			return false
		}
		phrase = phrase[1:]
	}
}

// acceptAny reads the first of several phrases that stands here.
func (p *parser) acceptAny(phrases ...string) bool {
	if p.i >= len(p.toks) || p.toks[p.i].kind != tWord {
		return false
	}
	for _, s := range phrases {
		if s[0] == p.toks[p.i].text[0] && p.accept(s) {
			return true
		}
	}
	return false
}

func (t token) is(mark string) bool   { return t.kind == tPunct && t.text == mark }
func (t token) word(text string) bool { return t.kind == tWord && t.text == text }
func (t token) isClass(c class) bool  { return t.kind == tWord && t.class == c }

// mark reads one of these punctuation marks.
func (p *parser) mark(marks string) bool {
	if t := p.at(0); t.kind == tPunct && strings.Contains(marks, t.text) {
		p.i++
		return true
	}
	return false
}

// class reads a word of a class.
func (p *parser) class(c class) (token, bool) {
	t := p.at(0)
	if !t.isClass(c) {
		return token{}, false
	}
	p.i++
	return t, true
}

// abbreviated reads the dot of "Jan." where no sentence ends with it.
func (p *parser) abbreviated() {
	if p.at(0).is(".") && p.at(0).glued && len(p.at(-1).text) <= 5 && p.at(1).kind != tEnd && !p.at(1).title {
		p.i++
	}
}

// A count is how many; few stands for an unclear small number.
type count struct {
	n    int
	few  bool
	half bool // and a half
}

// count reads 3, three, a, an, a couple of, a few.
func (p *parser) count() (count, bool) {
	mark := p.i
	switch {
	case p.acceptAny("a couple of", "a couple", "couple of", "couple"):
		return count{n: 2}, true
	case p.acceptAny("a few", "few", "some", "several"):
		return count{n: 3, few: true}, true
	case p.acceptAny("half a dozen"):
		return count{n: 6}, true
	case p.acceptAny("a", "an"):
		return count{n: 1}, true
	}
	if n, ok := p.cardinal(); ok {
		return count{n: n}, true
	}
	p.i = mark
	return count{}, false
}

// cardinal reads a whole number in digits or words.
func (p *parser) cardinal() (int, bool) {
	t := p.at(0)
	switch {
	case t.kind == tNum && !t.ordinal && t.width[0] <= 3:
		p.i++
		return t.n[0], true
	case t.isClass(cCard):
		p.i++
		if t.val >= 20 && t.val%10 == 0 && t.val < 60 {
			if u, ok := p.unitsDigit(cCard); ok {
				return t.val + u, true
			}
		}
		return t.val, true
	}
	return 0, false
}

// unitsDigit reads the "five" of twenty-five and the "first" of thirty-first.
func (p *parser) unitsDigit(c class) (int, bool) {
	mark := p.i
	if p.at(0).is("-") && p.at(0).glued {
		p.i++
	}
	if t, ok := p.class(c); ok && t.val < 10 {
		return t.val, true
	}
	p.i = mark
	return 0, false
}

// ordinal reads 3rd, third, twenty-first, last (-1).
func (p *parser) ordinal() (int, bool) {
	t := p.at(0)
	switch {
	case t.kind == tNum && t.ordinal && t.n[0] > 0:
		p.i++
		return t.n[0], true
	case t.isClass(cOrd):
		p.i++
		return t.val, true
	case t.isClass(cCard) && (t.val == 20 || t.val == 30):
		mark := p.i
		p.i++
		if u, ok := p.unitsDigit(cOrd); ok {
			return t.val + u, true
		}
		p.i = mark
	case p.acceptAny("last", "final"):
		return -1, true
	case p.acceptAny("penultimate", "second to last", "last but one"):
		return -2, true
	}
	return 0, false
}

// unit reads day, weeks, mins, or the letter of 2h and 30m.
func (p *parser) unit() (int, bool) {
	t := p.at(0)
	if t.isClass(cUnit) {
		p.i++
		return t.val, true
	}
	if t.kind == tWord && t.glued {
		if u, ok := map[string]int{"h": uHour, "m": uMinute, "d": uDay, "w": uWeek}[t.text]; ok {
			p.i++
			return u, true
		}
	}
	if p.acceptAny("working day", "working days", "business day", "business days", "week day", "week days") {
		return uWorkday, true
	}
	return 0, false
}

// shift moves a day by n units; workdays skip weekends and bank holidays.
func (p *parser) shift(d Date, n, unit int) Date {
	switch unit {
	case uWeek:
		return d.AddDays(7 * n)
	case uFortnight:
		return d.AddDays(14 * n)
	case uMonth:
		return d.AddMonths(n)
	case uQuarter:
		return d.AddMonths(3 * n)
	case uYear:
		return d.AddMonths(12 * n)
	case uWorkday:
		step := 1
		if n < 0 {
			step, n = -1, -n
		}
		for n = min(n, 2000); n > 0; {
			if d = d.AddDays(step); WorkingDay(d, p.opt.Nation) {
				n--
			}
		}
		return d
	}
	return d.AddDays(n)
}
