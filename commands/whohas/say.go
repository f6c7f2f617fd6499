package whohas

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/directory"
)

// say words what was found: the question repeated, a line a co-op, how fresh
// it is, who has time, and what to try next.
func (d *desk) say(ctx context.Context, q query, groups [][]meant, r result, c *bot.Call) (string, error) {
	var t strings.Builder
	fmt.Fprintf(&t, "**%s**%s: %s", label(groups), where(q), count(r.total, q.former))
	if fresh := freshness(r.hits); fresh != "" {
		fmt.Fprintf(&t, " (%s)", fresh)
	}
	t.WriteString("\n")
	if len(r.notes) > 0 {
		t.WriteString(strings.Join(r.notes, "; ") + ".\n")
	}
	also, err := d.also(ctx, r.hits, groups)
	if err != nil {
		return "", err
	}
	for _, h := range r.hits {
		t.WriteString(line(h, q, len(groups) > 1 || len(groups[0][0].skill) > 1, also[h.ID]))
	}
	t.WriteString(next(q, groups, r, c))
	return strings.TrimRight(t.String(), "\n"), nil
}

func where(q query) string {
	switch {
	case q.place != nil:
		return " near " + q.place.Name
	case q.area != nil:
		return " in " + q.area.Name
	}
	return ""
}

func count(n int, former bool) string {
	kind := "co-op"
	if former {
		kind = "former member"
	}
	if n == 1 {
		return "1 " + kind
	}
	return fmt.Sprintf("%d %ss", n, kind)
}

// freshness says of when the entries are, if one phrase holds for all of them.
func freshness(hits []hit) string {
	oldest, newest := "9", ""
	for _, h := range hits {
		for _, s := range h.skills {
			if s.AsOf == "" {
				return ""
			}
			oldest, newest = min(oldest, s.AsOf), max(newest, s.AsOf)
		}
	}
	if newest == "" {
		return ""
	}
	a, b := month(oldest), month(newest)
	if a == b {
		return "as of " + a
	}
	if oldest[:4] == newest[:4] {
		a, _, _ = strings.Cut(a, " ")
	}
	return "as of " + a + " to " + b
}

// month writes "2025-06-30" as "June 2025".
func month(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("January 2006")
}

