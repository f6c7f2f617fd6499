package minutes

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// screen is how many items of a list are shown.
const screen = 20

// agenda is `!agenda`.
func (d *desk) agenda(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	f, err := d.about(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if f.args != "" {
		return bot.Reply{}, bot.Errorf("Shall that go on the agenda? `!agenda add %s` puts it there; `!agenda` shows it.", bot.Code(tidy(f.args, 60)))
	}
	items, later, err := d.split(ctx, f.ID, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	text, err := d.sayAgenda(ctx, c, f, items, later)
	return f.answer(text), err
}

func (d *desk) sayAgenda(ctx context.Context, c *bot.Call, f forGroup, items []storage.AgendaItem, later string) (string, error) {
	var t strings.Builder
	fmt.Fprintf(&t, "**Agenda of %s**", bot.Plain(f.Name))
	next, ok, err := d.db.NextMeeting(ctx, f.ID, c.Time)
	if err != nil {
		return "", err
	}
	if ok {
		fmt.Fprintf(&t, " for %s", when.SaySpan(next.Start, next.End, next.Location()))
	}
	todo, err := d.openActions(ctx, c, f.ID)
	if err != nil {
		return "", err
	}
	if len(items) == 0 {
		return strings.TrimSpace(fmt.Sprintf("%s: nothing yet. %s", &t, todo)) + " `!agenda add …` puts something on it." + later, nil
	}
	t.WriteString("\n")
	if todo != "" {
		fmt.Fprintf(&t, "- First: %s\n", todo)
	}
	held, err := d.heldBefore(ctx, f.ID, c.Time)
	if err != nil {
		return "", err
	}
	for i, a := range items[:min(len(items), screen)] {
		fmt.Fprintf(&t, "%d. %s%s", i+1, bot.Plain(a.Text), by(a.Name))
		if a.Meeting == 0 || a.Meeting != next.ID {
			t.WriteString(held.carried(a.Made))
		}
		t.WriteString("\n")
	}
	if len(items) > screen {
		fmt.Fprintf(&t, "%d more. ", len(items)-screen)
	}
	return t.String() + "`!agenda add …` adds, `!agenda done 1` ticks off, `!agenda drop 1` takes off." + later, nil
}

// by names who asked for something.
func by(name string) string {
	if name == "" {
		return ""
	}
	return " (" + bot.Plain(name) + ")"
}

// openActions is a sentence about what is still to do, "" if nothing is.
func (d *desk) openActions(ctx context.Context, c *bot.Call, group int64) (string, error) {
	all, err := d.db.Actions(ctx, group)
	if err != nil || len(all) == 0 {
		return "", err
	}
	late := 0
	for _, a := range all {
		if a.Due != "" && a.Due < today(c) {
			late++
		}
	}
	text := fmt.Sprintf("%s open", count(len(all), "action"))
	if late > 0 {
		text += fmt.Sprintf(", %d past their day", late)
	}
	return text + ": `!actions`.", nil
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// today is the day on which a call is made, in the people's zone.
func today(c *bot.Call) string { return c.Time.In(c.Zone).Format("2006-01-02") }

// agendaAdd is `!agenda add`.
func (d *desk) agendaAdd(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	f, err := d.change(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	text := tidy(f.args, 300)
	if text == "" {
		return bot.Reply{}, bot.Errorf("What shall go on the agenda? Try `!agenda add mentoring: who takes part?`.")
	}
	items, err := d.upNext(ctx, f.ID, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	meeting, text, err := d.forDay(ctx, c, f.ID, text)
	if err != nil {
		return bot.Reply{}, err
	}
	for i, a := range items {
		if strings.EqualFold(a.Text, text) {
			return bot.Reply{}, bot.Errorf("That is on the agenda already, as number %d.", i+1)
		}
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	id, err := d.db.AddAgendaItem(ctx, storage.AgendaItem{Group: f.ID, Meeting: meeting.ID, Text: text, Person: person, Made: c.Time})
	if err != nil {
		return bot.Reply{}, err
	}
	said := fmt.Sprintf("On the agenda of %s as number %d: %s", bot.Plain(f.Name), len(items)+1, bot.Plain(text))
	if meeting.ID != 0 {
		said = fmt.Sprintf("On the agenda of %s for %s: %s", bot.Plain(f.Name), when.SayDateShort(meeting.Day, when.DateOf(c.Time.In(c.Zone))), bot.Plain(text))
	}
	return bot.Reply{Text: said,
		Did: []bot.Effect{{What: "put on the agenda: " + text, Undo: agendaUndo(id, "dropped")}}}, nil
}

// agendaDone is `!agenda done`.
func (d *desk) agendaDone(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return d.agendaClose(ctx, c, "done", "Talked about")
}

// agendaDrop is `!agenda drop`.
func (d *desk) agendaDrop(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return d.agendaClose(ctx, c, "dropped", "Off the agenda")
}

func (d *desk) agendaClose(ctx context.Context, c *bot.Call, state, said string) (bot.Reply, error) {
	f, err := d.change(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	items, err := d.upNext(ctx, f.ID, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	i, ok := pick(items, f.args)
	switch {
	case len(items) == 0:
		return bot.Reply{}, bot.Errorf("The agenda of %s is empty.", bot.Plain(f.Name))
	case !ok && len(items) == 1:
		return bot.Reply{}, bot.Errorf("Which one? There is only number 1: %s", bot.Plain(items[0].Text))
	case !ok:
		return bot.Reply{}, bot.Errorf("Which one? Give me its number from `!agenda`, 1 to %d.", len(items))
	}
	a := items[i]
	if err := d.db.SetAgendaItem(ctx, a.ID, state, c.Time); err != nil {
		return bot.Reply{}, err
	}
	left := "Nothing else is on it."
	if len(items) > 1 {
		left = fmt.Sprintf("%s left; the numbers after it have moved up.", count(len(items)-1, "item"))
		if i == len(items)-1 {
			left = count(len(items)-1, "item") + " left."
		}
	}
	return bot.Reply{Text: fmt.Sprintf("%s: %s. %s", said, bot.Plain(a.Text), left),
		Did: []bot.Effect{{What: strings.ToLower(said) + ": " + a.Text, Undo: agendaUndo(a.ID, "open")}}}, nil
}

// pick finds an item by its number on the list, or by its words.
func pick(items []storage.AgendaItem, said string) (int, bool) {
	said = strings.Trim(strings.TrimSpace(said), "#.)")
	if n, err := strconv.Atoi(said); err == nil {
		return n - 1, n >= 1 && n <= len(items)
	}
	found := -1
	for i, a := range items {
		if said != "" && strings.Contains(strings.ToLower(a.Text), strings.ToLower(said)) {
			if found >= 0 {
				return 0, false
			}
			found = i
		}
	}
	return found, found >= 0
}

// wasState is what an item was before.
type wasState struct {
	ID    int64
	State string
}

func agendaUndo(id int64, state string) *bot.Act { return act("agenda.state", wasState{id, state}) }

// act packs what an action needs to know.
func act(name string, data any) *bot.Act {
	text, err := json.Marshal(data)
	if err != nil {
		panic("minutes: " + err.Error()) // numbers and words only
	}
	return &bot.Act{Name: name, Data: string(text)}
}

func (d *desk) agendaBack(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var w wasState
	if err := json.Unmarshal([]byte(data), &w); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{}, d.db.SetAgendaItem(ctx, w.ID, w.State, c.Time)
}
