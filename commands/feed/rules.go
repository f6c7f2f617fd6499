package feed

import (
	"slices"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// A map of a forum's categories by number.
type places map[string]storage.ForumCategory

func byID(all []storage.ForumCategory) places {
	p := places{}
	for _, c := range all {
		p[c.ID] = c
	}
	return p
}

// open reports whether everybody on the forum may read a category. One that is
// not known may be anything.
func (p places) open(id string) bool {
	c, ok := p[id]
	return ok && !c.Restricted
}

// within reports whether a category lies below another.
func (p places) within(id, above string) bool {
	for range 5 {
		id = p[id].Parent
		if id == "" || id == above {
			break
		}
	}
	return id == above && id != ""
}

// weight says how exactly a rule is about an item, 0 if it is not.
func weight(f storage.Feed, i bot.Item, p places) int {
	switch f.What {
	case "author":
		if strings.EqualFold(f.Value, i.Author.ID) {
			return 5
		}
	case "tag":
		if slices.ContainsFunc(i.Tags, func(t string) bool { return strings.EqualFold(t, f.Value) }) {
			return 4
		}
	case "category":
		if f.Value == i.Category {
			return 3
		}
		if p.within(i.Category, f.Value) {
			return 2
		}
	case "all":
		return 1
	}
	return 0
}

// strength orders rules that are equally exact.
var strength = map[string]int{"follow": 1, "watch": 2, "mute": 3}

// decide returns the rule of a room that holds for an item: the most exact
// one, and among those mute before watch before follow. False if nothing is
// to be told.
func decide(rules []storage.Feed, i bot.Item, p places) (best storage.Feed, tell bool) {
	// What has no category is a personal message, whatever else is said of it.
	if i.Category == "" || i.Category == "0" {
		return best, false
	}
	most := 0
	for _, f := range rules {
		w := weight(f, i, p)*10 + strength[f.Level]
		if w < 10 || w <= most {
			continue
		}
		best, most = f, w
	}
	switch {
	case most == 0, best.Level == "mute", i.Number > 1 && best.Level != "watch":
		return best, false
	case p.open(i.Category):
		return best, true
	}
	// A rule about a restricted category was made by somebody who may.
	return best, best.What == "category" && best.Value == i.Category
}
