package when

// leansOnMonth reports whether the number takes its month from a later one: "20-31 July", "3 or 17 March".
func (p *parser) leansOnMonth() bool {
	k := 0
	for steps := 0; steps < 5; steps++ {
		t := p.at(k)
		if !(t.is("-") || t.is("/") || t.is(",") || t.word("and") || t.word("or") || t.word("to") || t.word("until") || t.word("till")) {
			return false
		}
		k++
		if t.is(",") && (p.at(k).word("and") || p.at(k).word("or")) {
			k++
		}
		if p.at(k).word("the") {
			k++
		}
		if p.at(k).isClass(cWeekday) {
			k++
		}
		number := p.at(k)
		if number.kind != tNum || number.width[0] > 2 || number.n[0] == 0 || number.n[0] > 31 {
			return false
		}
		k++
		if p.at(k).word("of") {
			k++
		}
		if p.at(k).isClass(cMonth) {
			return true
		}
	}
	return false
}

// leansFrom is leansOnMonth for a number that has not been read yet.
func (p *parser) leansFrom(k int) bool {
	p.i += k
	defer func() { p.i -= k }()
	return p.leansOnMonth()
}

// clockLike reports whether the number just read begins a time: "Thu 2pm", "Thu 2-3.30", "Thu 2 to 3".
func (p *parser) clockLike() bool {
	t := p.at(0)
	switch {
	case t.word("am"), t.word("pm"), t.word("a"), t.word("p"), t.word("o'clock"), t.word("oclock"), t.word("noon"), t.isClass(cUnit) && t.val != uWeek,
		t.word("ish"), t.glued && t.kind == tWord:
		return true
	case t.is("-"), t.word("to"), t.word("till"), t.word("until"):
		next := p.at(1)
		return (next.kind == tNum && !next.ordinal || next.kind == tPair) && !p.leansOnMonth()
	}
	return false
}

// daysOrHours asks about "Thu 10-11" where Thursday is the 10th.
func (p *parser) daysOrHours(n *day) bool {
	next := p.at(1)
	if !p.at(0).is("-") || next.kind != tNum || next.ordinal || next.n[0] <= n.d || next.n[0] > 24 || p.leansOnMonth() || !p.resolveNumber(n).clear() ||
		p.at(2).word("am") || p.at(2).word("pm") || p.at(2).glued && p.at(2).kind == tWord {
		return false
	}
	p.i += 2
	n.span = &span{reasons: []Reason{DateOrTime}, cands: []Date{p.resolveNumber(n).first}}
	return true
}
