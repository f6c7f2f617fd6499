package whohas

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/directory"
	"git.coop/cotech/wortley/storage"
)

// A Difference is what a list of entries would change in the directory.
type Difference struct {
	New     []directory.Entry
	Changed []Change
	Missing []storage.Coop // listed now, but not in the list: leaving is for people to decide
	Same    int
}

// A Change is what an entry would change of a co-op.
type Change struct {
	Coop  storage.Coop // as it is
	Entry directory.Entry
	What  []string // "town: London → Leeds", "+ Drupal", "- Joomla"
}

// Compare finds out what a list of entries would change. What members said of
// their own skills is theirs: an import neither changes nor removes it.
func Compare(ctx context.Context, db *storage.DB, entries []directory.Entry) (*Difference, error) {
	d := &desk{db: db, words: directory.Vocabulary()}
	all, err := db.Coops(ctx)
	if err != nil {
		return nil, err
	}
	aliases, err := db.CoopAliases(ctx)
	if err != nil {
		return nil, err
	}
	diff, met := &Difference{}, map[int64]bool{}
	for _, e := range entries {
		old, known := same(all, aliases, e)
		if !known {
			diff.New = append(diff.New, e)
			continue
		}
		met[old.ID] = true
		what, err := d.changes(ctx, old, e)
		if err != nil {
			return nil, err
		}
		if len(what) == 0 {
			diff.Same++
			continue
		}
		diff.Changed = append(diff.Changed, Change{old, e, what})
	}
	if !slices.ContainsFunc(entries, func(e directory.Entry) bool { return e.Status == directory.Listed }) {
		return diff, nil // a list of another kind: it says nothing about who is on ours
	}
	for _, c := range all {
		if c.Status == "listed" && !met[c.ID] {
			diff.Missing = append(diff.Missing, c)
		}
	}
	return diff, nil
}

// same finds the co-op that an entry is about: by its slug, or just its name.
func same(all []storage.Coop, aliases map[string]int64, e directory.Entry) (storage.Coop, bool) {
	for _, c := range all {
		if coopKey(c.Name) == coopKey(e.Name) || c.Slug != "" && strings.EqualFold(c.Slug, e.Slug) {
			return c, true
		}
	}
	for alias, id := range aliases {
		if directory.Key(alias) == coopKey(e.Name) {
			if found := byID(all, id); len(found) == 1 {
				return found[0], true
			}
		}
	}
	return storage.Coop{}, false
}

// statusAfter is a co-op's status after an import. A list that merely mentions
// a co-op says nothing about its place on the network's own.
func statusAfter(old storage.Coop, e directory.Entry) string {
	if e.Status == directory.Mentioned || e.Status == "" {
		return old.Status
	}
	return string(e.Status)
}

