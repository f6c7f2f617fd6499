package news

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// found is a chore of every few hours: what has become news by itself is
// suggested, and what was kept for stars is forgotten in time.
func (d *desk) found(ctx context.Context, now time.Time) ([]bot.Post, error) {
	return nil, d.db.Do(ctx, func(ctx context.Context) error {
		if err := d.clean(ctx, now); err != nil {
			return err
		}
		return d.collect(ctx, now)
	})
}

// collect looks through the network's records for news. At the first look
// everything is as it always was, and nothing is news.
func (d *desk) collect(ctx context.Context, now time.Time) error {
	fresh, err := d.db.SeeNews(ctx, "looked")
	if err != nil {
		return err
	}
	issue, _, err := d.taking(ctx, now)
	if err != nil {
		return err
	}
	look := look{desk: d, issue: issue, first: fresh, now: now}
	for _, one := range []func(context.Context) error{look.coops, look.skills, look.wanted, look.meetings, look.groups, look.fund} {
		if err := one(ctx); err != nil {
			return err
		}
	}
	return nil
}

// A look is one time of looking for news.
type look struct {
	*desk
	issue storage.NewsIssue
	first bool
	now   time.Time
}

// new reports whether something has not been noticed before; at the first
// look nothing is new.
func (l *look) new(ctx context.Context, ref string) (bool, error) {
	fresh, err := l.db.SeeNews(ctx, ref)
	return fresh && !l.first, err
}

// A find is something that could be news.
type find struct {
	origin, ref, sign string // sign: a word of the section's name
	title, text, link string
	state             string
}

// suggest writes a find into the queue, or brings what is there up to date.
// What people changed, used or rejected stays.
func (l *look) suggest(ctx context.Context, f find) error {
	item, known, err := l.db.NewsAbout(ctx, f.ref)
	if err != nil || known && (item.ByHand || item.State == storage.Used || item.State == storage.Rejected || item.State == storage.OnHold) {
		return err
	}
	if known && item.Title == f.title && item.Text == f.text && item.Link == f.link {
		return nil
	}
	if !known {
		item = storage.NewsItem{Issue: l.issue.ID, State: f.state, Origin: f.origin, Ref: f.ref, Made: l.now}
	}
	item.Title, item.Text, item.Link, item.LinkKey = clipTitle(line(f.title)), f.text, f.link, compared(f.link)
	if section, ok := l.sectionWith(f.sign); ok {
		item.Section = section
	} else {
		item.Section = l.guess(piece{title: f.title})
	}
	_, err = l.db.SaveNews(ctx, item)
	return err
}

// maxJoined is how many co-ops can be news at once; more is an import.
const maxJoined = 5

// coops finds co-ops that are new in the directory.
func (l *look) coops(ctx context.Context) error {
	joined, err := l.db.NewCoops(ctx)
	if err != nil || len(joined) > maxJoined {
		return err
	}
	for _, c := range joined {
		skills, err := l.db.SkillsOf(ctx, c.ID)
		if err != nil {
			return err
		}
		var names []string
		for _, s := range skills {
			names = append(names, line(s.SkillName))
		}
		if err := l.suggest(ctx, welcome(c, names)); err != nil {
			return err
		}
	}
	return nil
}

// skills finds what people have said that their co-ops do now too: one item
// a co-op and newsletter. What was imported is not news.
func (l *look) skills(ctx context.Context) error {
	said, err := l.db.AuditSince(ctx, "skill.was")
	if err != nil {
		return err
	}
	for _, e := range said {
		var of struct{ Skill, Coop int64 }
		if !strings.Contains(e.Effect.What, ": added ") || json.Unmarshal([]byte(e.Effect.Undo.Data), &of) != nil {
			continue
		}
		if err := l.learnt(ctx, of.Coop, of.Skill); err != nil {
			return err
		}
	}
	return nil
}

// learnt adds a skill to the item about a co-op's new ones.
func (l *look) learnt(ctx context.Context, coop, skill int64) error {
	c, err := l.db.Coop(ctx, coop)
	if errors.Is(err, storage.ErrNotFound) || err == nil && c.Status != "listed" {
		return nil
	}
	if err != nil {
		return err
	}
	has, err := l.db.SkillsOf(ctx, coop)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(has, func(o storage.Owner) bool { return o.Skill == skill })
	if i < 0 {
		return nil
	}
	ref := fmt.Sprintf("skills/%d/%s", coop, l.issue.Month)
	before, _, err := l.db.NewsAbout(ctx, ref)
	if err != nil {
		return err
	}
	head, name := c.Name+" now also does ", line(has[i].SkillName)
	if old, ok := strings.CutPrefix(before.Title, head); ok && !strings.Contains(old, name) {
		name = old + ", " + name
	} else if ok {
		return nil
	}
	return l.suggest(ctx, find{origin: "skill", ref: ref, sign: "news", state: storage.Suggested, title: head + name})
}

