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

// seriesAnywhere finds a series and refuses it where words beside it change it.
func (p *parser) seriesAnywhere() (Reading, bool) {
	if !p.anyWord(func(t token) bool {
		return t.word("every") || t.word("each") || t.isClass(cAdverb) || t.plural && (t.isClass(cWeekday) || t.isClass(cPart) || t.val == uWorkday) || t.word("once") || t.word("bi") ||
			t.word("twice") || t.word("times") || t.word("per") || t.word("semi") || t.word("month") || t.word("quarter") || t.word("a") || t.word("months") || t.word("alternate") || t.word("alternating")
	}) {
		return Reading{}, false
	}
	for i := range p.toks {
		p.i = i
		s, ok := p.series()
		if !ok {
			continue
		}
		f := fragment{items: []item{s.item}, begin: i, end: s.end}
		if s.bareTrigger() && p.datesBeside(f, medium) {
			return Reading{}, false
		}
		if !p.opt.Passive && (p.meddled(f) || p.datesBeside(f, strong)) {
			return ask(Vague), true
		}
		r := p.buildSeries(s)
		if r.Kind == Recurrence {
			r.Intent = p.intent(f)
		}
		r.Begin, r.Finish = p.toks[i].begin, p.toks[s.end-1].end
		r.Rest = p.rest(i, s.end)
		return r, true
	}
	return Reading{}, false
}

// bareTrigger reports whether the series is nothing but a word like "weekly", which may describe a meeting.
func (s *spec) bareTrigger() bool {
	return s.undated() && s.item.times.kind == noTime && s.item.part == nil && s.from == nil && s.to == nil && len(s.doubt) == 0
}

// datesBeside reports whether other fragments about days, at least that strong, stand in the same phrase: "the monthly
// call on 5 March".
func (p *parser) datesBeside(f fragment, least strength) bool {
	for _, other := range p.fragments() {
		if (other.end <= f.begin || other.begin >= f.end) && p.strengthOf(other) >= least {
			return true
		}
	}
	return false
}

// unknownWords reports whether words stand outside the fragments that the lexicon does not know.
func (p *parser) unknownWords(found []fragment) bool {
	inside := make([]bool, len(p.toks))
	for _, f := range found {
		for i := f.begin; i < f.end; i++ {
			inside[i] = true
		}
	}
	for i, t := range p.toks {
		if !inside[i] && (t.kind != tPunct && !t.isClass(cFill) && !harmless[t.text]) {
			return true
		}
	}
	return false
}

// harmless words may stand around even a weak fragment.
var harmless = wordSet("ok okay yes hi hello all everyone thanks cheers works suits me us you good great fine best lovely perfect really bot wortley our my the a an " +
	"but if possible free available call session catchup catch up together there you're are am i'm i've have got book booked booking schedule set want to " +
	"need arrange put pencil fix and or")

// meddling words change what a date beside them means, in ways that are not understood.
var meddling = wordSet("except unless excluding cancel cancelled canceled cancelling every each ago since than minus alternate alternating previous original formerly " +
	"never without twice no nor skip apart")

// touching words do so only where they stand right beside it.
var touching = wordSet("next last half quarter over under within any past every later earlier until till through o'clock oclock early mid late before after am pm")

// meddled reports whether a word that was not read stands so near that the reading cannot be trusted.
func (p *parser) meddled(f fragment) bool {
	lead, tail := p.near(f, 4, 4)
	for _, words := range [][]token{lead, tail} {
		i := 0
		for _, t := range words {
			if meddling[t.text] || i == 0 && (touching[t.text] || p.timeWord(t)) {
				return true
			}
			if !t.isClass(cFill) && !t.word("or") && !t.word("and") && !t.word("a") && !t.word("an") {
				i++
			}
		}
	}
	return false
}

// timeWord reports whether a word is about time, or a number.
func (p *parser) timeWord(t token) bool {
	switch t.kind {
	case tNum, tPair, tTriple:
		return true
	}
	switch t.class {
	case cWeekday, cMonth, cPart, cAdverb:
		return !t.shaky || t.title
	case cUnit:
		return t.val != uMinute // minutes are taken, too
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
