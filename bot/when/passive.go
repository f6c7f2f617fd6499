package when

// passive reads running text: only what holds a weekday, a month, a full date or a day counted from today, the longest
// such stretch. It is silent rather than wrong.
func (p *parser) passive() Reading {
	if r, ok := p.seriesAnywhere(); ok && p.strengthOf(p.partRead(r)) == strong {
		return p.quiet(r)
	}
	var best fragment
	size := 0
	for _, f := range p.joinedHours(p.fragments()) {
		if p.strengthOf(f) != strong || p.bygone(f) || p.shakyOnly(f) || p.numberBeside(f) {
			continue
		}
		if n := f.end - f.begin; n > size {
			best, size = f, n
		}
	}
	if size == 0 {
		return Reading{Kind: None}
	}
	r := p.withIntent(p.buildList(best), best)
	r.Begin, r.Finish = p.toks[best.begin].begin, p.toks[best.end-1].end
	r.Rest = p.rest(best.begin, best.end)
	return p.quiet(r)
}

// quiet says nothing where there would only be a vague question.
func (p *parser) quiet(r Reading) Reading {
	if r.Kind == Ask && len(r.Reasons) == 1 && r.Reasons[0] == Vague && len(r.Candidates) == 0 {
		return Reading{Kind: None}
	}
	return r
}

// partRead is the stretch a reading was made of.
func (p *parser) partRead(r Reading) fragment {
	f := fragment{}
	for i, t := range p.toks {
		if t.begin >= r.Begin && f.end == 0 {
			f.begin = i
		}
		if t.begin >= r.Begin && t.end <= r.Finish {
			f.end = i + 1
		}
	}
	return f
}

// joinedHours adds to days the hours said a few words later in the same sentence.
func (p *parser) joinedHours(found []fragment) []fragment {
	var list []fragment
	for _, f := range found {
		if n := len(list); n > 0 && f.onlyTime() && p.strengthOf(f) == medium && list[n-1].onlyDays() && p.line[list[n-1].end-1] == p.line[f.begin] &&
			f.begin-list[n-1].end <= 9 {
			if m, ok := merge(list[n-1], f); ok && p.cleanGap(list[n-1].end, f.begin) {
				list[n-1] = m
				continue
			}
		}
		list = append(list, f)
	}
	return list
}

// numberBeside reports whether a number that was not read touches the fragment.
func (p *parser) numberBeside(f fragment) bool {
	lead, tail := p.near(f, 1, 1)
	for _, t := range append(lead, tail...) {
		if t.kind == tNum && !t.ordinal || t.kind == tPair {
			return true
		}
	}
	return false
}

// shakyOnly reports whether nothing but an everyday word makes the fragment: "sat", "may".
func (p *parser) shakyOnly(f fragment) bool {
	for i := f.begin; i < f.end; i++ {
		t := p.toks[i]
		if t.kind != tWord && t.kind != tPunct || t.kind == tWord && !t.shaky && t.class != cFill && t.class != cNone || strongWords[t.text] {
			return false
		}
		if t.shaky && (t.title || i > f.begin) {
			return false
		}
	}
	return true
}
