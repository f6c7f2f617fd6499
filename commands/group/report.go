package group

import (
	"context"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/money"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/commands/group/health"
	"git.coop/cotech/wortley/storage"
)

const reportKind = "group.month"

// nextMonth is ten o'clock on the first working day of the next month.
func nextMonth(now time.Time) time.Time {
	day := when.DateOf(now.In(when.London)).EndOfMonth().AddDays(1)
	for !when.WorkingDay(day, when.EnglandWales) || health.Still(day) {
		day = day.AddDays(1)
	}
	return when.At(day, when.HM(10, 0), when.London)
}

// month is the state of the network, for coordinators; ✅ takes it to the
// rooms that get the newsletter. A network without groups has none.
func (d *desk) month(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	text, file, err := d.report(ctx, now)
	if err != nil || text == "" {
		return nil, nextMonth(now), err
	}
	posts, err := d.toCoordinators(ctx, text+"\n✅ takes it to the rooms that get the newsletter, as it stands; `!state publish` does the same.",
		fmt.Sprintf("state/%d", due.At.Unix()), "You are a coordinator; on the first working day of a month I tell you how the network is.")
	for i := range posts {
		posts[i].Kind, posts[i].File = bot.Image, file
	}
	return posts, nextMonth(now), err
}

// state is `!state`, and `!state publish`.
func (d *desk) state(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	text, file, err := d.report(ctx, c.Now)
	switch {
	case err != nil:
		return bot.Reply{}, err
	case text == "":
		return bot.Reply{}, d.unknown(ctx, "")
	case strings.EqualFold(c.Args, "publish"):
		return bot.Reply{Text: "Take the state of the network to the rooms that get the newsletter? `!state` shows it.",
			Ask: &bot.Ask{Act: bot.Act{Name: "group.publish"}, Needs: bot.Coordinator, Anybody: true, For: dayLong}}, nil
	}
	return bot.Reply{Text: text, File: file}, nil
}

// touchReport hears the ✅ of a coordinator under the report.
func (d *desk) touchReport(ctx context.Context, c *bot.Call, _, emoji string, on bool) (bot.Reply, error) {
	if !on || emoji != "✅" || c.Person.Role < bot.Coordinator {
		return bot.Reply{}, nil
	}
	return d.publish(ctx, c, "")
}

// publish takes the report to the rooms that get the newsletter, once a month.
func (d *desk) publish(ctx context.Context, c *bot.Call, _ string) (bot.Reply, error) {
	text, file, err := d.report(ctx, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	rooms, err := d.db.NewsRooms(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	var r bot.Reply
	for _, room := range rooms {
		if !room.News {
			continue
		}
		p := bot.Post{Key: fmt.Sprintf("state/%s/%s/%s", today(c).String()[:7], room.Room.Site, room.Room.ID), Room: room.Room, Rank: bot.Broadcast,
			Kind: bot.Image, Text: text, File: file, Why: "A coordinator decided that the state of the network is told here once a month."}
		if isCategory(room.Room) {
			p.Title = "State of the network, " + c.Now.In(c.Zone).Format("January 2006")
		}
		r.Posts = append(r.Posts, p)
	}
	if len(r.Posts) == 0 {
		return bot.Reply{Text: "No room gets the newsletter yet: `!news here` in a room changes that."}, nil
	}
	r.Text = fmt.Sprintf("On its way to %s. Rooms that have had this month's do not get it twice.", plural(len(r.Posts), "room"))
	r.Did = []bot.Effect{{What: "told the state of the network", Fixed: "It has gone out to others; I cannot call it back."}}
	return r, nil
}

// report is the text and the picture; "" if there are no groups.
func (d *desk) report(ctx context.Context, now time.Time) (string, *bot.File, error) {
	all, err := d.db.Groups(ctx)
	if err != nil || len(all) == 0 {
		return "", nil, err
	}
	known, err := d.db.Healths(ctx)
	if err != nil {
		return "", nil, err
	}
	count := map[health.State]int{}
	for _, g := range all {
		count[stateOf(g, known)]++
	}
	lines := []string{fmt.Sprintf("**The state of the network**, %s", when.SayDate(when.DateOf(now.In(when.London)))),
		fmt.Sprintf("- Groups: %d alive, %d of them with something missing, %d quiet, %d resting", count[health.Fine]+count[health.Watch], count[health.Watch], count[health.Quiet], count[health.Resting])}
	for _, line := range []func(context.Context, time.Time) (string, error){d.meetingsHeld, d.skillsGained, d.wantedMost, d.fundLine} {
		text, err := line(ctx, now)
		if err != nil {
			return "", nil, err
		}
		if text != "" {
			lines = append(lines, "- "+text)
		}
	}
	file, err := d.drawn(ctx, all, known, now)
	return strings.Join(lines, "\n"), file, err
}

func stateOf(g storage.Group, known map[int64]storage.Health) health.State {
	switch {
	case g.State == "closed":
		return health.Closed
	case g.State == "resting":
		return health.Resting
	case known[g.ID].State == "":
		return health.Fine
	}
	return health.State(known[g.ID].State)
}

// meetingsHeld compares the last month's meetings with what was planned, and
// how many of them had the people they needed.
func (d *desk) meetingsHeld(ctx context.Context, now time.Time) (string, error) {
	all, err := d.db.MeetingsBetween(ctx, now.AddDate(0, -1, 0), now)
	if err != nil {
		return "", err
	}
	held, off, counted, quorate := 0, 0, 0, 0
	for _, m := range all {
		if m.State != storage.Booked && m.State != storage.Held {
			off++
			continue
		}
		if m.End.After(now) {
			continue
		}
		held++
		g, _, err := d.db.Group(ctx, m.Group)
		if err != nil {
			return "", err
		}
		if g.Quorum == 0 || g.Kind == "call" {
			continue
		}
		answers, err := d.db.RSVPs(ctx, m.ID)
		if err != nil {
			return "", err
		}
		yes := 0
		for _, a := range answers {
			if a.Answer == "yes" {
				yes++
			}
		}
		counted++
		if yes >= g.Quorum {
			quorate++
		}
	}
	if held+off == 0 {
		return "Meetings in the last month: none", nil
	}
	text := fmt.Sprintf("Meetings in the last month: %d held of %d planned", held, held+off)
	if counted > 0 {
		text += fmt.Sprintf("; %d of %d had enough people saying yes", quorate, counted)
	}
	return text, nil
}

// skillsGained counts what co-ops added, and who has time.
func (d *desk) skillsGained(ctx context.Context, now time.Time) (string, error) {
	day := when.DateOf(now.In(when.London))
	gained, err := d.db.SkillsSince(ctx, day.AddMonths(-1).String())
	if err != nil {
		return "", err
	}
	free, err := d.db.Capacities(ctx, day.String())
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Skills said or confirmed in the last month: %d; co-ops with time: %d", gained, len(free)), nil
}

func (d *desk) wantedMost(ctx context.Context, now time.Time) (string, error) {
	most, err := d.db.Wanted(ctx, when.DateOf(now.In(when.London)).AddMonths(-1).String(), 5)
	if err != nil || len(most) == 0 {
		return "", err
	}
	var words []string
	for _, w := range most {
		words = append(words, fmt.Sprintf("%s ×%d", bot.Plain(w.Word), w.Times))
	}
	return "Looked for and not found: " + strings.Join(words, ", "), nil
}

func (d *desk) fundLine(ctx context.Context, _ time.Time) (string, error) {
	t, err := d.db.FundTotals(ctx)
	if err != nil || t.Open == 0 && t.ToPay == 0 && t.Committed == 0 {
		return "", err
	}
	return fmt.Sprintf("Fund: %s open, %s promised to them, %s to be paid", plural(t.Open, "proposal"), money.Pence(t.Promised), money.Pence(t.ToPay+t.Committed)), nil
}

// pictured is how many weeks the picture shows.
const pictured = 26

// drawn is the picture of groups and weeks, and its words for those who do
// not see it.
func (d *desk) drawn(ctx context.Context, all []storage.Group, known map[int64]storage.Health, now time.Time) (*bot.File, error) {
	changes, err := d.db.HealthChanges(ctx, 0)
	if err != nil {
		return nil, err
	}
	by := map[int64][]storage.HealthChange{}
	for _, c := range changes {
		by[c.Group] = append(by[c.Group], c)
	}
	monday := when.DateOf(now.In(when.London)).Monday()
	var rows []row
	var words []string
	for _, g := range all {
		if g.State == "closed" && when.DateOf(g.Closed).Before(monday.AddDays(-7*pictured)) {
			continue
		}
		rows = append(rows, weeksOf(g, by[g.ID], monday))
		words = append(words, fmt.Sprintf("%s %s", g.Name, stateOf(g, known)))
	}
	data, err := picture(rows, monday)
	if err != nil {
		return nil, err
	}
	alt := fmt.Sprintf("Groups by week, for the last %d weeks. Now: %s.", pictured, strings.Join(words, ", "))
	return &bot.File{Name: "groups-" + now.Format("2006-01") + ".png", MIME: "image/png", Alt: bot.Clip(alt, 900), Data: data}, nil
}

// weeksOf is a group's state at the end of each week until that of a Monday.
func weeksOf(g storage.Group, changes []storage.HealthChange, monday when.Date) row {
	r := row{name: g.Name}
	made := when.DateOf(g.Made)
	for w := range pictured {
		end := monday.AddDays(-7*(pictured-1-w) + 6)
		s := health.Fine
		if end.Before(made) {
			s = ""
		}
		for _, c := range changes {
			if c.Day <= end.String() {
				s = health.State(c.State)
			}
		}
		if g.State == "closed" && !when.DateOf(g.Closed).After(end) {
			s = health.Closed
		}
		r.states = append(r.states, s)
	}
	return r
}
