package when

import "time"

func (p *parser) partSlot(it *item) bool {
	index, approx, today, ok := p.dayPart(it.day != nil && p.i == it.dayEnd)
	if !ok || it.part != nil {
		return false
	}
	if today {
		if it.day != nil {
			return false
		}
		it.day, it.dayEnd = single(p.today), p.i
	}
	part := parts[index]
	it.part, it.approx = &part, it.approx || approx
	it.hint = merPM
	if index == pMorning {
		it.hint = merAM
	} else if index == pWorkHours {
		it.hint = merNone
	}
	return true
}

func (p *parser) timeSlot(it *item) bool {
	if it.times.kind != noTime {
		return false
	}
	if t := p.at(0); t.kind == tNum && t.width[0] <= 2 && (it.day == nil || !it.day.dated()) && p.leansFrom(1) {
		return false
	}
	t, ok := p.timesOf(it.day != nil && p.i == it.dayEnd || p.leadsToTime(p.i) || it.part != nil || p.i > 0 && p.at(-1).is(":"))
	if !ok {
		return false
	}
	it.times = t
	if t.from != nil && t.from.approx {
		it.approx = true
	}
	if z, ok := p.zoneName(); ok && it.zone == nil {
		it.zone = z
	}
	return true
}

func (p *parser) lengthSlot(it *item) bool {
	minutes, ok := p.length()
	if !ok || it.minutes > 0 || p.at(0).word("before") || p.at(0).word("after") || p.at(0).word("later") || p.at(0).word("earlier") || p.at(0).word("from") && p.at(1).kind != tNum && p.at(1).kind != tPair ||
		p.at(0).word("ago") {
		return false
	}
	it.minutes = minutes
	return true
}

// elapsedSlot reads "in two hours", which counts elapsed time (C16).
func (p *parser) elapsedSlot(it *item) bool {
	if !it.empty() {
		return false
	}
	in := p.acceptAny("in", "within")
	if in {
		p.acceptAny("about", "around", "roughly")
	}
	minutes, ok := p.bareLength()
	behind := p.mark("'") && p.accept("time") || p.acceptAny("from now", "hence")
	if !ok || !in && !behind || p.at(0).word("before") || p.at(0).word("after") {
		return false
	}
	it.moment = p.now.Add(time.Duration(minutes) * time.Minute)
	if rest := it.moment.Second(); rest > 0 || it.moment.Nanosecond() > 0 {
		it.moment = it.moment.Truncate(time.Minute).Add(time.Minute)
	}
	return true
}

func (p *parser) zoneSlot(it *item) bool {
	if it.zone != nil || it.times.kind == noTime && !p.at(1).word("time") {
		return false
	}
	z, ok := p.zoneName()
	if ok {
		it.zone = z
	}
	return ok
}
