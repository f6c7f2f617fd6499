package when

// dateNumber reads the numbers of a date into n: "16th [of] Jan [2027]", "Jan 16", "16/1/27", "2027-01-16", "18th".
func (p *parser) dateNumber(n *day) bool {
	t := p.at(0)
	switch t.kind {
	case tTriple:
		return p.triple(n, t)
	case tPair:
		return p.pair(n, t)
	case tNum:
		if t.width[0] == 8 && t.n[0] > 19000101 && t.n[0] < 29991231 { // 20260305
			p.i++
			n.y, n.m, n.d = t.n[0]/10000, t.n[0]/100%100, t.n[0]%100
			if p.at(0).word("t") && p.at(1).kind == tNum {
				p.i++
			}
			return true
		}
		if t.width[0] > 2 || t.n[0] == 0 {
			return false
		}
		p.i++
		return p.numberFirst(n, t.n[0], t.ordinal)
	case tWord:
		if t.class == cMonth {
			return p.monthFirst(n)
		}
		if t.class == cOrd || t.class == cCard {
			return p.spelt(n)
		}
	}
	return false
}

// triple reads three numbers with the same mark between: year first is never doubted.
func (p *parser) triple(n *day, t token) bool {
	if t.sep == ':' || t.width[1] > 2 {
		return false
	}
	switch {
	case t.width[0] == 4 && t.width[2] <= 2:
		n.y, n.m, n.d = t.n[0], t.n[1], t.n[2]
	case t.width[0] <= 2 && (t.width[2] == 4 || t.width[2] == 2):
		n.d, n.m, n.y, n.numeric = t.n[0], t.n[1], t.n[2], true
		if t.width[2] == 2 {
			n.y += 2000
		}
	default:
		return false
	}
	if n.m == 0 || n.d == 0 || n.y == 0 {
		n.d, n.m = 32, 1 // no such date
	}
	p.i++
	return true
}

// pair reads 25/4, and 25.4 where it cannot be a time. Where it can be both, n.pair says so.
func (p *parser) pair(n *day, t token) bool {
	if t.sep == ':' || t.sep == '-' || t.width[0] > 2 || t.width[1] > 2 || t.n[0] == 0 || t.n[1] == 0 {
		return false
	}
	if t.n[0] == 24 && t.n[1] == 7 || p.at(1).isClass(cUnit) || p.at(1).word("of") || p.at(1).is("%") || p.at(1).glued && p.at(1).kind == tWord {
		return false
	}
	if t.sep == '/' && (t.n[0] > 31 || t.n[1] > 31) {
		return false
	}
	if month := p.at(1); t.sep == '/' && month.isClass(cMonth) { // 22/23 Jan: two days, or one of them
		p.i += 2
		n.span = &span{reasons: []Reason{Vague}}
		for _, d := range t.n[:2] {
			s := p.resolveDate(&day{d: d, m: month.val})
			n.span.cands = append(n.span.cands, s.first)
		}
		return true
	}
	n.d, n.m, n.numeric = t.n[0], t.n[1], true
	if t.sep == '.' {
		time := t.n[0] < 24 && t.n[1] < 60 && t.width[1] == 2
		if n.m > 12 || n.d > 31 {
			return false
		}
		switch {
		case !time:
		case p.at(-1).word("at"), p.at(-1).word("from"), p.at(-1).word("until"), p.at(-1).word("to") && !p.at(1).isClass(cMonth), p.at(1).is("-"),
			p.at(1).word("to") && p.at(2).kind == tPair, p.at(1).word("am"), p.at(1).word("pm"):
			return false
		default:
			n.pair = !p.pairSettled(n, t)
		}
	}
	p.i++
	return true
}

// pairSettled reports whether the phrase itself shows that 10.11 is a date: its weekday fits, or a time stands beside.
func (p *parser) pairSettled(n *day, t token) bool {
	if n.hasWd {
		m := *n
		s := p.resolveNumeric(&m)
		return s.clear()
	}
	for k := 1; k < 4; k++ {
		next := p.at(k)
		if next.kind == tPair || next.kind == tNum && (next.width[0] == 4 || p.at(k+1).word("am") || p.at(k+1).word("pm")) {
			return true
		}
		if !next.is(",") && !next.word("at") && !next.word("from") {
			break
		}
	}
	return false
}

// numberFirst reads what follows the number of a day.
func (p *parser) numberFirst(n *day, number int, ordinal bool) bool {
	n.d = number
	mark := p.i
	if p.at(0).is("-") && p.at(0).glued && p.at(1).isClass(cMonth) { // 16-Jan-2027
		p.i++
	} else if p.at(0).is("/") && p.at(1).isClass(cMonth) {
		p.i++
	}
	p.acceptAny("day of", "of the month of", "of")
	if t, ok := p.class(cMonth); ok && (t.text != "may" || ordinal || t.title || !p.at(0).isClass(cNone)) {
		n.m = t.val
		p.abbreviated()
		p.yearBehind(n)
		return true
	}
	p.i = mark
	if !ordinal && !n.hasWd && !p.leansOnMonth() {
		return false
	}
	if ordinal && p.at(0).isClass(cWeekday) && !n.hasWd || ordinal && (p.at(0).isClass(cUnit) || p.at(0).word("meeting") || p.at(0).word("half") || p.at(0).word("quarter")) {
		return false // the 3rd Thursday, the 2nd week
	}
	if n.hasWd && !ordinal && p.daysOrHours(n) {
		return true
	}
	if n.hasWd && !ordinal && p.clockLike() {
		return false
	}
	n.bare = !ordinal && n.hasWd
	this := Date{p.today.Year, p.today.Month, 1}
	switch {
	case p.acceptAny("of next month", "next month"):
		n.month = this.AddMonths(1)
	case p.acceptAny("of this month", "this month"):
		n.month = this
	case p.at(0).word("of"):
		return false
	}
	return true
}

// monthFirst reads "January 16th, 2027".
func (p *parser) monthFirst(n *day) bool {
	month, _ := p.class(cMonth)
	p.abbreviated()
	p.accept("the")
	number, ok := 0, false
	if t := p.at(0); t.kind == tNum && t.width[0] <= 2 && t.n[0] > 0 {
		p.i++
		number, ok = t.n[0], t.ordinal || !p.clockLike() && !p.at(0).isClass(cMonth)
	} else if t.isClass(cOrd) && !(t.shaky && !p.at(-1).word("the")) {
		p.i++
		number, ok = t.val, !p.at(0).isClass(cWeekday)
	}
	if !ok {
		return false
	}
	n.d, n.m = number, month.val
	p.yearBehind(n)
	return true
}

// spelt reads "the sixteenth of January".
func (p *parser) spelt(n *day) bool {
	number, ok := p.ordinal()
	ordinal := ok
	if !ok {
		number, ok = p.cardinal()
	}
	if !ok || number < 1 || number > 31 {
		return false
	}
	of := p.accept("of")
	if t, okMonth := p.class(cMonth); okMonth && (ordinal || of || !t.shaky) {
		n.d, n.m = number, t.val
		p.abbreviated()
		p.yearBehind(n)
		return true
	}
	return false
}
