package when

import "time"

// intent says whether a fragment is about being away or being back.
func (p *parser) intent(f fragment) string {
	lead, tail := p.near(f, 7, 3)
	for i, t := range lead {
		if t.word("back") && !(i > 0 && lead[i-1].word("up")) || t.word("return") || t.word("returning") || t.word("returns") || t.word("again") {
			return "back"
		}
	}
	for i, t := range lead {
		next := token{}
		if i > 0 {
			next = lead[i-1]
		}
		switch {
		case t.word("booked") && next.word("up"):
			return "away"
		case t.word("leave") && !(i+1 < len(lead) && leaves[lead[i+1].text]):
		case awayWords[t.text] && !(i+1 < len(lead) && lead[i+1].word("not")), t.word("off") && !(i+1 < len(lead) && lead[i+1].word("kick")),
			t.word("out") && (i == 0 || next.word("of")), t.word("not") && (next.word("available") || next.word("free") || next.word("around") || i == 0 || next.word("in")):
			return "away"
		}
	}
	if p.negated(f) {
		return "away"
	}
	for i, t := range tail {
		if i == 0 && t.word("no") && len(tail) > 1 && tail[1].word("good") {
			return "away"
		}
		if i == 0 && awayWords[t.text] && t.text != "holiday" || t.text == "off" && i < 2 || t.text == "leave" && i < 3 {
			return "away"
		}
		if i < 3 && (t.word("booked") || t.word("isn't") || t.word("doesn't") || t.word("won't") || t.word("can't") || t.word("cannot") || t.word("impossible") || t.word("clashes") ||
			t.word("not") && i+1 < len(tail) && (tail[i+1].word("possible") || tail[i+1].word("good") || tail[i+1].word("free"))) {
			return "away"
		}
	}
	return ""
}

var awayWords = wordSet("leave away holiday holidays vacation unavailable busy ooo travelling traveling abroad sabbatical clash clashes")

// leaves are the words that make a noun of "leave".
var leaves = wordSet("on annual parental maternity paternity sick my study unpaid compassionate jury taking of")

// negated reports whether a fragment is ruled out: "can't do Thursday", "not 13 Feb".
func (p *parser) negated(f fragment) bool {
	lead, _ := p.near(f, 4, 0)
	for i, t := range lead {
		switch {
		case t.word("can't"), t.word("cannot"), t.word("cant"), t.word("couldn't"), t.word("unable"):
			return !(i > 0 && (lead[i-1].word("we") || lead[i-1].word("you") || lead[i-1].word("wait")))
		case t.word("not") && i < 3, t.word("won't") && i < 4, t.word("don't") && i > 0 && (lead[i-1].word("do") || lead[i-1].word("work")):
			return !(i > 0 && lead[i-1].word("sure"))
		}
	}
	return false
}

// bygone reports whether the words before a fragment speak of what is over: "minutes of 10 October".
func (p *parser) bygone(f fragment) bool {
	lead, tail := p.near(f, 3, 1)
	if len(tail) > 0 && (tail[0].word("was") || tail[0].word("were") || tail[0].word("went")) {
		return true
	}
	if first := p.toks[f.begin]; len(lead) > 0 && records[lead[0].text] && (first.word("from") || first.word("of")) {
		return true
	}
	for i, t := range lead {
		if bygoneWords[t.text] || t.word("minutes") && i > 0 && (lead[i-1].word("of") || lead[i-1].word("from") || lead[i-1].word("for")) {
			return true
		}
	}
	return false
}

// records are of something that has been: "the minutes from 28 January".
var records = wordSet("minutes notes recording recordings slides photos invoice receipt")

var bygoneWords = wordSet("was were met held happened had last since took came started began founded joined did went said wrote agreed " +
	"discussed sent posted attended")

// withIntent notes away and back. Time away is a run of days, whatever it was named as, and needs no bank holiday.
func (p *parser) withIntent(r Reading, f fragment) Reading {
	intent := p.intent(f)
	if p.bygone(f) && intent == "" && !p.opt.Passive && r.Kind != Error && r.Kind != Ask {
		q := ask(Past)
		if r.Kind == OneDate {
			q = q.offering(r.Date.String())
		}
		return q
	}
	if intent == "" {
		return p.dueIn(r, f)
	}
	if _, tail := p.near(f, 0, 2); len(r.Items) > 0 && len(tail) > 1 && suits[tail[1].text] { // can't do Tuesday, Wednesday is fine
		return ask(Vague)
	}
	if intent == "away" && contains(r.Assumed, AssumedToday) {
		return ask(Vague)
	}
	r.Intent = intent
	if intent != "away" {
		return r
	}
	r.BankHoliday = nil
	if r.Kind == Window && r.Part == nil && !r.From.Date.IsZero() && !r.To.Date.IsZero() {
		r.Kind, r.Date, r.Last = Dates, r.From.Date, r.To.Date
	}
	for i := range r.Items {
		r.Items[i].BankHoliday = nil
	}
	return r
}

// dueIn makes a deadline of a time that the words before it call one: "Deadline for pledges: Friday 5pm".
func (p *parser) dueIn(r Reading, f fragment) Reading {
	if r.Kind != Instant && r.Kind != OneDate {
		return r
	}
	for i := f.begin - 1; i >= 0 && p.line[i] == p.line[f.begin] && f.begin-i < 8; i-- {
		if t := p.toks[i]; t.word("deadline") || t.word("due") || t.word("closes") || t.word("close") || t.word("closing") || t.word("expires") {
			r.By = Bound{Date: r.Date, At: r.Start}
			r.Kind, r.Date, r.Start = Deadline, Date{}, time.Time{}
			break
		}
	}
	return r
}

// nothing is the reading of a phrase without a date: a wish to meet is asked about, anything else is left alone (C22).
func (p *parser) nothing() Reading {
	if p.anyVague() && (p.wish() || len(p.toks) <= 4 && !p.anyWord(func(t token) bool { return t.word("see") || t.word("speak") || t.word("talk") || t.word("get") })) {
		return ask(Vague)
	}
	if p.wish() {
		return ask(NoDate)
	}
	return Reading{Kind: None}
}

// anyVague reports whether the phrase says no more than soon.
func (p *parser) anyVague() bool {
	for i := range p.toks {
		p.i = i
		if p.acceptAny("soon", "asap", "tbc", "tba", "tbd", "sometime", "some time", "whenever", "at some point", "regularly", "in due course", "shortly",
			"eventually", "one day", "later", "as soon as possible", "some day", "someday", "to be confirmed", "to be arranged", "to be decided", "a bit later",
			"in a bit", "in a while", "any time", "anytime", "before long", "when we can", "more often", "when suits") {
			return true
		}
	}
	return false
}

// wish reports whether somebody wants to meet.
func (p *parser) wish() bool {
	wants, meets := false, false
	for i := range p.toks {
		p.i = i
		wants = wants || p.acceptAny("let's", "lets", "shall we", "can we", "could we", "should we", "we should", "we could", "we need", "need to", "want to",
			"we want", "would like", "i'd like", "when", "schedule", "book", "arrange", "set up", "find", "plan", "organise", "pick", "sort out", "fix", "agree",
			"how about", "call a", "call an", "time to", "please", "propose", "we'd", "who's up for", "fancy", "next")
		p.i = i
		meets = meets || p.acceptAny("meet", "meeting", "call", "date", "dates", "catch up", "chat", "get together", "session", "meetup", "slot", "a time", "reconvene",
			"get a meeting", "huddle")
	}
	return wants && meets
}
