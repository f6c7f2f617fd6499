package minutes

import (
	"context"
	"regexp"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// A deed is an action as somebody said it.
type deed struct {
	text  string
	owner int64
	name  string    // as it was written; "" for nobody
	due   when.Date // zero: not said
	vague string    // words after "by" that may be a day, but which one is not clear
}

var (
	// dueWords begin the part that says when something is due.
	dueWords = regexp.MustCompile(`(?i)[\s,;(]+(by|due(?: by| on)?|before|until|till)\s+`)
	// ownerSaid is "@sal: …", "sal to …", "me: …" or "Sal will …" at the front.
	ownerSaid = regexp.MustCompile(`^@([^\s:,]+(?::[a-zA-Z0-9.-]+\.[a-z]+)?)[:,]?\s+(?:to\s+|will\s+)?(.+)$|^(?i:(me|i|i'll|i’ll))[:,]?\s+(?:to\s+|will\s+)?(.+)$|^([\pL][\pL'’-]*)(?::\s*|\s+(?:to|will)\s+)(.+)$`)
)

// readDeed reads "@sal write the brief by Friday". What is not clearly a day
// stays in the text.
func (d *desk) readDeed(ctx context.Context, c *bot.Call, group int64, said string) (deed, error) {
	said = strings.TrimRight(tidy(said, 400), ". ")
	a := deed{text: said}
	for _, at := range dueWords.FindAllStringIndex(said, -1) {
		day, clear := dueDay(said[at[1]:], c)
		if clear && !day.IsZero() {
			a.text, a.due, a.vague = strings.TrimRight(said[:at[0]], " ,;("), day, ""
			break
		}
		if !clear {
			a.vague = strings.TrimRight(said[at[1]:], ")")
		}
	}
	m := ownerSaid.FindStringSubmatch(a.text)
	switch {
	case m == nil:
	case m[1] != "":
		a.name, a.text = m[1], m[2]
	case m[3] != "":
		a.name, a.text = c.From.Name, m[4]
		var err error
		a.owner, err = d.db.Know(ctx, c.Room.Site, c.From)
		return a, err
	default: // a name without @ counts if somebody is called that
		p, ok, err := d.db.PersonCalled(ctx, c.Room.Site, group, m[5])
		if ok {
			a.owner, a.name, a.text = p.ID, p.Name, m[6]
		}
		return a, err
	}
	if a.name == "" {
		return a, nil
	}
	p, ok, err := d.db.PersonCalled(ctx, c.Room.Site, group, a.name)
	if ok {
		a.owner, a.name = p.ID, p.Name
	}
	return a, err
}

// dueDay reads when something is due: the last day of what is said. It is
// clear if it is a day, or surely none.
func dueDay(said string, c *bot.Call) (day when.Date, clear bool) {
	said = strings.Trim(said, " ().,;")
	r := when.Read(said, when.Options{Now: c.Time, Zone: c.Zone})
	if strings.TrimSpace(r.Rest) != "" {
		return day, true // "by hand by Friday": the first of the two says nothing about a day
	}
	switch r.Kind {
	case when.Deadline:
		if r.By.Date.IsZero() {
			return when.DateOf(r.By.At.In(c.Zone)), true
		}
		return r.By.Date, true
	case when.Instant, when.Range:
		return when.DateOf(r.Start.In(c.Zone)), true
	case when.None:
		return day, true
	case when.Ask, when.Error:
		return day, false
	}
	_, last, err := when.Days(said, c.Time, c.Zone)
	return last, err == nil
}

// sayDay writes 2026-01-16 as "Fri 16 Jan", with the year where it is another.
func sayDay(day string, now time.Time) string {
	t, err := when.ParseDate(day)
	if err != nil {
		return day
	}
	return when.SayDateShort(t, when.DateOf(now))
}

// describe says who does what by when.
func describe(a storage.ActionItem, now time.Time) string {
	t := bot.Plain(a.Text)
	who := "nobody yet"
	if a.OwnerName != "" {
		who = bot.Plain(a.OwnerName)
	}
	t += " · " + who
	if a.Due != "" {
		t += " · by " + sayDay(a.Due, now)
	}
	return t
}
