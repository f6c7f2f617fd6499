package whohas

import (
	"context"
	"hash/fnv"
	"slices"
	"sort"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/directory"
	"git.coop/cotech/wortley/storage"
)

// A screen is how many co-ops one answer shows.
const screen = 10

// A hit is a co-op that answers a question.
type hit struct {
	storage.Coop
	skills   []storage.Owner // what matched
	capacity *storage.Capacity
	far      float64 // kilometres from the place asked about; -1: we do not know where it is
	turn     uint32  // its place in today's order
}

// A result is what a search found.
type result struct {
	hits    []hit // at most a screen of them
	total   int
	first   int // number of the first one shown, from 0
	further []hit
	notes   []string
	missing []match // terms that nobody has
}

// search answers a question about skills. found is whether anybody was found.
func (d *desk) search(ctx context.Context, q query, c *bot.Call) (text string, found bool, err error) {
	groups, r, err := d.resolveAll(ctx, q)
	if err != nil {
		return "", false, err
	}
	if len(r.missing) > 0 && !anyWhole(groups) {
		text, err = d.notFound(ctx, q, r, c)
		return text, false, err
	}
	if one := single(groups); one != nil && len(one.skill) == 1 && !q.capacity && q.place == nil && q.area == nil {
		return d.simple(ctx, q, groups, r, c)
	}
	hits, err := d.gather(ctx, groups, q.former)
	if err != nil {
		return "", false, err
	}
	if hits, err = d.narrow(ctx, q, hits, c); err != nil {
		return "", false, err
	}
	if q.place != nil {
		hits, r.further = split2(hits, func(h hit) bool { return h.far >= 0 && h.far <= nearby })
	}
	r.total = len(hits)
	if r.total == 0 {
		text, err = d.nobody(ctx, q, groups, r, c)
		return text, false, err
	}
	rotate(hits, q, c.Time)
	r.first = min(q.page*screen, (r.total-1)/screen*screen)
	r.hits = hits[r.first:min(r.first+screen, r.total)]
	text, err = d.say(ctx, q, groups, r, c)
	return text, true, err
}

// resolveAll finds what each term of a question means.
func (d *desk) resolveAll(ctx context.Context, q query) (groups [][]meant, r result, err error) {
	for _, g := range q.any {
		var all []meant
		for _, t := range g {
			m, err := d.resolve(ctx, t.text)
			if err != nil {
				return nil, r, err
			}
			if m.note != "" {
				r.notes = append(r.notes, m.note)
			}
			if len(m.skill) == 0 && !t.not {
				if m.label == t.text {
					m.label = bot.Plain(t.text)
				}
				r.missing = append(r.missing, m)
			}
			all = append(all, meant{m, t})
		}
		groups = append(groups, all)
	}
	return groups, r, nil
}

// meant is a term and what it means.
type meant struct {
	match
	asked term
}

// anyWhole reports whether at least one alternative can be searched for.
func anyWhole(groups [][]meant) bool {
	return slices.ContainsFunc(groups, whole)
}

func whole(g []meant) bool {
	return !slices.ContainsFunc(g, func(m meant) bool { return !m.asked.not && len(m.skill) == 0 })
}

func single(groups [][]meant) *match {
	if len(groups) == 1 && len(groups[0]) == 1 && !groups[0][0].asked.not {
		return &groups[0][0].match
	}
	return nil
}

// gather finds the co-ops that have all terms of any group.
func (d *desk) gather(ctx context.Context, groups [][]meant, former bool) ([]hit, error) {
	found := map[int64]*hit{}
	for _, g := range groups {
		if !whole(g) {
			continue
		}
		in, err := d.group(ctx, g, former)
		if err != nil {
			return nil, err
		}
		for id, h := range in {
			if old := found[id]; old != nil {
				old.skills = append(old.skills, h.skills...)
				continue
			}
			found[id] = h
		}
	}
	hits := make([]hit, 0, len(found))
	for _, h := range found {
		hits = append(hits, *h)
	}
	sort.Slice(hits, func(i, j int) bool { return hits[i].ID < hits[j].ID })
	return hits, nil
}

// group finds the co-ops that have every term, and none of those it must not.
func (d *desk) group(ctx context.Context, g []meant, former bool) (map[int64]*hit, error) {
	var found map[int64]*hit
	sort.SliceStable(g, func(i, j int) bool { return !g[i].asked.not && g[j].asked.not })
	for _, m := range g {
		if m.asked.not && found == nil {
			found = map[int64]*hit{} // "not x" alone: everybody but
			if err := d.everybody(ctx, found, former); err != nil {
				return nil, err
			}
		}
		has, err := d.having(ctx, m.ids(), former)
		if err != nil {
			return nil, err
		}
		switch {
		case m.asked.not:
			for id := range has {
				delete(found, id)
			}
		case found == nil:
			found = has
		default:
			for id, h := range found {
				if more := has[id]; more != nil {
					h.skills = append(h.skills, more.skills...)
				} else {
					delete(found, id)
				}
			}
		}
	}
	return found, nil
}

func (d *desk) having(ctx context.Context, skills []int64, former bool) (map[int64]*hit, error) {
	found := map[int64]*hit{}
	if len(skills) == 0 {
		return found, nil
	}
	owners, err := d.db.Owners(ctx, skills, former)
	for _, o := range owners {
		h := found[o.Coop.ID]
		if h == nil {
			h = &hit{Coop: o.Coop, far: -1}
			found[o.Coop.ID] = h
		}
		h.skills = append(h.skills, o)
	}
	return found, err
}

func (d *desk) everybody(ctx context.Context, found map[int64]*hit, former bool) error {
	coops, err := d.db.Coops(ctx)
	for _, c := range coops {
		if (c.Status != "listed") == former {
			found[c.ID] = &hit{Coop: c, far: -1}
		}
	}
	return err
}

// nearby is how far away somebody near a town may be, in kilometres.
const nearby = 80

// narrow keeps the co-ops in the area and with the capacity asked for, and
// fills in what is known of both.
func (d *desk) narrow(ctx context.Context, q query, hits []hit, c *bot.Call) ([]hit, error) {
	byCoop, err := d.free(ctx, c)
	if err != nil {
		return nil, err
	}
	var kept []hit
	for _, h := range hits {
		h.capacity = byCoop[h.ID]
		if q.capacity && h.capacity == nil {
			continue
		}
		town, known := directory.Town(h.Town)
		if q.area != nil && !(known && q.area.Has(town)) && !sameArea(h.Town, q.area) {
			continue
		}
		if q.place != nil && known {
			h.far = directory.Distance(*q.place, town)
		}
		kept = append(kept, h)
	}
	return kept, nil
}

// sameArea reports whether a co-op gives the area itself as its place.
func sameArea(town string, a *directory.Area) bool {
	b, ok := directory.Region(town)
	return ok && b.Name == a.Name
}

// rotate puts hits in the order they are shown: near ones first if a place was
// asked for, then those with capacity, then experts. Within these, the order
// moves on by the day, so that nobody is always last for their name's sake.
func rotate(hits []hit, q query, at time.Time) {
	day := at.UTC().Format(time.DateOnly)
	for i := range hits {
		hits[i].turn = turn(day, hits[i].ID)
	}
	sort.SliceStable(hits, func(i, j int) bool {
		a, b := hits[i], hits[j]
		if q.place != nil && int(a.far/10) != int(b.far/10) {
			return a.far < b.far
		}
		if (a.capacity != nil) != (b.capacity != nil) {
			return a.capacity != nil
		}
		if x, y := level(a), level(b); x != y {
			return x > y
		}
		return a.turn < b.turn
	})
}

// turn is a number for a co-op that nobody can plan for, another every day.
func turn(day string, id int64) uint32 {
	h := fnv.New32a()
	h.Write([]byte(day))
	h.Write([]byte{byte(id), byte(id >> 8), byte(id >> 16)})
	sum := h.Sum32()
	return sum ^ sum>>15*2654435761
}

func level(h hit) (best int) {
	best = -1
	for _, s := range h.skills {
		switch s.Level {
		case "expert":
			best = max(best, 2)
		case "learning":
			best = max(best, 0)
		default:
			best = max(best, 1)
		}
	}
	return best
}

// crowd is how many owners of one skill are put in order; of more than that,
// a part is taken that begins elsewhere every day. It is more than the whole
// network has co-ops, and few enough to be read in no time.
const crowd = 60

// simple answers the usual question, for one skill wherever it is: the order
// is found from the index, and only what is shown is read.
func (d *desk) simple(ctx context.Context, q query, groups [][]meant, r result, c *bot.Call) (text string, found bool, err error) {
	one := groups[0][0].skill[0]
	skill := one.ID
	total, from, err := d.startOf(ctx, skill, q.former, c)
	if err != nil {
		return "", false, err
	}
	if r.total = total; total == 0 {
		text, err = d.nobody(ctx, q, groups, r, c)
		return text, false, err
	}
	ranks, err := d.db.Ranks(ctx, skill, q.former, from, crowd)
	if err != nil {
		return "", false, err
	}
	free, err := d.free(ctx, c)
	if err != nil {
		return "", false, err
	}
	hits := make([]hit, len(ranks))
	for i, k := range ranks {
		hits[i] = hit{Coop: storage.Coop{ID: k.Coop}, skills: []storage.Owner{{SkillName: one.Name, Level: k.Level, AsOf: k.AsOf}}, capacity: free[k.Coop], far: -1}
	}
	rotate(hits, q, c.Time)
	r.first = min(q.page*screen, (len(hits)-1)/screen*screen)
	r.hits = hits[r.first:min(r.first+screen, len(hits))]
	for i := range r.hits {
		if r.hits[i].Coop, err = d.db.Coop(ctx, r.hits[i].ID); err != nil {
			return "", false, err
		}
	}
	text, err = d.say(ctx, q, groups, r, c)
	return text, true, err
}

// startOf returns how many have a skill, and where a crowd begins today.
func (d *desk) startOf(ctx context.Context, skill int64, former bool, c *bot.Call) (total int, from int64, err error) {
	total, err = d.db.OwnerCount(ctx, []int64{skill}, former)
	if err != nil || total <= crowd {
		return total, 0, err
	}
	last, err := d.db.LastCoop(ctx)
	return total, int64(turn(c.Time.UTC().Format(time.DateOnly), skill)) % max(last, 1), err
}

// free returns who says that they have time, by co-op.
func (d *desk) free(ctx context.Context, c *bot.Call) (map[int64]*storage.Capacity, error) {
	all, err := d.db.Capacities(ctx, c.Time.In(c.Zone).Format(time.DateOnly))
	byCoop := make(map[int64]*storage.Capacity, len(all))
	for i := range all {
		byCoop[all[i].Coop] = &all[i]
	}
	return byCoop, err
}

func split2(hits []hit, in func(hit) bool) (yes, no []hit) {
	for _, h := range hits {
		if in(h) {
			yes = append(yes, h)
		} else {
			no = append(no, h)
		}
	}
	return yes, no
}

// label is what a question asked for, in the directory's own words.
func label(groups [][]meant) string {
	var any []string
	for _, g := range groups {
		var all, without []string
		for _, m := range g {
			name := m.label
			if m.asked.not {
				without = append(without, "not "+name)
				continue
			}
			all = append(all, name)
		}
		group := strings.Join(all, " + ")
		if len(without) > 0 {
			group = strings.TrimPrefix(group+", "+strings.Join(without, ", "), ", ")
		}
		any = append(any, group)
	}
	return strings.Join(any, " or ")
}
