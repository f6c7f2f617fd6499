package when

import "time"

// partOfMonth reads early, mid, late and end of a month, a week, a year (C13, C14).
func (p *parser) partOfMonth() (*day, bool) {
	var which int
	switch {
	case p.acceptAny("towards the end", "toward the end", "near the end", "the back end"):
		which = 3
	case p.acceptAny("early", "beginning", "start", "earlier in"):
		which = 1
	case p.acceptAny("mid", "middle"):
		which = 2
	case p.acceptAny("late", "later in"):
		which = 3
	case p.acceptAny("end", "very end"):
		which = 4
	case p.acceptAny("month end", "month's end"):
		return single(p.today.EndOfMonth()), true
	case p.acceptAny("year end", "year's end"):
		return single(Date{p.today.Year, time.December, 31}), true
	default:
		return nil, false
	}
	upTo := which
	if p.at(0).word("to") || p.at(0).is("-") && (p.at(1).word("mid") || p.at(1).word("late")) || p.at(0).word("or") {
		if p.i++; which < 3 && p.acceptAny("mid", "middle") {
			upTo = 2
		} else if which < 3 && p.acceptAny("late", "end") {
			upTo = 3
		} else {
			p.i--
		}
	}
	if p.at(0).is("-") && p.at(0).glued {
		p.i++
	}
	p.acceptAny("of", "in", "on in", "part of")
	if n, ok := p.partOfWeek(which); ok {
		return n, true
	}
	the := p.accept("the")
	switch {
	case the && p.accept("month") || p.accept("this month"):
		return p.slice(Date{p.today.Year, p.today.Month, 1}, which), true
	case (the && p.accept("year") || p.accept("this year")) && which == 4:
		return single(Date{p.today.Year, time.December, 31}), true
	}
	first, any, ok := p.monthNamed()
	if !ok {
		return nil, false
	}
	return p.inMonth(first, any, func(m Date) (*day, bool) {
		n := p.slice(m, which)
		if upTo > which {
			n.span.last = p.slice(m, upTo).span.last
		}
		return n, true
	})
}

// slice is the early, mid or late part of a month, or its last day.
func (p *parser) slice(m Date, which int) *day {
	var n *day
	switch which {
	case 1:
		n = settled(m, m.AddDays(9), search)
	case 2:
		n = settled(m.AddDays(10), m.AddDays(19), search)
	case 3:
		n = settled(m.AddDays(20), m.EndOfMonth(), search)
	default:
		return single(m.EndOfMonth())
	}
	n.span.assumed = []Assumption{AssumedApproximate}
	return n
}

// partOfWeek reads the week of "early next week" and "the end of the week", which is its Friday.
func (p *parser) partOfWeek(which int) (*day, bool) {
	monday, friday := p.today.Monday(), AssumedFriday
	switch {
	case p.acceptAny("next week"):
		monday = monday.AddDays(7)
	case p.acceptAny("the week after next"):
		monday = monday.AddDays(14)
	case p.acceptAny("the week", "this week", "week"):
		if weekend(p.today) && which == 4 {
			monday = monday.AddDays(7)
		}
	default:
		return nil, false
	}
	var n *day
	switch which {
	case 1:
		n = settled(monday, monday.AddDays(2), search)
	case 2:
		n = settled(monday.AddDays(1), monday.AddDays(3), search)
	case 3:
		n = settled(monday.AddDays(3), monday.AddDays(4), search)
	default:
		n = single(monday.AddDays(4))
		n.span.assumed = []Assumption{friday}
		return n, true
	}
	if n.span.last.Before(p.today) {
		return &day{span: &span{reasons: []Reason{Past}, fatal: true}}, true
	}
	n.span.assumed = []Assumption{AssumedApproximate}
	return n, true
}

