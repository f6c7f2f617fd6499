package when

import "encoding/json"

// whole reads a phrase that is all about one thing.
func (p *parser) whole() Reading {
	if r, ok := p.special(); ok {
		return r
	}
	all := p.fragments()
	unknown := p.unknownWords(all)
	found, dropped := all[:0:0], false
	for _, f := range all {
		if unknown && p.strengthOf(f) == weak && !f.onlyLength() && !(f.onlyTime() && p.leadsToTime(f.begin) && len(all) > 1) {
			dropped = dropped || f.items[0].times.kind != noTime
			continue
		}
		found = append(found, f)
	}
	found = p.weigh(found)
	if len(found) == 0 || len(found) == 1 && found[0].onlyLength() {
		if dropped && p.wish() {
			return ask(Vague)
		}
		if len(found) == 1 && !unknown {
			return ask(NoDate, Vague)
		}
		return p.nothing()
	}
	f, ok := p.join(found)
	if !ok {
		return p.manyThings(found)
	}
	if p.meddled(f) {
		return ask(Vague)
	}
	r := p.withIntent(p.buildList(f), f)
	r.Begin, r.Finish = p.toks[f.begin].begin, p.toks[f.end-1].end
	r.Rest = p.rest(f.begin, f.end)
	return r
}

// special reads series, agenda cycles and edits, which have words of their own.
func (p *parser) special() (Reading, bool) {
	if p.anyWord(func(t token) bool { return t.word("every") || t.word("each") || t.word("one") || t.word("in") }) {
		if r, ok := p.anchored(); ok {
			return r, true
		}
		if r, ok := p.cycle(); ok {
			return r, true
		}
	}
	if r, ok := p.seriesAnywhere(); ok {
		return r, true
	}
	if p.opt.Meeting != nil || len(p.toks) <= 14 {
		return p.edit()
	}
	return Reading{}, false
}

func (p *parser) anyWord(is func(token) bool) bool {
	for _, t := range p.toks {
		if is(t) {
			return true
		}
	}
	return false
}

// weigh drops what was called off or is over where something else stands beside it.
func (p *parser) weigh(found []fragment) []fragment {
	if len(found) < 2 {
		return found
	}
	found = p.distinct(found)
	kept := found[:0:0]
	for _, f := range found {
		if f.onlyLength() || f.onlyTime() || !p.negated(f) && !p.bygone(f) && p.intent(f) == "" {
			kept = append(kept, f)
		}
	}
	for _, f := range kept {
		if !f.onlyLength() && !f.onlyTime() {
			return kept
		}
	}
	for _, f := range found { // all are away or over: the first one away
		if p.intent(f) == "away" {
			return []fragment{f}
		}
	}
	return found
}

// distinct leaves out what says the same again, and "a Tuesday", which says nothing beside a date.
func (p *parser) distinct(found []fragment) []fragment {
	var kept []fragment
	var seen []string
	for _, f := range found {
		r := p.buildList(f)
		if r.Kind == Ask && len(r.Reasons) == 1 && r.Reasons[0] == Vague && len(r.Candidates) == 0 && len(found) > 1 && !f.onlyLength() {
			continue
		}
		text, err := json.Marshal(r)
		if err == nil && contains(seen, string(text)) && !f.onlyLength() {
			continue
		}
		seen = append(seen, string(text))
		kept = append(kept, f)
	}
	if len(kept) == 0 {
		return found
	}
	return kept
}

// join makes one fragment of several, where there is one way to do it.
func (p *parser) join(found []fragment) (fragment, bool) {
	f := found[0]
	for _, next := range found[1:] {
		if m, ok := merge(f, next); ok && p.cleanGap(f.end, next.begin) {
			f = m
			continue
		}
		op := p.joinedBy(f, next)
		if op == "" || f.op != "" && f.op != op {
			return f, false
		}
		f.items = append(append([]item(nil), f.items...), next.items...)
		f.op, f.end = op, next.end
	}
	return f, true
}

// cleanGap reports whether nothing between two fragments is about time and was not read.
func (p *parser) cleanGap(from, to int) bool {
	for i := from; i < to; i++ {
		if t := p.toks[i]; p.timeWord(t) || meddling[t.text] {
			return false
		}
	}
	return true
}

// joinedBy looks for "or" and "and" among the words between two fragments of one sentence.
func (p *parser) joinedBy(a, b fragment) string {
	if a.end > b.begin || p.line[a.end-1] != p.line[b.begin] || b.begin-a.end > 10 {
		return ""
	}
	for i := a.end; i < b.begin; i++ {
		if t := p.toks[i]; t.word("or") || t.word("else") || t.word("otherwise") || t.word("failing") || t.word("alternatively") {
			return "any"
		}
	}
	if b.begin > a.end && (p.toks[b.begin-1].word("and") || p.toks[b.begin-1].word("then")) {
		return "all"
	}
	return ""
}

// manyThings asks which of several dates is meant.
func (p *parser) manyThings(found []fragment) Reading {
	r := ask(Vague)
	for _, f := range found {
		one := p.buildList(f)
		switch one.Kind {
		case Instant, Range:
			r = r.offering(wallText(one.Start))
		case OneDate:
			r = r.offering(one.Date.String())
		case Ask:
			r = r.offering(one.Candidates...)
			r.Reasons = addNew(r.Reasons, one.Reasons...)
		}
	}
	return r
}
