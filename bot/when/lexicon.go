package when

import "strings"

type class uint8

const (
	cNone    class = iota
	cWeekday       // val is a time.Weekday
	cMonth         // val is a time.Month
	cUnit          // val is a unit
	cCard          // val is the number
	cOrd           // val is the number
	cPart          // val is an index into parts
	cFill          // says nothing about time
	cAdverb        // weekly and the like; val is an index into adverbs
)

// An entry is what the lexicon knows about a word.
type entry struct {
	class  class
	val    int
	plural bool
	shaky  bool // an everyday word, too: may, sat, second
}

// The units of length, by size.
const (
	uMinute = iota
	uHour
	uDay
	uWorkday
	uWeek
	uFortnight
	uMonth
	uQuarter
	uYear
)

// A Part is a stretch of every day; To may lie at 24:00. A nil bound in JSON is open.
type Part struct{ From, To *Clock }

func part(from, to Clock) Part { return Part{&from, &to} }

// The parts of a day.
const (
	pMorning = iota
	pLunch
	pAfternoon
	pEvening
	pWorkHours
)

var parts = []Part{
	pMorning: part(HM(9, 0), HM(12, 0)), pLunch: part(HM(12, 0), HM(14, 0)), pAfternoon: part(HM(13, 0), HM(17, 0)),
	pEvening: part(HM(18, 0), HM(21, 0)), pWorkHours: part(HM(9, 0), HM(17, 0)),
}

// closeOfBusiness is also the end of play.
var closeOfBusiness = HM(17, 0)

var lexicon = buildLexicon()

func lookUp(word string) entry {
	e, ok := lexicon[word]
	if !ok && strings.HasSuffix(word, "'s") {
		e = lexicon[strings.TrimSuffix(word, "'s")]
		if e.class != cWeekday && e.class != cUnit && e.class != cMonth {
			e = entry{}
		}
	}
	return e
}

func buildLexicon() map[string]entry {
	lex := map[string]entry{}
	put := func(c class, val int, words string) {
		for _, w := range strings.Fields(words) {
			lex[w] = entry{class: c, val: val}
		}
	}
	for i, words := range []string{
		"sunday sun", "monday mon", "tuesday tue tues", "wednesday wed weds wednes", "thursday thu thur thurs", "friday fri", "saturday sat",
	} {
		put(cWeekday, i, words)
		full, _, _ := strings.Cut(words, " ")
		lex[full+"s"] = entry{class: cWeekday, val: i, plural: true}
	}
	for i, words := range []string{
		"january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sep sept",
		"october oct", "november nov", "december dec",
	} {
		put(cMonth, i+1, words)
	}
	put(cUnit, uMinute, "minute minutes min mins")
	put(cUnit, uHour, "hour hours hr hrs")
	put(cUnit, uDay, "day days")
	put(cUnit, uWorkday, "workday workdays weekday weekdays")
	put(cUnit, uWeek, "week weeks wk wks")
	put(cUnit, uFortnight, "fortnight fortnights")
	put(cUnit, uMonth, "month months mth mths")
	put(cUnit, uQuarter, "quarter quarters")
	put(cUnit, uYear, "year years yr yrs")
	for i, w := range strings.Fields("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
		"eighteen nineteen twenty") {
		put(cCard, i+1, w)
	}
	put(cCard, 30, "thirty")
	put(cCard, 40, "forty")
	put(cCard, 45, "fortyfive")
	put(cCard, 50, "fifty")
	put(cCard, 60, "sixty")
	put(cCard, 90, "ninety")
	for i, w := range strings.Fields("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth " +
		"fifteenth sixteenth seventeenth eighteenth nineteenth twentieth") {
		put(cOrd, i+1, w)
	}
	put(cOrd, 30, "thirtieth")
	put(cPart, pMorning, "morning")
	put(cPart, pLunch, "lunchtime lunch")
	put(cPart, pAfternoon, "afternoon")
	put(cPart, pEvening, "evening night eve")
	put(cPart, pWorkHours, "daytime")
	for _, w := range strings.Fields("morning lunchtime afternoon evening night") {
		lex[w+"s"] = entry{class: cPart, val: lex[w].val, plural: true}
	}
	put(cFill, 0, "at on the in of for say please then maybe perhaps possibly probably ideally preferably about around approx approximately roughly "+
		"circa exactly sharp prompt promptly be is it's its will it that meet meeting starting start starts i'd we'd so just let's lets "+
		"how what either could can we do i shall should would try make date time dates times")
	for i, a := range adverbs {
		put(cAdverb, i, a.words)
	}
	for _, w := range strings.Fields("sun sat wed mar may march second") {
		e := lex[w]
		e.shaky = true
		lex[w] = e
	}
	for _, w := range strings.Fields("weeks days months years hours minutes mins hrs wks weekdays") {
		e := lex[w]
		e.plural = true
		lex[w] = e
	}
	return lex
}

// adverbs are the single words that make a series.
var adverbs = []struct {
	words    string
	every    Frequency
	interval int  // 0 where the word is unclear
	work     bool // Monday to Friday
}{
	{"daily", Daily, 1, false},
	{"weekly", Weekly, 1, false},
	{"fortnightly", Weekly, 2, false},
	{"monthly", Monthly, 1, false},
	{"quarterly", Monthly, 3, false},
	{"yearly annually", Yearly, 1, false},
	{"biweekly", Weekly, 0, false},
	{"bimonthly", Monthly, 0, false},
	{"biannually biannual semiannually", Monthly, 0, false},
}
