package synthetic

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// filter is what the server honours of a client's filter.
// https://spec.matrix.org/v1.15/client-server-api/#filtering
type filter struct {
	raw             []byte
	timeline, state part
	lazy            bool // only the members who speak
	redundant       bool // even those the device knows
}

// part says which events of a kind to give.
type part struct {
	limit                 int // 0: none given
	types, notTypes       []string
	senders, notSenders   []string
	restrictsT, restrictS bool // types or senders is given, perhaps empty
}

func parseFilter(raw []byte) filter {
	room := gjson.GetBytes(raw, "room")
	state := room.Get("state")
	return filter{
		raw: raw, timeline: parsePart(room.Get("timeline")), state: parsePart(state),
		lazy:      state.Get("lazy_load_members").Bool(),
		redundant: state.Get("include_redundant_members").Bool(),
	}
}

func parsePart(v gjson.Result) part {
	list := func(key string) (texts []string) {
		for _, item := range v.Get(key).Array() {
			texts = append(texts, item.Str)
		}
		return texts
	}
	return part{
		limit: int(v.Get("limit").Int()),
		types: list("types"), notTypes: list("not_types"), restrictsT: v.Get("types").Exists(),
		senders: list("senders"), notSenders: list("not_senders"), restrictS: v.Get("senders").Exists(),
	}
}

func (p *part) allows(e *event) bool {
	matches := func(pattern string) bool {
		if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
			return strings.HasPrefix(e.typ, prefix)
		}
		return pattern == e.typ
	}
	switch {
	case p.restrictsT && !slices.ContainsFunc(p.types, matches),
		slices.ContainsFunc(p.notTypes, matches),
		p.restrictS && !slices.Contains(p.senders, e.sender),
		slices.Contains(p.notSenders, e.sender):
		return false
	}
	return true
}

// choose returns the events p allows; the very slice if that is all of them.
func (p *part) choose(events []*event) []*event {
	if !p.restrictsT && !p.restrictS && len(p.notTypes) == 0 && len(p.notSenders) == 0 {
		return events
	}
	var chosen []*event
	for _, e := range events {
		if p.allows(e) {
			chosen = append(chosen, e)
		}
	}
	return chosen
}