// welcome is the item about a co-op that is new in the directory.
func welcome(c storage.Coop, skills []string) find {
	f := find{origin: "coop", ref: fmt.Sprintf("coop/%d", c.ID), sign: "welcome", state: storage.Suggested, title: "Welcome, " + c.Name}
	if link, ok := readLink(c.Website); ok {
		f.link = link
	}
	if c.Town != "" {
		f.text = "They are in " + line(c.Town) + "."
	}
	if len(skills) > 0 {
		f.text = strings.TrimSpace(f.text + " They list " + list(skills[:min(5, len(skills))]) + ".")
	}
	return f
}

// wanted makes one item a month of what was asked for and not found.
func (l *look) wanted(ctx context.Context) error {
	words, err := l.db.Wanted(ctx, l.now.AddDate(0, 0, -31).Format(time.DateOnly), 5)
	if err != nil || len(words) == 0 {
		return err
	}
	var names []string
	for _, w := range words {
		if w.Times >= 2 {
			names = append(names, fmt.Sprintf("%s (%d times)", line(w.Word), w.Times))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return l.suggest(ctx, find{origin: "wanted", ref: "wanted/" + l.issue.Month, sign: "involved", state: storage.Suggested,
		title: "Asked for, and nobody lists it", text: "Members looked for " + list(names) + ". Does your co-op do that? Tell me with !skill add."})
}

// meetings puts what is booked into the dates, by itself: it follows the
// meeting until the newsletter is sent.
func (l *look) meetings(ctx context.Context) error {
	if _, ok := l.sectionWith("date"); !ok {
		return nil
	}
	all, err := l.db.MeetingsBetween(ctx, l.now, l.issue.Deadline.AddDate(0, 0, 45))
	if err != nil {
		return err
	}
	for _, m := range all {
		ref := fmt.Sprintf("meeting/%d", m.ID)
		if m.State != storage.Booked {
			if err := l.drop(ctx, ref, "it will not take place then"); err != nil {
				return err
			}
			continue
		}
		group, ok, err := l.db.Group(ctx, m.Group)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		name := group.Name
		if m.Title != "" {
			name = m.Title
		}
		link, _ := readLink(m.Topic)
		if err := l.suggest(ctx, find{origin: "meeting", ref: ref, sign: "date", state: storage.Accepted, link: link,
			title: fmt.Sprintf("%s: %s", name, when.SaySpan(m.Start, m.End, m.Location()))}); err != nil {
			return err
		}
	}
	return l.cancelled(ctx)
}

// cancelled takes out the dates of meetings that will not be.
func (l *look) cancelled(ctx context.Context) error {
	gone, err := l.db.MeetingsChangedSince(ctx, l.now.AddDate(0, 0, -60))
	if err != nil {
		return err
	}
	for _, m := range gone {
		if m.State == storage.Booked {
			continue
		}
		if err := l.drop(ctx, fmt.Sprintf("meeting/%d", m.ID), "it will not take place then"); err != nil {
			return err
		}
	}
	return nil
}

// drop rejects a find that is no longer true.
func (l *look) drop(ctx context.Context, ref, why string) error {
	item, known, err := l.db.NewsAbout(ctx, ref)
	if err != nil || !known || item.State == storage.Used || item.State == storage.Rejected {
		return err
	}
	item.State, item.Why = storage.Rejected, why
	_, err = l.db.SaveNews(ctx, item)
	return err
}

// groups finds groups that are new, rest, or have closed.
func (l *look) groups(ctx context.Context) error {
	all, err := l.db.Groups(ctx)
	if err != nil {
		return err
	}
	for _, g := range all {
		ref := fmt.Sprintf("group/%d/%s/%s", g.ID, g.State, g.Until)
		fresh, err := l.new(ctx, ref)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		f := find{origin: "group", ref: ref, sign: "news", state: storage.Suggested}
		switch g.State {
		case "resting":
			f.title = g.Name + " is taking a rest"
			if g.Until != "" {
				f.title += " until " + sayDay(g.Until)
			}
		case "closed":
			f.title = g.Name + " has closed"
			f.text = "Thank you to everybody who was part of it."
		default:
			f.title, f.sign = g.Name+" is open to join", "involved"
			f.text = line(g.Purpose)
		}
		if err := l.suggest(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

func sayDay(day string) string {
	if date, err := when.ParseDate(day); err == nil {
		return when.SayDate(date)
	}
	return day
}
