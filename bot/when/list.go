package when

// A fragment is a stretch of the phrase that was read as one or more items.
type fragment struct {
	items      []item
	op         string // "any", "all"; "" for one item
	begin, end int    // tokens
}

// list reads items joined by "or", "and" and commas.
func (p *parser) list() (fragment, bool) {
	begin := p.i
	p.acceptAny("either")
	first, ok := p.item()
	if !ok {
		p.i = begin
		return fragment{}, false
	}
	f := fragment{items: []item{first}, begin: begin, end: p.i}
	mixed := false
	for !first.onlyLength() {
		mark := p.i
		op := p.joiner()
		if op == "" {
			break
		}
		next, ok := p.followOn(f.items[len(f.items)-1])
		if !ok {
			next, ok = p.item()
		}
		if !ok || next.empty() || next.begin == next.end {
			p.i = mark
			break
		}
		if op != "," {
			mixed = mixed || f.op != "" && f.op != op
			f.op = op
		}
		f.items = append(f.items, next)
		f.end = p.i
	}
	p.i = f.end
	if mixed {
		f.op = "mixed"
	}
	if f.op == "" && len(f.items) > 1 {
		f.op = "any" // dates in a row are put to the vote
	}
	return f, true
}

// followOn reads "the week after" and "the day after" behind a week or a day.
func (p *parser) followOn(last item) (item, bool) {
	it := item{begin: p.i, end: p.i}
	if last.day == nil {
		return it, false
	}
	s := p.resolve(last.day)
	if !s.clear() || s.first.IsZero() || s.last.IsZero() {
		return it, false
	}
	switch {
	case s.shape == namedWeek && p.acceptAny("the week after that", "the week after", "the following week", "the one after", "the following one"):
		it.day = aWeek(s.last.AddDays(1))
	case s.shape == oneDay && p.acceptAny("the day after that", "the day after", "the following day", "the next day"):
		it.day = single(s.last.AddDays(1))
	case s.shape == oneDay && p.acceptAny("the week after that", "the week after", "the following week", "a week later", "the same day the week after"):
		it.day = single(s.last.AddDays(7))
	default:
		return it, false
	}
	if p.at(0).kind == tWord && p.at(0).class == cNone {
		return it, false
	}
	it.end, it.dayEnd = p.i, p.i
	return it, true
}

// joiner reads what stands between items: "any", "all", or "," where it says neither.
func (p *parser) joiner() string {
	mark := p.i
	comma := false
	for p.mark(",;\n/|") || p.at(0).is("-") && p.at(1).kind != tNum && p.mark("-") {
		comma = true
	}
	p.acceptAny("but")
	if w := p.at(0); (w.word("how") || w.word("what")) && p.at(1).word("about") { // a counter-proposal
		p.i = mark
		return ""
	}
	switch {
	case p.acceptAny("or else", "or even", "or maybe", "or perhaps", "or possibly", "or alternatively", "and or", "or"):
		p.acceptAny("else")
		p.mark(",")
		return "any"
	case p.acceptAny("alternatively", "failing that", "otherwise", "else"):
		p.mark(",")
		return "any"
	case p.acceptAny("and then", "and also", "and again", "and", "plus", "as well as", "then") || p.mark("+"):
		p.acceptAny("again on", "again", "also")
		return "all"
	case comma:
		return ","
	}
	p.i = mark
	return ""
}