// line is one co-op of an answer.
func line(h hit, q query, matched bool, also []string) string {
	var facts []string
	if h.Town != "" {
		place := bot.Plain(h.Town)
		if q.place != nil && h.far >= 0 {
			place += fmt.Sprintf(", %s", kilometres(h.far))
		}
		facts = append(facts, place)
	}
	if h.Members > 0 {
		facts = append(facts, people(h.Members))
	}
	var t strings.Builder
	fmt.Fprintf(&t, "- **%s**", bot.Plain(h.Name))
	if len(facts) > 0 {
		fmt.Fprintf(&t, " (%s)", strings.Join(facts, ", "))
	}
	if what := matchedSkills(h, matched); what != "" {
		fmt.Fprintf(&t, ": %s", what)
	}
	if len(also) > 0 {
		fmt.Fprintf(&t, ", also %s", strings.Join(also, ", "))
	}
	if h.capacity != nil {
		fmt.Fprintf(&t, " · has time: %s", bot.Plain(bot.Clip(h.capacity.Words, 80)))
	}
	if h.Website != "" {
		fmt.Fprintf(&t, " · %s", h.Website)
	}
	if q.former && h.DelistedOn != "" {
		fmt.Fprintf(&t, " · left the list in %s", month(h.DelistedOn))
	}
	return t.String() + "\n"
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

func kilometres(far float64) string {
	if far < 3 {
		return "in town"
	}
	return fmt.Sprintf("%d km", int(math.Round(far)))
}

// matchedSkills names what a co-op was found for, where the question leaves it open.
func matchedSkills(h hit, open bool) string {
	var names []string
	for _, s := range h.skills {
		name := bot.Plain(s.SkillName)
		if s.Level != "" {
			name += " (" + s.Level + ")"
		} else if !open {
			continue
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names[:min(len(names), 4)], ", ")
}

// also returns up to two skills of each co-op that go with what was asked for.
func (d *desk) also(ctx context.Context, hits []hit, groups [][]meant) (map[int64][]string, error) {
	one := single(groups)
	if one == nil || one.term == "" || len(hits) > 5 {
		return nil, nil
	}
	related := d.words.Related(one.term)
	if len(related) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	all, err := d.db.SkillsOfMany(ctx, ids)
	also := map[int64][]string{}
	for _, r := range related {
		for _, o := range all {
			if o.SkillName == r && len(also[o.Coop.ID]) < 2 {
				also[o.Coop.ID] = append(also[o.Coop.ID], bot.Plain(o.SkillName))
			}
		}
	}
	return also, err
}

// next is what to try now.
func next(q query, groups [][]meant, r result, c *bot.Call) string {
	var t strings.Builder
	if len(r.missing) > 0 {
		fmt.Fprintf(&t, "Nobody lists %s.\n", r.missing[0].label)
	}
	if n := len(r.further); n > 0 {
		t.WriteString(furtherAway(r.further))
	}
	if shown := r.first + len(r.hits); shown < r.total {
		page := ""
		if q.page > 0 {
			page = fmt.Sprint(" ", q.page+2)
		}
		fmt.Fprintf(&t, "%d more: `!whohas %s more%s`.\n", r.total-shown, bot.Code(bot.Clip(askedWords(c), 60)), page)
	}
	switch {
	case q.former:
		t.WriteString("They are no longer on the network's list; without `former` I show those who are.")
	case slices.ContainsFunc(r.hits, func(h hit) bool { return h.capacity != nil }):
		fmt.Fprintf(&t, "More about one of them: `!coop %s`.", bot.Code(shortName(r.hits[0].Name)))
	default:
		fmt.Fprintf(&t, "Nobody here has told me about spare time. More about one: `!coop %s`.", bot.Code(shortName(r.hits[0].Name)))
	}
	return t.String()
}

// askedWords are the words of a question without "more".
func askedWords(c *bot.Call) string {
	return moreWords.ReplaceAllString(tidy(c.Args), "")
}

// furtherAway says how many more there are, and where the nearest of them is.
func furtherAway(hits []hit) string {
	var best *hit
	unknown := 0
	for i := range hits {
		switch h := &hits[i]; {
		case h.far < 0:
			unknown++
		case best == nil || h.far < best.far:
			best = h
		}
	}
	if best == nil {
		return fmt.Sprintf("%d more without a town.\n", unknown)
	}
	return fmt.Sprintf("%d elsewhere; the nearest is %s (%s, %s).\n", len(hits), bot.Plain(best.Name), bot.Plain(best.Town), kilometres(best.far))
}

// shortName is enough of a co-op's name to find it again.
func shortName(name string) string {
	word, _, _ := strings.Cut(name, " ")
	if len(word) > 4 {
		return strings.ToLower(strings.TrimSuffix(word, ":"))
	}
	return strings.ToLower(name)
}

// notFound answers when nobody has a skill: near misses, and a next step.
func (d *desk) notFound(ctx context.Context, q query, r result, c *bot.Call) (string, error) {
	m := r.missing[0]
	asked := q.any[0][0].text
	for _, g := range q.any {
		for _, t := range g {
			if bot.Plain(t.text) == m.label || d.words.Canonical(t.text) == m.label {
				asked = t.text
			}
		}
	}
	noted := ""
	if !q.former && wantable(asked) {
		if err := d.want(ctx, asked, c); err != nil {
			return "", err
		}
		noted = fmt.Sprintf(" I have noted that somebody looked for it. If your co-op does it: `!skill add %s`.", bot.Code(asked))
	}
	near, err := d.misses(ctx, asked, m)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("**%s**: nobody lists that.", bot.Plain(bot.Clip(asked, 60)))
	if m.term != "" && !sameWords(m.term, asked) {
		text = fmt.Sprintf("**%s** (“%s”): nobody lists that.", m.term, bot.Plain(bot.Clip(asked, 60)))
	}
	if len([]rune(asked)) == 1 {
		text = fmt.Sprintf("**%s**: nobody lists plain %s.", bot.Plain(asked), bot.Plain(strings.ToUpper(asked)))
	}
	switch {
	case len(near) == 1:
		text += fmt.Sprintf(" Did you mean %s (%s)?", bot.Plain(near[0].name), count(near[0].n, false))
	case len(near) > 1:
		var list []string
		for _, n := range near {
			list = append(list, fmt.Sprintf("%s (%d)", bot.Plain(n.name), n.n))
		}
		text += " Closest: " + strings.Join(list, ", ") + "."
	}
	if m.term == "" && len(near) == 1 {
		return text + fmt.Sprintf(" If it is the same thing, say `!alias %s = %s`.", bot.Code(bot.Clip(asked, 40)), bot.Code(near[0].name)), nil
	}
	return text + noted, nil
}

// nobody answers when the skills are known but no co-op fits the question.
func (d *desk) nobody(ctx context.Context, q query, groups [][]meant, r result, c *bot.Call) (string, error) {
	head := fmt.Sprintf("**%s**%s: ", label(groups), where(q))
	if !q.former && len(groups) == 1 && !q.capacity && q.place == nil && q.area == nil && len(groups[0]) == 1 {
		if err := d.want(ctx, groups[0][0].asked.text, c); err != nil {
			return "", err
		}
	}
	wider := q
	switch {
	case q.capacity:
		wider.capacity = false
		n, err := d.total(ctx, wider, groups, c)
		if err != nil {
			return "", err
		}
		if n > 0 {
			return head + fmt.Sprintf("nobody has told me that they have time. %s without that: `!whohas %s`.", count(n, q.former), bot.Code(bot.Clip(strings.TrimSpace(capacityWords.ReplaceAllString(tidy(c.Args), "")), 60))), nil
		}
	case q.place != nil && len(r.further) > 0:
		return head + fmt.Sprintf("nobody within %d km. ", nearby) + strings.TrimSpace(furtherAway(r.further)), nil
	case q.area != nil:
		wider.area = nil
		n, err := d.total(ctx, wider, groups, c)
		if err != nil {
			return "", err
		}
		if n > 0 {
			return head + fmt.Sprintf("nobody there. %s elsewhere: `!whohas %s`.", count(n, q.former), bot.Code(label(groups))), nil
		}
	}
	parts, err := d.each(ctx, groups, q.former)
	if err != nil {
		return "", err
	}
	if len(parts) == 1 && len(groups) == 1 && len(groups[0]) > 1 {
		return head + fmt.Sprintf("everybody who has %s has that too.", parts[0]), nil
	}
	if len(parts) > 1 {
		return head + "nobody does all of it. One by one: " + strings.Join(parts, ", ") + ".", nil
	}
	if former, err := d.formerOwners(ctx, groups); err != nil {
		return "", err
	} else if former > 0 && !q.former {
		return head + fmt.Sprintf("no co-op on the list does it now. %s did: `!whohas %s former`.", strings.ToUpper(count(former, true)[:1])+count(former, true)[1:], bot.Code(bot.Clip(askedWords(c), 60))), nil
	}
	if one := single(groups); one != nil {
		r.missing = []match{*one}
		return d.notFound(ctx, q, r, c)
	}
	return head + "nobody lists that.", nil
}

func (d *desk) total(ctx context.Context, q query, groups [][]meant, c *bot.Call) (int, error) {
	hits, err := d.gather(ctx, groups, q.former)
	if err != nil {
		return 0, err
	}
	hits, err = d.narrow(ctx, q, hits, c)
	return len(hits), err
}

// each counts the owners of each term of a question.
func (d *desk) each(ctx context.Context, groups [][]meant, former bool) ([]string, error) {
	var parts []string
	for _, g := range groups {
		for _, m := range g {
			if m.asked.not || len(m.skill) == 0 {
				continue
			}
			n, err := d.db.OwnerCount(ctx, m.ids(), former)
			if err != nil {
				return nil, err
			}
			parts = append(parts, fmt.Sprintf("%s (%d)", bot.Plain(m.label), n))
		}
	}
	return parts, nil
}

func (d *desk) formerOwners(ctx context.Context, groups [][]meant) (int, error) {
	hits, err := d.gather(ctx, groups, true)
	return len(hits), err
}

// want counts a search that found nobody: the word, never who asked.
func (d *desk) want(ctx context.Context, word string, c *bot.Call) error {
	if !wantable(word) {
		return nil
	}
	name := d.words.Canonical(word)
	if name == "" {
		name = strings.ToLower(word)
	}
	return d.db.Want(ctx, directory.Key(name), name, c.Time.In(c.Zone).Format(time.DateOnly))
}

// wantable reports whether a word may be the name of a skill that is worth noting.
func wantable(word string) bool {
	switch strings.ToLower(word) {
	case "or", "and", "not", "near", "in", "more", "former":
		return false
	}
	return strings.ContainsFunc(word, unicode.IsLetter) && checkSkill(word) == nil
}

// unknownTown says that we do not know a town, and which alike ones we do.
func unknownTown(name string) string {
	text := fmt.Sprintf("I do not know where “%s” is.", bot.Plain(bot.Clip(name, 40)))
	key := directory.Key(name)
	for _, t := range directory.Towns() {
		if len(key) >= 4 && bot.Distance(key, directory.Key(t.Name)) <= 2 {
			return text + fmt.Sprintf(" Did you mean %s?", t.Name)
		}
	}
	return text + " A larger town nearby may work, or a nation: `in Scotland`."
}

// sayList joins names as people do: "a, b and c".
func sayList(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
