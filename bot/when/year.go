package when

import "time"

// year reads 2027 or '27.
func (p *parser) year() (int, bool) {
	mark := p.i
	p.mark(",")
	t := p.at(0)
	if t.is("'") && p.at(1).kind == tNum && p.at(1).width[0] == 2 && !p.at(1).ordinal {
		p.i += 2
		return 2000 + p.at(-1).n[0], true
	}
	if t.kind == tNum && t.width[0] == 4 && !t.ordinal && t.n[0] >= 1990 && t.n[0] <= 2150 && !p.at(1).word("hrs") && !p.at(1).word("h") && !p.at(1).word("hours") {
		p.i++
		return t.n[0], true
	}
	p.i = mark
	return 0, false
}

// yearBehind reads the year after day and month. 2030 may be half past eight in the evening, too: then the date is asked
// about, unless a time follows.
func (p *parser) yearBehind(n *day) {
	mark := p.i
	if p.at(0).is("-") && p.at(0).glued && p.at(1).kind == tNum && p.at(1).width[0] == 4 {
		p.i++
	}
	if p.accept("next year") {
		n.y = p.today.Year + 1
		return
	}
	if y, ok := p.year(); ok {
		near := y >= p.today.Year-1 && y <= p.today.Year+3
		if y%100 >= 60 || near || y%5 != 0 || p.timeAhead() {
			n.y = y
			return
		}
		as := Date{y, time.Month(n.m), n.d}
		n.span = &span{reasons: []Reason{DateOrTime}, cands: []Date{as}}
		return
	}
	p.i = mark
	if t := p.at(0); t.kind == tNum && t.width[0] == 2 && !t.ordinal && t.n[0] >= 25 && t.n[0] < 60 && p.at(1).kind != tWord && p.at(1).kind != tNum && !p.at(1).is("-") {
		p.i++
		n.y = 2000 + t.n[0] // 16 Jan 27
	}
}

// timeAhead reports whether a clock time stands next.
func (p *parser) timeAhead() bool {
	k := 0
	for p.at(k).is(",") || p.at(k).word("at") || p.at(k).word("from") {
		k++
	}
	t := p.at(k)
	return t.kind == tPair || t.kind == tNum && (t.width[0] == 4 || p.at(k+1).word("am") || p.at(k+1).word("pm"))
}
