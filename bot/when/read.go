package when

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
	f := p.fragments()
	if len(f) == 0 {
		return Reading{Kind: None}
	}
	return p.buildList(f[0])
}

// maxPhrase is how many bytes are looked at; nobody writes a date longer than that.
const maxPhrase = 20000

func (p *parser) fragments() []fragment {
	var found []fragment
	for p.i = 0; !p.done(); {
		mark := p.i
		if f, ok := p.list(); ok && f.end > mark {
			found = append(found, f)
			p.i = f.end
			continue
		}
		p.i = mark + 1
	}
	return found
}

// buildList turns a fragment into a reading.
func (p *parser) buildList(f fragment) Reading {
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
		r.Items = append(r.Items, one)
	}
	return r
}
