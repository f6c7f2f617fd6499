package when

// calendarDay reads weekdays and dates: "Thurs 16th Jan", "next Tuesday 17th December", "16/01/27", "the 18th".
func (p *parser) calendarDay() (*day, bool) {
	n := &day{}
	n.mod = p.modifier()
	if t := p.at(0); t.isClass(cWeekday) && !t.plural {
		if !p.weekdayMeant(n.mod) {
			return nil, false
		}
		p.i++
		p.abbreviated()
		n.hasWd, n.wd = true, weekdayVal(t)
		if p.indefinite() {
			return doubtful(Vague), true
		}
	} else if n.mod != modNone {
		return nil, false
	}
	whole := *n
	dated := p.try(func() bool {
		if n.hasWd {
			p.mark(",(")
			p.acceptAny("the", "on the")
		}
		return p.dateNumber(&whole)
	})
	if dated {
		n = &whole
		p.mark(")")
		p.weekdayBehind(n)
		return n, true
	}
	if !n.hasWd {
		return nil, false
	}
	return p.weekdaySuffix(n)
}

func (p *parser) modifier() modifier {
	if !p.at(1).isClass(cWeekday) && !p.at(2).isClass(cWeekday) {
		return modNone
	}
	switch {
	case p.acceptAny("this coming", "coming", "upcoming", "this next", "the coming"):
		return modComing
	case p.accept("this"):
		return modThis
	case p.accept("next"):
		return modNext
	case p.acceptAny("last", "past", "this past"):
		return modLast
	}
	return modNone
}

// indefinite reports whether the weekday just read is "a Tuesday", any one.
func (p *parser) indefinite() bool {
	before := p.at(-2)
	return (before.word("a") || before.word("any") || before.word("some") || before.word("another")) && p.at(0).kind != tNum && !p.at(0).isClass(cMonth)
}

// weekdayMeant holds back where the word may be an everyday one: "sat", "sun".
func (p *parser) weekdayMeant(mod modifier) bool {
	t, after := p.at(0), p.at(1)
	if !t.shaky || mod != modNone || after.kind >= tNum && after.kind <= tTriple || after.isClass(cMonth) || after.isClass(cPart) || after.isClass(cOrd) {
		return true
	}
	if weekdayLeads[p.at(-1).text] || p.i == 0 && after.kind == tEnd || after.word("week") || after.word("at") || after.word("next") || after.word("am") ||
		after.word("pm") {
		return true
	}
	ends := after.kind == tEnd || after.kind == tPunct || after.word("or") || after.word("and") || after.word("to")
	return ends && (t.title || p.i == 0 || !p.opt.Passive)
}

var weekdayLeads = wordSet("on this next by until till or and before after from every each to between , ; / - (")

// weekdayBehind reads the weekday of "16 January (Thursday)".
func (p *parser) weekdayBehind(n *day) {
	if n.hasWd || p.at(0).is("/") {
		return
	}
	p.try(func() bool {
		open := p.mark("(")
		if !open {
			p.mark(",")
		}
		p.accept("a")
		t := p.at(0)
		if !t.isClass(cWeekday) || t.plural || !p.weekdayMeant(modNone) || p.at(1).kind == tNum || p.at(1).isClass(cMonth) || p.at(1).kind == tPair && p.at(1).sep == '/' ||
			!open && (p.at(1).is("/") || p.at(1).is(",") && p.at(2).isClass(cWeekday) || p.at(1).word("or") || p.at(1).word("and") && p.at(2).isClass(cWeekday)) {
			return false
		}
		p.i++
		p.abbreviated()
		if open && !p.mark(")") {
			return false
		}
		n.hasWd, n.wd = true, weekdayVal(t)
		return true
	})
}

// weekdaySuffix reads what tells which of the coming weekdays is meant.
func (p *parser) weekdaySuffix(n *day) (*day, bool) {
	if n.mod == modNone || n.mod == modComing {
		if n.weeks = p.weekSuffix(); n.weeks > 0 {
			return n, true
		}
	}
	if n.mod == modNone && p.at(0).word("next") && !p.at(1).isClass(cUnit) && !p.at(1).isClass(cWeekday) && !p.at(1).isClass(cMonth) && p.accept("next") {
		n.mod = modNext
		return n, true
	}
	if n.mod == modNone && p.accept("after next") {
		n.mod = modAfterNext
		return n, true
	}
	if n.mod == modNone {
		p.try(func() bool { return p.weekOfWeekday(n) })
		if n.monday.IsZero() && n.span == nil {
			p.try(func() bool { return p.besideTarget(n) })
		}
	}
	return n, true
}

// weekOfWeekday reads the week of "Thursday next week" and of "Thursday in two weeks".
func (p *parser) weekOfWeekday(n *day) bool {
	p.mark(",")
	if p.acceptAny("in", "of", "in the", "of the", "the") && p.at(-1).word("in") {
		c, ok := p.count()
		unit, okUnit := p.unit()
		if ok && okUnit && !c.few && unit >= uWeek && unit <= uFortnight && c.n < 60 {
			p.ending()
			d := p.shift(p.today, c.n, unit)
			days := p.today.DaysTo(d)
			n.span = &span{first: d.in(n.wd), last: d.in(n.wd)}
			if other := p.today.next(n.wd).AddDays(days); other != d.in(n.wd) {
				n.span = &span{reasons: []Reason{Vague}, cands: []Date{d.in(n.wd), other}}
			}
			return true
		}
		if ok || okUnit {
			return false
		}
	}
	p.accept("the")
	w, ok := p.week()
	if !ok || w.span == nil {
		return false
	}
	if !w.span.clear() {
		n.span = w.span
		return true
	}
	n.monday = w.span.first.Monday()
	return true
}

// besideTarget reads "the Thursday before the board meeting": the nearest one before or after a named day.
func (p *parser) besideTarget(n *day) bool {
	var move func(Date) Date
	switch {
	case p.acceptAny("before", "prior to"):
		move = func(d Date) Date { return d.AddDays(-8).next(n.wd) }
	case p.acceptAny("after", "following"):
		move = func(d Date) Date { return d.next(n.wd) }
	default:
		return false
	}
	target, ok := p.target()
	if !ok || target.onlyNumber() {
		return false
	}
	n.span = p.movedTo(p.resolve(target), move).span
	return true
}
