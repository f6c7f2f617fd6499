package when

import "time"

// feasts are named days and stretches; find gives the one of a year.
var feasts = []struct {
	names []string
	find  func(year int) (first, last Date)
}{
	{[]string{"christmas eve", "xmas eve"}, fixed(time.December, 24)},
	{[]string{"christmas day", "xmas day", "christmas", "xmas", "x mas"}, fixed(time.December, 25)},
	{[]string{"boxing day"}, fixed(time.December, 26)},
	{[]string{"new year's eve", "new years eve", "hogmanay"}, fixed(time.December, 31)},
	{[]string{"new year's day", "new years day"}, fixed(time.January, 1)},
	{[]string{"good friday"}, fromEaster(-2)},
	{[]string{"easter monday"}, fromEaster(1)},
	{[]string{"easter sunday", "easter day", "easter"}, fromEaster(0)},
	{[]string{"early may bank holiday", "may day bank holiday", "may day"}, nthMonday(time.May, 1)},
	{[]string{"late may bank holiday", "spring bank holiday"}, nthMonday(time.May, -1)},
	{[]string{"august bank holiday", "summer bank holiday"}, nthMonday(time.August, -1)},
}

func fixed(m time.Month, d int) func(int) (Date, Date) {
	return func(y int) (Date, Date) { return Date{y, m, d}, Date{y, m, d} }
}

func fromEaster(n int) func(int) (Date, Date) {
	return func(y int) (Date, Date) { return Easter(y).AddDays(n), Easter(y).AddDays(n) }
}

func nthMonday(m time.Month, n int) func(int) (Date, Date) {
	return func(y int) (Date, Date) {
		d, _ := NthWeekday(y, m, time.Monday, n)
		return d, d
	}
}

// holiday reads the name of a feast or bank holiday: the coming one, or that of a year named with it.
func (p *parser) holiday() (*day, bool) {
	if p.acceptAny("between christmas and new year", "between xmas and new year", "betwixtmas", "twixmas") {
		p.accept("'s")
		y := p.today.Year
		return settled(Date{y, time.December, 27}, Date{y, time.December, 31}, search), true
	}
	if p.acceptAny("over easter", "over the easter weekend", "easter weekend", "over the easter break") {
		y := p.today.Year
		if Easter(y).AddDays(1).Before(p.today) {
			y++
		}
		return settled(Easter(y).AddDays(-2), Easter(y).AddDays(1), namedWeek), true
	}
	if p.acceptAny("bank holiday weekend") {
		return nil, false
	}
	if n, ok := p.holidayIn(); ok {
		return n, true
	}
	if p.acceptAny("next bank holiday", "bank holiday monday", "bank holiday") && !p.at(0).word("weekend") {
		return single(p.nextHoliday(p.at(-1).word("monday"))), true
	}
	if p.at(0).kind != tWord {
		return nil, false
	}
	for _, f := range feasts {
		if !p.acceptAny(f.names...) {
			continue
		}
		year := p.today.Year
		if y, ok := p.year(); ok {
			year = y
		} else if d, _ := f.find(year); d.Before(p.today) {
			year++
		}
		first, last := f.find(year)
		if last.Before(p.today) {
			return &day{span: &span{reasons: []Reason{Past}, fatal: true}}, true
		}
		return settled(first, last, oneDay), true
	}
	return nil, false
}

// holidayIn reads "the May bank holiday", of which there may be two.
func (p *parser) holidayIn() (*day, bool) {
	month := p.at(0)
	if !month.isClass(cMonth) && !month.word("easter") && !month.word("christmas") || !p.at(1).word("bank") || !p.at(2).word("holiday") {
		return nil, false
	}
	p.i += 3
	var days []Date
	for year := p.today.Year; len(days) == 0 && year < p.today.Year+3; year++ {
		for _, h := range Holidays(year, p.opt.Nation) {
			in := month.isClass(cMonth) && int(h.Date.Month) == month.val || month.word("christmas") && h.Date.Month == time.December ||
				month.word("easter") && max(Easter(year).DaysTo(h.Date), -Easter(year).DaysTo(h.Date)) <= 2
			if in && !h.Date.Before(p.today) {
				days = append(days, h.Date)
			}
		}
	}
	if len(days) == 1 {
		return single(days[0]), true
	}
	return doubtful(Vague, days...), true
}

// nextHoliday is the first bank holiday after today, or the first that is a Monday.
func (p *parser) nextHoliday(monday bool) Date {
	for d := p.today.AddDays(1); ; d = d.AddDays(1) {
		if _, ok := BankHoliday(d, p.opt.Nation); ok && (!monday || d.Weekday() == time.Monday) {
			return d
		}
	}
}
