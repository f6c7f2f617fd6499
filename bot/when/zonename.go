package when

import (
	"strings"
	"sync"
	"time"
)

// A zone named in a phrase: a place with its rules, or a fixed offset. Of the offsets only GMT and BST can be wrong for
// the season.
type zoneName struct {
	loc      *time.Location
	seasonal bool // GMT or BST: must agree with London on that day
	doubtful bool // an abbreviation with several meanings
}

// offsets are the abbreviations that are read, in minutes east of UTC.
var offsets = map[string]int{
	"utc": 0, "gmt": 0, "bst": 60, "cet": 60, "cest": 120, "wet": 0, "west": 60, "eet": 120, "eest": 180, "msk": 180, "est": -300, "edt": -240,
	"cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "jst": 540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
	"eat": 180, "wat": 60, "cat": 120, "hst": -600, "akst": -540, "pkt": 300, "kst": 540, "awst": 480, "acst": 570, "sast": 120, "hkt": 480, "sgt": 480, "brt": -180, "art": -180,
}

// usual are the two letters of North American zones, which follow the season.
var usual = map[string]string{"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}

// places are cities and countries as people write them before "time".
var places = map[string]string{
	"london": "Europe/London", "uk": "Europe/London", "british": "Europe/London", "england": "Europe/London", "edinburgh": "Europe/London",
	"glasgow": "Europe/London", "cardiff": "Europe/London", "belfast": "Europe/London", "manchester": "Europe/London", "sheffield": "Europe/London",
	"leeds": "Europe/London", "bristol": "Europe/London", "dublin": "Europe/Dublin", "irish": "Europe/Dublin", "lisbon": "Europe/Lisbon",
	"paris": "Europe/Paris", "berlin": "Europe/Berlin", "madrid": "Europe/Madrid", "barcelona": "Europe/Madrid", "rome": "Europe/Rome",
	"milan": "Europe/Rome", "amsterdam": "Europe/Amsterdam", "brussels": "Europe/Brussels", "vienna": "Europe/Vienna", "zurich": "Europe/Zurich",
	"zürich": "Europe/Zurich", "geneva": "Europe/Zurich", "copenhagen": "Europe/Copenhagen", "stockholm": "Europe/Stockholm", "oslo": "Europe/Oslo",
	"helsinki": "Europe/Helsinki", "athens": "Europe/Athens", "warsaw": "Europe/Warsaw", "prague": "Europe/Prague", "budapest": "Europe/Budapest",
	"istanbul": "Europe/Istanbul", "kyiv": "Europe/Kyiv", "new york": "America/New_York", "nyc": "America/New_York", "eastern": "America/New_York",
	"toronto": "America/Toronto", "montreal": "America/Toronto", "chicago": "America/Chicago", "denver": "America/Denver",
	"los angeles": "America/Los_Angeles", "san francisco": "America/Los_Angeles", "pacific": "America/Los_Angeles", "vancouver": "America/Vancouver",
	"mexico city": "America/Mexico_City", "bogota": "America/Bogota", "buenos aires": "America/Argentina/Buenos_Aires",
	"sao paulo": "America/Sao_Paulo", "são paulo": "America/Sao_Paulo", "delhi": "Asia/Kolkata", "new delhi": "Asia/Kolkata", "mumbai": "Asia/Kolkata",
	"bangalore": "Asia/Kolkata", "indian": "Asia/Kolkata", "hong kong": "Asia/Hong_Kong", "tokyo": "Asia/Tokyo", "seoul": "Asia/Seoul",
	"singapore": "Asia/Singapore", "dubai": "Asia/Dubai", "tel aviv": "Asia/Jerusalem", "cairo": "Africa/Cairo", "nairobi": "Africa/Nairobi",
	"lagos": "Africa/Lagos", "cape town": "Africa/Johannesburg", "johannesburg": "Africa/Johannesburg", "sydney": "Australia/Sydney",
	"melbourne": "Australia/Melbourne", "perth": "Australia/Perth", "auckland": "Pacific/Auckland", "german": "Europe/Berlin", "french": "Europe/Paris",
	"spanish": "Europe/Madrid", "central european": "Europe/Berlin",
}

// onlyWithTime are places whose names mean something else unless "time" follows.
var onlyWithTime = wordSet("eastern pacific indian irish british german french spanish perth wellington england edinburgh glasgow cardiff belfast " +
	"manchester sheffield leeds bristol london")

var loaded sync.Map // name → *time.Location; the zone data is parsed once

func location(name string) (*time.Location, bool) {
	if loc, ok := loaded.Load(name); ok {
		return loc.(*time.Location), true
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, false
	}
	loaded.Store(name, loc)
	return loc, true
}

// zoneName reads the zone behind a time.
func (p *parser) zoneName() (*zoneName, bool) {
	mark := p.i
	open := p.mark("(")
	z, ok := p.zoneOffset()
	if !ok {
		z, ok = p.zonePlace(open)
	}
	p.acceptAny("time")
	if !ok || open && !p.mark(")") {
		p.i = mark
		return nil, false
	}
	return z, true
}

// zoneOffset reads GMT, CET, Z, UTC+2, +01:00.
func (p *parser) zoneOffset() (*zoneName, bool) {
	t := p.at(0)
	if (t.is("+") || t.is("-") && t.glued) && p.at(-1).kind != tWord && p.at(1).glued && p.at(1).kind == tPair && p.at(1).sep == ':' && p.at(1).width[0] == 2 {
		n := p.at(1)
		p.i += 2
		return fixedZone(t.is("-"), n.n[0]*60+n.n[1]), true
	}
	if t.kind != tWord {
		return nil, false
	}
	if t.text == "z" && t.glued && p.at(-1).kind != tWord {
		p.i++
		return &zoneName{loc: time.UTC}, true
	}
	if name := usual[p.src[t.begin:t.end]]; name != "" {
		loc, ok := location(name)
		p.i++
		return &zoneName{loc: loc}, ok
	}
	if raw := p.src[t.begin:t.end]; t.text == "ist" && raw == "IST" {
		p.i++
		return &zoneName{loc: time.UTC, doubtful: true}, true
	} else if minutes, ok := offsets[t.text]; ok && (raw == strings.ToUpper(raw) || t.text == "gmt" || t.text == "bst" || t.text == "utc" || t.text == "cet") {
		p.i++
		if sign := p.at(0); (t.text == "gmt" || t.text == "utc") && sign.kind == tPunct && (sign.text == "+" || sign.text == "-") && sign.glued && p.at(1).glued &&
			(p.at(1).kind == tNum && p.at(1).width[0] <= 2 || p.at(1).kind == tPair && p.at(1).sep == ':') {
			n := p.at(1)
			p.i += 2
			return fixedZone(sign.text == "-", n.n[0]*60+n.n[1]), true
		}
		return &zoneName{loc: time.FixedZone(strings.ToUpper(t.text), minutes*60), seasonal: t.text == "gmt" || t.text == "bst"}, true
	}
	return nil, false
}

func fixedZone(west bool, minutes int) *zoneName {
	if west {
		minutes = -minutes
	}
	if minutes < -14*60 || minutes > 14*60 {
		return &zoneName{loc: time.UTC, doubtful: true}
	}
	return &zoneName{loc: time.FixedZone("", minutes*60)}
}

// zonePlace reads "Berlin time", "New York", "Europe/Paris".
func (p *parser) zonePlace(enclosed bool) (*zoneName, bool) {
	mark := p.i
	p.accept("in")
	t := p.at(0)
	if t.kind != tWord || t.class != cNone && t.class != cFill {
		p.i = mark
		return nil, false
	}
	if p.acceptAny("our time", "local time", "my time", "your time") {
		if p.at(-2).word("our") {
			return &zoneName{loc: p.zone}, true
		}
		return &zoneName{loc: p.zone, doubtful: true}, true
	}
	if p.at(1).is("/") && p.at(2).kind == tWord && p.at(2).glued {
		end := p.at(2).end
		for end < len(p.src) && (p.src[end] == '_' || p.src[end] == '/' || isLetter(p.src[end])) {
			end++
		}
		if loc, ok := location(p.src[t.begin:end]); ok {
			for p.at(0).kind != tEnd && p.at(0).begin < end {
				p.i++
			}
			return &zoneName{loc: loc}, true
		}
	}
	name := t.text
	zone, ok := places[name+" "+p.at(1).text]
	if ok {
		p.i += 2
	} else if zone, ok = places[name]; ok && (!onlyWithTime[name] || p.at(1).word("time") || enclosed) {
		p.i++
	} else {
		p.i = mark
		return nil, false
	}
	loc, ok := location(zone)
	return &zoneName{loc: loc}, ok
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }
