package when

import (
	"slices"
	"time"
)

// Read says what a phrase means. It never fails: what cannot be read is [Ask], [Error] or [None].
//
// Unless the options say Passive, the whole phrase must be accounted for; harmless words that were not read are in Rest.
func Read(phrase string, opt Options) Reading {
	if len(phrase) > maxPhrase {
		phrase = phrase[:maxPhrase]
	}
	p := newParser(phrase, opt)
	if len(p.toks) == 0 {
		return Reading{Kind: None}
	}
	p.sentences()
	if opt.Passive {
		return p.passive()
	}
	return p.whole()
}

// maxPhrase is how many bytes are looked at; nobody writes a date longer than that.
const maxPhrase = 20000

// buildList turns a fragment into a reading.
func (p *parser) buildList(f fragment) Reading {
	f.items = slices.Clone(f.items)
	if f.op == "mixed" || !p.share(&f) {
		return ask(Vague)
	}
	if len(f.items) == 1 {
		return p.build(f.items[0])
	}
	r := Reading{Kind: Choice, Op: f.op}
	for _, it := range f.items {
		one := p.build(it)
		if one.Kind == Ask || one.Kind == Error {
			return one
		}
		if one.BankHoliday != nil {
			r.BankHoliday = one.BankHoliday
		}
		r.Assumed = addNew(r.Assumed, one.Assumed...)
		if !r.holds(one) {
			r.Items = append(r.Items, one)
		}
	}
	if len(r.Items) == 1 { // 16:00 UK / 17:00 CET
		return r.Items[0]
	}
	if w, ok := oneWindow(r); ok {
		return w
	}
	return r
}

// holds reports whether the same moment is among the items already.
func (r Reading) holds(one Reading) bool {
	for _, it := range r.Items {
		if it.Kind == one.Kind && !one.Start.IsZero() && it.Start.Equal(one.Start) && it.End.Equal(one.End) || it.Kind == OneDate && one.Kind == OneDate && it.Date == one.Date {
			return true
		}
	}
	return false
}

// oneWindow makes one window of weeks that follow each other: "next week or the week after".
func oneWindow(r Reading) (Reading, bool) {
	w := r.Items[0]
	for i, it := range r.Items {
		if it.Kind != Window || it.Part != nil || it.From.Date.IsZero() || it.To.Date.IsZero() || it.To.Date.Weekday() != time.Sunday ||
			it.From.Date.DaysTo(it.To.Date) > 6 || i > 0 && w.To.Date.AddDays(1) != it.From.Date {
			return r, false
		}
		w.To = it.To
	}
	w.Assumed, w.BankHoliday = r.Assumed, r.BankHoliday
	return w, true
}
