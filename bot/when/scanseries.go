package when

// seriesAnywhere finds a series and refuses it where words beside it change it.
func (p *parser) seriesAnywhere() (Reading, bool) {
	if !p.anyWord(func(t token) bool {
		return t.word("every") || t.word("each") || t.isClass(cAdverb) || t.plural && (t.isClass(cWeekday) || t.isClass(cPart) || t.val == uWorkday) || t.word("once") || t.word("bi") ||
			t.word("twice") || t.word("times") || t.word("per") || t.word("semi") || t.word("month") || t.word("quarter") || t.word("a") || t.word("months") || t.word("except") || t.word("excluding") || t.word("excl") || t.word("skipping") || t.word("apart") || t.word("not") || t.word("alternate") || t.word("alternating")
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
		p.hoursElsewhereIn(&s, f)
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

// hoursElsewhereIn gives a series the hours that stand in another place of the phrase.
func (p *parser) hoursElsewhereIn(s *spec, f fragment) {
	for _, other := range p.fragments() {
		if other.begin < f.end && other.end > f.begin || !other.onlyTime() || s.item.times.kind != noTime || p.strengthOf(other) < medium && !p.leadsToTime(other.begin) {
			continue
		}
		it := other.items[0]
		s.item.times, s.item.hint, s.item.zone = it.times, it.hint, it.zone
		if s.item.minutes == 0 {
			s.item.minutes = it.minutes
		}
		if s.item.part == nil {
			s.item.part = it.part
		}
		s.end = max(s.end, other.end)
	}
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
