package when

// share gives each item what only its neighbours say: a time given once applies to all, "Tue 3 or Thu 5 March" has one
// month, "Tue or Wed next week" one week. It reports false where that cannot be done in one way.
func (p *parser) share(f *fragment) bool {
	return p.shareDays(f.items) && shareTimes(f.items) && p.shareMonths(f.items)
}

func shareTimes(items []item) bool {
	for i := range items {
		it := &items[i]
		if !it.timeless() || !it.moment.IsZero() {
			continue
		}
		from := -1
		for j := i + 1; j < len(items) && from < 0; j++ {
			if !items[j].timeless() {
				from = j
			}
		}
		for j := i - 1; j >= 0 && from < 0; j-- {
			if !items[j].timeless() {
				from = j
			}
		}
		if from >= 0 && it.rel == plainly {
			src := items[from]
			it.times, it.part, it.hint, it.zone, it.any = src.times, src.part, src.hint, src.zone, it.any || src.any
			it.approx = it.approx || src.approx
			if it.minutes == 0 {
				it.minutes = src.minutes
			}
		}
	}
	for i := range items { // a length said once, with the last
		if items[i].minutes == 0 && items[i].times.kind == atTime {
			items[i].minutes = items[len(items)-1].minutes
		}
	}
	return true
}

// shareDays gives "2pm or 3pm on Thursday" its day. Several days followed by several times would be a table.
func (p *parser) shareDays(items []item) bool {
	dayOnly := 0
	for i := range items {
		it := &items[i]
		if it.day != nil && it.timeless() {
			dayOnly++
		}
		if it.day != nil || !it.moment.IsZero() {
			continue
		}
		if dayOnly > 0 {
			return false
		}
		for j := i - 1; j >= 0 && it.day == nil; j-- {
			it.day = items[j].day
		}
		for j := i + 1; j < len(items) && it.day == nil; j++ {
			it.day = items[j].day
		}
	}
	return true
}

// shareMonths completes days that lean on another: the next one that is complete, or else the one before.
func (p *parser) shareMonths(items []item) bool {
	for i := range items {
		n := items[i].day
		if n == nil || n.span != nil || n.until != nil {
			continue
		}
		for j := i + 1; j < len(items); j++ {
			if m, done := p.leanForward(n, items[j].day); done {
				items[i].day = m
				break
			}
		}
	}
	for i := 1; i < len(items); i++ {
		n, last := items[i].day, items[i-1].day
		if n == nil || last == nil || n == last {
			continue
		}
		m, ok := p.leanBack(n, last)
		if !ok {
			return false
		}
		items[i].day = m
	}
	return true
}

// leanForward completes n from a later day.
func (p *parser) leanForward(n, later *day) (*day, bool) {
	if later == nil {
		return n, false
	}
	m := *n
	switch {
	case n.onlyNumber() && later.dated() && !n.pair:
		m.m, m.y, m.numeric = later.m, later.y, later.numeric
		if n.hasWd && !p.resolve(&m).clear() && p.resolve(n).clear() { // Weds 18th and Thurs 16th Jan, said in December
			return n, false
		}
	case n.onlyNumber() && !later.month.IsZero():
		m.month = later.month
	case n.dated() && n.y == 0 && later.dated() && later.y > 0:
		if m.y = later.y; m.m > later.m {
			m.y--
		}
	case n.onlyWeekday() && n.mod == modNone && n.weeks == 0 && later.hasWd && later.d == 0 && !later.monday.IsZero():
		m.monday = later.monday
	case n.onlyWeekday() && n.mod == modNone && n.weeks == 0 && later.onlyWeekday() && later.weeks > 0:
		m.weeks = later.weeks
	default:
		return n, false
	}
	return &m, true
}

// alsoWeek is the second week of "the week of the 16th or the 23rd".
func (p *parser) alsoWeek(n day, last *day) *day {
	if n.onlyNumber() {
		n.month = Date{last.span.last.Year, last.span.last.Month, 1}
		if d := (Date{n.month.Year, n.month.Month, n.d}); !d.After(last.span.first) {
			n.month = n.month.AddMonths(1)
		}
	}
	s := p.resolve(&n)
	if !s.clear() {
		return &day{span: &s}
	}
	return aWeek(s.first.Monday())
}

// leanBack completes n from the day before it in the list.
func (p *parser) leanBack(n, last *day) (*day, bool) {
	m := *n
	switch {
	case last.week && (n.onlyNumber() || n.dated()):
		return p.alsoWeek(m, last), true
	case n.onlyNumber() && last.dated():
		m.m, m.y, m.numeric = last.m, last.y, false
		if n.d <= last.d { // 26 March or the 2nd
			s := p.resolve(last)
			if !s.clear() {
				return n, true
			}
			next := Date{s.first.Year, s.first.Month, 1}.AddMonths(1)
			m.m, m.y = int(next.Month), next.Year
		}
	case n.onlyNumber() && !last.month.IsZero():
		m.month = last.month
	case n.onlyNumber() && last.onlyNumber():
		s := p.resolve(last)
		if s.clear() {
			m.month = Date{s.first.Year, s.first.Month, 1}
			if n.d <= last.d {
				m.month = m.month.AddMonths(1)
			}
		}
	case n.dated() && n.y == 0 && last.dated() && last.y > 0:
		if m.y = last.y; m.m < last.m {
			m.y++
		}
	case n.onlyWeekday() && n.mod == modNone && n.weeks == 0 && last.hasWd && !last.monday.IsZero():
		m.monday = last.monday
	case n.onlyWeekday() && n.mod == modNone && n.weeks == 0 && last.onlyWeekday() && last.mod != modNone && last.mod != modLast:
		m.mod = last.mod
	case n.onlyWeekday() && n.mod == modNone && n.weeks == 0 && !last.onlyWeekday():
		// "Thu 5 March or Friday": the coming Friday, or the day after?
		s, own := p.resolve(last), p.resolve(n)
		if s.clear() && !s.last.IsZero() && s.last.next(n.wd) != own.first && own.clear() {
			return doubtful(Vague, s.last.next(n.wd), own.first), true
		}
	}
	return &m, true
}
