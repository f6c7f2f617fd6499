package when

type direction uint8

const (
	neutral direction = iota
	later
	earlier
	unclear
)

// edit reads what moves the meeting of the context: "push it back half an hour", "bring forward to 1pm" (C20).
func (p *parser) edit() (Reading, bool) {
	for i := range p.toks {
		if i > 8 {
			break
		}
		p.i = i
		if dir, ok := p.editVerb(); ok {
			return p.editRest(dir), true
		}
		p.i = i
		if r, ok := p.editLength(); ok {
			return r, true
		}
		p.i = i
		if r, ok := p.editAmount(neutral, true); ok {
			return r, true
		}
		p.i = i
		if r, ok := p.sameTime(); ok {
			return r, true
		}
	}
	return p.instead()
}

// editVerb reads the verb, what is moved, and the particle.
func (p *parser) editVerb() (direction, bool) {
	t := p.at(0)
	if t.kind != tWord {
		return neutral, false
	}
	verb := verbs[t.text]
	if verb == "" {
		return neutral, false
	}
	p.i++
	dir := neutral
	if verb == "postpone" || verb == "push" {
		dir = later
	}
	for k := 0; k <= 7; k++ {
		switch w := p.at(k); {
		case w.word("back"):
			p.i += k + 1
			switch verb {
			case "push", "postpone":
				return later, true
			}
			return unclear, true
		case w.word("forward"), w.word("forwards"):
			p.i += k + 1
			if verb == "bring" {
				return earlier, true
			}
			return unclear, true
		case w.word("up") && verb != "postpone":
			p.i += k + 1
			return unclear, true
		case w.word("out") && verb == "push":
			p.i += k + 1
			return later, true
		case w.word("by"), w.word("to"), w.word("until"), w.word("till"), w.kind == tEnd, w.word("a"), w.word("an"), w.isClass(cCard), w.kind == tNum, w.word("half"):
			if verb == "bring" {
				return neutral, false
			}
			if verb == "push" && t.text == "put" {
				return neutral, false
			}
			if w.kind != tEnd || k <= 3 {
				p.i += k
				return dir, verb != "change" || w.kind != tEnd
			}
			return neutral, false
		case w.kind != tWord && !w.is(","):
			if k == 0 || verb != "postpone" {
				return neutral, false
			}
			p.i += k
			return dir, true
		}
	}
	return neutral, false
}

var verbs = map[string]string{
	"push": "push", "put": "push", "postpone": "postpone", "postponed": "postpone", "delay": "postpone", "delayed": "postpone", "defer": "postpone",
	"bring": "bring", "pull": "bring", "move": "move", "moved": "move", "shift": "move", "reschedule": "change", "rearrange": "change", "change": "change",
	"switch": "change", "swap": "change", "slip": "postpone",
}

// editRest reads by how much or to when.
func (p *parser) editRest(dir direction) Reading {
	p.accept("it")
	if r, ok := p.editAmount(dir, false); ok {
		return r
	}
	if p.acceptAny("from") { // from Thursday to Friday
		if _, ok := p.item(); !ok || !p.at(0).word("to") {
			return ask(Vague)
		}
	}
	p.acceptAny("to", "until", "till", "for")
	p.accept("the")
	if p.done() || p.at(0).kind == tPunct {
		if dir == unclear {
			return ask(Direction, Vague)
		}
		return ask(NoDate, Vague)
	}
	mark := p.i
	if r, ok := p.sameTime(); ok {
		return r
	}
	p.i = mark
	f, ok := p.list()
	if !ok {
		return ask(NoDate, Vague)
	}
	p.sameTimeBehind(&f)
	if len(f.items) > 1 || p.wordsLeft() {
		return ask(Vague)
	}
	return p.moveTo(f.items[0], dir)
}

// wordsLeft reports whether the rest of the phrase says anything about time.
func (p *parser) wordsLeft() bool {
	for k := 0; p.at(k).kind != tEnd; k++ {
		if t := p.at(k); t.kind != tPunct && (t.kind != tWord || t.class != cNone && t.class != cFill || meddling[t.text]) {
			return true
		}
	}
	return false
}

// sameTimeBehind drops "same time" from behind a new day: that is what a move does anyway.
func (p *parser) sameTimeBehind(f *fragment) {
	p.mark(",(")
	p.acceptAny("at the", "the", "at")
	p.acceptAny("same time", "usual time", "same place", "instead", "same time and place")
	p.mark(")")
}

// instead reads "Thursday instead", "make it 3pm", "start at 3".
func (p *parser) instead() (Reading, bool) {
	if p.opt.Meeting == nil {
		return Reading{}, false
	}
	for i := range min(len(p.toks), 6) {
		p.i = i
		lead := p.acceptAny("make it", "make that", "start at", "how about", "what about", "can we do", "could we do", "let's do", "we do", "instead")
		if f, ok := p.list(); ok && (lead || p.acceptAny("instead", "please") || p.i > 0 && p.at(0).word("instead")) && !f.items[0].onlyLength() {
			p.acceptAny("instead")
			p.sameTimeBehind(&f)
			if len(f.items) > 1 {
				return Reading{}, false
			}
			if p.wordsLeft() {
				return ask(Vague), true
			}
			return p.moveTo(f.items[0], neutral), true
		}
	}
	return Reading{}, false
}
