package when

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
var touching = wordSet("next last half quarter over under within any past every later earlier until till through o'clock oclock early mid late before after am pm ish during " +
	"teatime breakfast dinner supper dusk dawn work school weekend weekends eod first thing")

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