// changes words the differences between a co-op and an entry. What the entry
// does not say is no difference.
func (d *desk) changes(ctx context.Context, old storage.Coop, e directory.Entry) ([]string, error) {
	var what []string
	field := func(name, a, b string) {
		if b != "" && a != b {
			what = append(what, fmt.Sprintf("%s: %s → %s", name, orNone(a), b))
		}
	}
	field("name", old.Name, e.Name)
	field("website", old.Website, e.Website)
	field("town", old.Town, e.Town)
	field("status", old.Status, statusAfter(old, e))
	field("left the list", old.DelistedOn, isoDay(e.DelistedOn))
	if e.Members > 0 && e.Members != old.Members {
		what = append(what, fmt.Sprintf("members: %d → %d", old.Members, e.Members))
	}
	added, removed, err := d.skillChanges(ctx, old.ID, e)
	for _, name := range added {
		what = append(what, "+ "+name)
	}
	for _, o := range removed {
		what = append(what, "- "+o.SkillName)
	}
	return what, err
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

// skillChanges returns what an entry adds, and which imported skills it no
// longer has. An entry without any skills says nothing about them: the
// website dropped its lists in 2025, and nobody lost a skill by that.
func (d *desk) skillChanges(ctx context.Context, coop int64, e directory.Entry) (added []string, removed []storage.Owner, err error) {
	if len(e.Skills) == 0 {
		return nil, nil, nil
	}
	has, err := d.db.SkillsOf(ctx, coop)
	if err != nil {
		return nil, nil, err
	}
	now := map[string]bool{}
	for _, o := range has {
		now[directory.Key(o.SkillName)] = true
	}
	then := map[string]bool{}
	for _, s := range e.Skills {
		name := s.Name
		if n := d.words.Canonical(name); n != "" {
			name = n
		}
		if !now[directory.Key(name)] && !then[directory.Key(name)] {
			added = append(added, name)
		}
		then[directory.Key(name)] = true
	}
	for _, o := range has {
		if !then[directory.Key(o.SkillName)] && o.From != byMember {
			removed = append(removed, o)
		}
	}
	return added, removed, nil
}

// byMember is the source of what people of a co-op said themselves.
const byMember = "a member"

// String is the difference as an operator reads it.
func (d *Difference) String() string {
	var t strings.Builder
	for _, e := range d.New {
		fmt.Fprintf(&t, "new:     %s (%s, %d skills)\n", e.Name, e.Status, len(e.Skills))
	}
	for _, c := range d.Changed {
		fmt.Fprintf(&t, "changed: %s: %s\n", c.Coop.Name, strings.Join(c.What, "; "))
	}
	for _, c := range d.Missing {
		fmt.Fprintf(&t, "missing: %s is on our list but not in this one\n", c.Name)
	}
	if len(d.Missing) > 0 {
		t.WriteString("(a co-op leaves the list when a coordinator says !delist NAME in chat; !relist brings it back)\n")
	}
	fmt.Fprintf(&t, "%d new, %d changed, %d as they were, %d missing", len(d.New), len(d.Changed), d.Same, len(d.Missing))
	return t.String()
}

// Empty reports whether there is nothing to apply.
func (d *Difference) Empty() bool { return len(d.New) == 0 && len(d.Changed) == 0 }

// before is the directory as an import found it, as far as it touched it.
type before struct {
	New  []int64 // co-ops that did not exist
	Was  []storage.Coop
	Cans []storage.Can // skills of the co-ops in Was
}

// Apply carries out a difference in one transaction and writes down how to
// undo it; progress, if not nil, is told of each co-op. It returns the number
// in the audit log by which `!imports` knows it. Missing co-ops stay: see Delist.
func Apply(ctx context.Context, db *storage.DB, diff *Difference, from string, now time.Time, progress func(done, of int)) (id int64, err error) {
	d := &desk{db: db, words: directory.Vocabulary()}
	of, done := len(diff.New)+len(diff.Changed), 0
	step := func() {
		if done++; progress != nil {
			progress(done, of)
		}
	}
	dated := func(e directory.Entry) directory.Entry {
		if e.SkillsAsOf.IsZero() && len(e.Skills) > 0 {
			e.SkillsAsOf = now // the list does not say: it is what it said today
		}
		return e
	}
	err = db.Do(ctx, func(ctx context.Context) error {
		var was before
		for _, e := range diff.New {
			e = dated(e)
			if err := loadEntry(ctx, db, e); err != nil {
				return err
			}
			coop, err := db.EnsureCoop(ctx, e.Name)
			if err != nil {
				return err
			}
			was.New = append(was.New, coop)
			step()
		}
		for _, c := range diff.Changed {
			c.Entry = dated(c.Entry)
			if err := d.change(ctx, c, &was); err != nil {
				return err
			}
			step()
		}
		data, err := json.Marshal(was)
		if err != nil {
			return err
		}
		what := fmt.Sprintf("imported %s: %d new, %d changed co-ops", from, len(diff.New), len(diff.Changed))
		id, err = db.LogID(ctx, bot.Entry{At: now, Post: "import", Effect: bot.Effect{What: what, Undo: &bot.Act{Name: "import.back", Data: string(data)}}})
		return err
	})
	return id, err
}

// change applies one change, and adds what it replaces to was.
func (d *desk) change(ctx context.Context, c Change, was *before) error {
	was.Was = append(was.Was, c.Coop)
	has, err := d.db.SkillsOf(ctx, c.Coop.ID)
	if err != nil {
		return err
	}
	mine, asOf := map[int64]bool{}, map[int64]string{}
	for _, o := range has {
		was.Cans = append(was.Cans, storage.Can{Skill: o.Skill, Coop: c.Coop.ID, Level: o.Level, AsOf: o.AsOf, From: o.From})
		mine[o.Skill], asOf[o.Skill] = o.From == byMember, o.AsOf
	}
	_, removed, err := d.skillChanges(ctx, c.Coop.ID, c.Entry)
	if err != nil {
		return err
	}
	for _, o := range removed {
		if err := d.db.DropSkill(ctx, o.Skill, c.Coop.ID); err != nil {
			return err
		}
	}
	if _, err := d.db.SaveCoop(ctx, merged(c.Coop, c.Entry)); err != nil {
		return err
	}
	for _, s := range c.Entry.Skills {
		skill, err := skillNamed(ctx, d.db, s.Name, string(s.Kind))
		if err != nil {
			return err
		}
		if mine[skill.ID] {
			continue
		}
		can := storage.Can{Skill: skill.ID, Coop: c.Coop.ID, AsOf: max(asOf[skill.ID], isoDay(c.Entry.SkillsAsOf)), From: c.Entry.Source}
		if err := d.db.SetSkill(ctx, can); err != nil {
			return err
		}
	}
	return nil
}

// merged is a co-op with what an entry says of it; what it does not say stays.
func merged(old storage.Coop, e directory.Entry) storage.Coop {
	c := coopOf(e)
	c.ID, c.Status = old.ID, statusAfter(old, e)
	for _, f := range []struct{ to, from *string }{
		{&c.Slug, &old.Slug}, {&c.Website, &old.Website}, {&c.Town, &old.Town}, {&c.SkillsAsOf, &old.SkillsAsOf},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	if c.Members == 0 {
		c.Members = old.Members
	}
	return c
}

// importBack undoes an import.
func (d *desk) importBack(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	var was before
	if err := json.Unmarshal([]byte(data), &was); err != nil {
		return bot.Reply{}, err
	}
	for _, id := range was.New {
		if err := d.db.DropCoop(ctx, id); err != nil {
			return bot.Reply{}, err
		}
	}
	for _, c := range was.Was {
		if _, err := d.db.SaveCoop(ctx, c); err != nil {
			return bot.Reply{}, err
		}
		if err := d.db.DropSkills(ctx, c.ID); err != nil {
			return bot.Reply{}, err
		}
	}
	for _, can := range was.Cans {
		if err := d.db.SetSkill(ctx, can); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Reply{Text: fmt.Sprintf("The import is undone: %d co-ops taken out again, %d put back as they were.", len(was.New), len(was.Was))}, nil
}

// Undo undoes an import by its number. It returns what was undone.
func Undo(ctx context.Context, db *storage.DB, id int64, now time.Time) (string, error) {
	d := &desk{db: db, words: directory.Vocabulary()}
	var text string
	err := db.Do(ctx, func(ctx context.Context) error {
		e, err := db.AuditEntry(ctx, id)
		if errors.Is(err, storage.ErrNotFound) || err == nil && (e.Effect.Undo == nil || e.Effect.Undo.Name != "import.back") {
			return fmt.Errorf("whohas: there is no import number %d that could be undone", id)
		}
		if err != nil {
			return err
		}
		if err := db.Undone(ctx, id, now); err != nil {
			return err
		}
		r, err := d.importBack(ctx, nil, e.Effect.Undo.Data)
		if err != nil {
			return err
		}
		text = r.Text
		return db.Log(ctx, bot.Entry{At: now, Post: "import undone", Effect: bot.Effect{What: fmt.Sprintf("undid import %d", id)}})
	})
	return text, err
}

// imports is `!imports` and `!imports undo N`.
func (d *desk) imports(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	var n int64
	if _, err := fmt.Sscanf(strings.ToLower(tidy(c.Args)), "undo %d", &n); err == nil {
		e, err := d.db.AuditEntry(ctx, n)
		if err != nil || e.Effect.Undo == nil || e.Effect.Undo.Name != "import.back" {
			return bot.Reply{}, bot.Errorf("There is no import number %d that I could undo. `!imports` lists them.", n)
		}
		return bot.Reply{Text: fmt.Sprintf("Undo “%s”? Later changes to the same co-ops are lost with it.", bot.Plain(e.Effect.What)),
			Ask: &bot.Ask{Act: bot.Act{Name: "import.undo", Data: fmt.Sprint(n)}, Needs: bot.Coordinator}}, nil
	}
	all, err := d.db.AuditFor(ctx, "import", 5)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) == 0 {
		return bot.Reply{Text: "Nothing has been imported yet. Whoever runs me can: `wortley import coops FILE`."}, nil
	}
	var t strings.Builder
	t.WriteString("**Imports**, the latest first\n")
	for _, e := range all {
		fmt.Fprintf(&t, "- %d, on %s: %s\n", e.ID, e.At.In(c.Zone).Format("2 January 2006"), bot.Plain(e.Effect.What))
	}
	fmt.Fprintf(&t, "`!imports undo %d` takes one back.", all[0].ID)
	return bot.Reply{Text: t.String()}, nil
}

func (d *desk) undoImport(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var n int64
	if _, err := fmt.Sscan(data, &n); err != nil {
		return bot.Reply{}, err
	}
	text, err := Undo(ctx, d.db, n, c.Time)
	return bot.Reply{Text: text, Did: []bot.Effect{{What: fmt.Sprintf("undid import %d", n)}}}, err
}

// Export returns the directory as entries, to be written in any of the forms
// that integrations/directory knows.
func Export(ctx context.Context, db *storage.DB) ([]directory.Entry, error) {
	all, err := db.Coops(ctx)
	if err != nil {
		return nil, err
	}
	var entries []directory.Entry
	for _, c := range all {
		e := directory.Entry{Name: c.Name, Slug: c.Slug, Website: c.Website, Town: c.Town, Status: directory.Status(c.Status), Members: c.Members, Source: c.Source}
		e.DelistedOn, e.SkillsAsOf = parseDay(c.DelistedOn), parseDay(c.SkillsAsOf)
		skills, err := db.SkillsOf(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		for _, o := range skills {
			e.Skills = append(e.Skills, directory.Skill{Name: o.SkillName, Kind: directory.Kind(o.SkillKind)})
			if day := parseDay(o.AsOf); day.After(e.SkillsAsOf) {
				e.SkillsAsOf = day
			}
		}
		sort.SliceStable(e.Skills, func(i, j int) bool { return e.Skills[i].Kind < e.Skills[j].Kind })
		entries = append(entries, e)
	}
	return entries, nil
}

func parseDay(s string) time.Time {
	t, _ := time.Parse(time.DateOnly, s) // "" is no day
	return t
}
