package when

import (
	"cmp"
	"slices"
	"time"
)

// A Nation says whose bank holidays count.
type Nation string

// The nations of the United Kingdom with bank holidays of their own. The empty Nation is England and Wales.
const (
	EnglandWales    Nation = "england-wales"
	Scotland        Nation = "scotland"
	NorthernIreland Nation = "northern-ireland"
)

// A Holiday is a bank holiday as the law has it: the substitute day where the day itself falls on a weekend.
type Holiday struct {
	Date       Date
	Name       string
	Substitute bool
}

// Easter gives Easter Sunday of a Gregorian year (the anonymous Gregorian computus).
func Easter(year int) Date {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return Date{year, time.Month(n / 31), n%31 + 1}
}

// Holidays gives the bank holidays of a year in order, computed by the Banking and Financial Dealings Act 1971 and the
// proclamations made so far: https://www.gov.uk/bank-holidays
func Holidays(year int, nation Nation) []Holiday {
	var list []Holiday
	add := func(d Date, name string) { list = append(list, Holiday{Date: d, Name: name}) }
	nth := func(m time.Month, n int, name string) {
		d, _ := NthWeekday(year, m, time.Monday, n)
		add(d, name)
	}
	easter := Easter(year)
	add(Date{year, time.January, 1}, "New Year’s Day")
	if nation == Scotland {
		add(Date{year, time.January, 2}, "2nd January")
		nth(time.August, 1, "Summer bank holiday")
		add(Date{year, time.November, 30}, "St Andrew’s Day")
	} else {
		add(easter.AddDays(1), "Easter Monday")
		nth(time.August, -1, "Summer bank holiday")
	}
	if nation == NorthernIreland {
		add(Date{year, time.March, 17}, "St Patrick’s Day")
		add(Date{year, time.July, 12}, "Battle of the Boyne")
	}
	add(easter.AddDays(-2), "Good Friday")
	nth(time.May, 1, "Early May bank holiday")
	nth(time.May, -1, "Spring bank holiday")
	add(Date{year, time.December, 25}, "Christmas Day")
	add(Date{year, time.December, 26}, "Boxing Day")
	return proclaimed(year, nation, substituted(list))
}

// substituted moves what falls on a weekend to the next working day that is not a bank holiday itself.
func substituted(list []Holiday) []Holiday {
	byDate := func(a, b Holiday) int { return a.Date.compare(b.Date) }
	slices.SortFunc(list, byDate)
	taken := map[Date]bool{}
	for _, h := range list {
		taken[h.Date] = !weekend(h.Date)
	}
	for i := range list {
		h := &list[i]
		if !weekend(h.Date) {
			continue
		}
		for weekend(h.Date) || taken[h.Date] {
			h.Date = h.Date.AddDays(1)
		}
		h.Substitute, taken[h.Date] = true, true
	}
	slices.SortFunc(list, byDate)
	return list
}

// oneOff are the holidays that were moved or added by proclamation. The Name is "" where Date is a holiday no more.
var oneOff = []struct {
	Date
	name   string
	nation Nation // "" is all
}{
	{Date{2020, time.May, 4}, "", ""}, {Date{2020, time.May, 8}, "Early May bank holiday (VE day)", ""},
	{Date{2022, time.May, 30}, "", ""}, {Date{2022, time.June, 2}, "Spring bank holiday", ""},
	{Date{2022, time.June, 3}, "Platinum Jubilee bank holiday", ""},
	{Date{2022, time.September, 19}, "Bank Holiday for the State Funeral of Queen Elizabeth II", ""},
	{Date{2023, time.May, 8}, "Bank holiday for the coronation of King Charles III", ""},
	{Date{2026, time.June, 15}, "World Cup bank holiday", Scotland},
}

func proclaimed(year int, nation Nation, list []Holiday) []Holiday {
	for _, o := range oneOff {
		if o.Year != year || o.nation != "" && o.nation != nation {
			continue
		}
		if o.name == "" {
			list = slices.DeleteFunc(list, func(h Holiday) bool { return h.Date == o.Date })
			continue
		}
		list = append(list, Holiday{Date: o.Date, Name: o.name})
	}
	slices.SortFunc(list, func(a, b Holiday) int { return cmp.Compare(a.Date.number(), b.Date.number()) })
	return list
}

// BankHoliday names the bank holiday that d is, and reports false if it is none.
func BankHoliday(d Date, nation Nation) (Holiday, bool) {
	for _, h := range Holidays(d.Year, nation) {
		if h.Date == d {
			return h, true
		}
	}
	return Holiday{}, false
}

// WorkingDay reports whether d is neither on a weekend nor a bank holiday.
func WorkingDay(d Date, nation Nation) bool {
	_, off := BankHoliday(d, nation)
	return !off && !weekend(d)
}

func weekend(d Date) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }
