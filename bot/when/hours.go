package when

// An hour is what a clock comes to: a wall time, or two to choose from.
type hour struct {
	at      Clock
	alts    []Clock // where it must be asked, the likelier first
	assumed bool    // morning or afternoon was filled in
	reason  Reason  // why it cannot be, or must be asked
	fatal   bool
}

// settle turns a clock as written into a wall time (C9). The hint is what the day part beside it says.
func (c clock) settle(hint meridiem) hour {
	if c.m > 59 || c.h > 24 || c.h == 24 && c.m > 0 {
		return hour{reason: NoSuchTime, fatal: true}
	}
	at := func(h int) Clock { return HM(h, c.m) }
	mer := c.mer
	if mer == merNone {
		mer = hint
	}
	switch {
	case c.midnight:
		return hour{reason: Vague, alts: []Clock{HM(24, 0), 0}}
	case c.mer == merAM && c.h > 12, c.mer == merPM && (c.h == 0 || c.h == 24):
		return hour{reason: NoSuchTime, fatal: true}
	case mer == mer24 || c.h > 12 || c.h == 0:
		return hour{at: at(c.h)}
	case c.mer == merNone && hint == merPM && c.h >= 9 && c.h < 12 && c.h != 12:
		return hour{reason: AmPm, alts: []Clock{at(c.h + 12), at(c.h)}}
	case mer == merAM:
		if c.mer == merNone && c.h == 12 {
			return hour{at: at(12)}
		}
		return hour{at: at(c.h % 12)}
	case mer == merPM:
		return hour{at: at(c.h%12 + 12)}
	case c.h == 7, c.h == 8:
		return hour{reason: AmPm, alts: []Clock{at(c.h + 12), at(c.h)}}
	case c.h >= 9:
		return hour{at: at(c.h), assumed: c.bare}
	}
	return hour{at: at(c.h + 12), assumed: true}
}

// settleRange settles both ends: the am or pm of the end also covers the start unless that puts the start after the end
// (C9), and an end without one is the next such time after the start. The end may lie on the next day (C11).
func settleRange(from, to clock, hint meridiem) (start, end hour) {
	if from.mer == merNone && (to.mer == merAM || to.mer == merPM) && from.h <= 12 && from.h > 0 {
		end = to.settle(hint)
		f := from
		f.mer = to.mer
		start = f.settle(hint)
		if !end.fatal && !start.fatal && start.at >= end.at {
			f.mer = merAM + merPM - to.mer
			if start = f.settle(hint); to.mer == merAM && start.at < 18*60 { // 2-1am is not 14:00-01:00
				start = hour{reason: AmPm, alts: []Clock{start.at}}
			}
		}
		return start, end
	}
	start = from.settle(hint)
	if to.midnight && start.reason == "" {
		return start, hour{at: HM(24, 0)}
	}
	if to.mer != merNone || to.h > 12 || to.h == 0 || start.reason != "" && start.reason != AmPm {
		return start, to.settle(hint)
	}
	end = to.settle(merNone)
	if end.fatal || start.fatal {
		return start, end
	}
	early, late := HM(to.h%12, to.m), HM(to.h%12+12, to.m)
	if start.reason == AmPm { // 7-9: which half of the day is asked once
		end = hour{at: late, assumed: true}
		return start, end
	}
	switch {
	case early > start.at:
		end = hour{at: early}
	case late > start.at:
		end = hour{at: late}
	case start.at >= HM(18, 0):
		end = hour{at: early} // past midnight
	default:
		end = hour{at: late}
	}
	return start, end
}