// monthOrLonger reads months, quarters, seasons and years.
func (p *parser) monthOrLonger() (*day, bool) {
	if n, ok := p.year(); ok && n == p.today.Year+1 && p.at(-2).kind == tWord && (p.at(-2).word("in") || p.at(-2).word("during")) {
		return settled(Date{n, 1, 1}, Date{n, 12, 31}, search), true
	} else if ok {
		return nil, false
	}
	switch {
	case p.accept("this year"):
		return settled(p.today, Date{p.today.Year, time.December, 31}, search), true
	case p.accept("next year"):
		return settled(Date{p.today.Year + 1, time.January, 1}, Date{p.today.Year + 1, time.December, 31}, search), true
	case p.acceptAny("new year", "new year's"):
		jan := Date{p.today.Year + 1, time.January, 1}
		if w := p.at(-3); w.word("by") || w.word("before") || w.word("after") || w.word("until") || p.at(-2).word("after") || p.at(-2).word("before") {
			return single(jan), true
		}
		return settled(jan, jan.EndOfMonth(), search), true
	case p.acceptAny("rest of the month", "later this month", "rest of this month"):
		return settled(p.today.AddDays(1), p.today.EndOfMonth(), search), p.today != p.today.EndOfMonth()
	case p.acceptAny("month after next"):
		m := Date{p.today.Year, p.today.Month, 1}.AddMonths(2)
		return settled(m, m.EndOfMonth(), search), true
	}
	if n, ok := p.season(); ok {
		return n, true
	}
	return p.aMonth()
}

// aMonth reads "next month", "March", "next March".
func (p *parser) aMonth() (*day, bool) {
	next := p.at(0).word("next") && p.at(1).isClass(cMonth)
	if next || (p.at(0).word("this") || p.at(0).word("coming")) && p.at(1).isClass(cMonth) {
		p.i++
	}
	if !p.monthMeant(next) {
		return nil, false
	}
	first, any, ok := p.monthNamed()
	if !ok {
		return nil, false
	}
	if next && any && first.Month >= p.today.Month {
		return doubtful(Vague, first, first.AddMonths(12)), true
	}
	return p.inMonth(first, any, func(m Date) (*day, bool) { return settled(m, m.EndOfMonth(), search), true })
}

// monthMeant holds back where the month may be an everyday word: "I may", "march on".
func (p *parser) monthMeant(sure bool) bool {
	t, after := p.at(0), p.at(1)
	if names[t.text] && !t.shaky && !sure && !(p.at(-1).kind == tWord && monthLeads[p.at(-1).text]) && after.kind == tWord && !after.word("or") && !after.word("to") && !after.word("and") {
		return false // April is taking minutes
	}
	if !t.shaky || sure || after.kind == tNum && after.width[0] == 4 || after.word("next") && p.at(2).word("year") {
		return true
	}
	if (after.word("or") || after.word("to") || after.word("and") || after.is("-") || after.is("/")) && p.at(2).isClass(cMonth) {
		return true
	}
	return monthLeads[p.at(-1).text] || t.title && len(p.toks) == p.i+1 && (p.i == 0 || p.at(-1).kind == tPunct)
}

// names are months that people are called by.
var names = wordSet("april june august jan may")

var monthLeads = wordSet("in of by before after early mid late end next this until till during or and for through to since , ; / -")

var seasons = []struct {
	name        string
	first, last time.Month
}{
	{"spring", time.March, time.May}, {"summer", time.June, time.August}, {"autumn", time.September, time.November}, {"winter", time.December, time.February},
}

// season reads spring, summer, autumn, winter and the quarters of a year.
func (p *parser) season() (*day, bool) {
	for _, s := range seasons {
		if !p.at(0).word(s.name) || !monthLeads[p.at(-1).text] && !p.at(-1).word("the") && !p.at(-1).word("over") {
			continue
		}
		p.i++
		first := Date{p.today.Year, s.first, 1}
		last := first.AddMonths(2).EndOfMonth()
		if last.Before(p.today) {
			first, last = first.AddMonths(12), last.AddMonths(12).EndOfMonth()
		}
		n := settled(first, last, search)
		n.span.assumed = []Assumption{AssumedApproximate}
		return n, true
	}
	quarter := Date{p.today.Year, (p.today.Month-1)/3*3 + 1, 1}
	switch {
	case p.accept("next quarter"):
		quarter = quarter.AddMonths(3)
	case p.accept("this quarter"):
	case p.at(0).word("q") && p.at(1).kind == tNum && p.at(1).n[0] >= 1 && p.at(1).n[0] <= 4:
		quarter.Month = time.Month(p.at(1).n[0]*3 - 2)
		p.i += 2
		if y, ok := p.year(); ok {
			quarter.Year = y
		} else if quarter.AddMonths(3).Before(p.today) {
			quarter.Year++
		}
	default:
		return nil, false
	}
	return settled(quarter, quarter.AddMonths(2).EndOfMonth(), search), true
}
