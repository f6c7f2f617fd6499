package minutes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// action is `!action`: it writes one down.
func (d *desk) action(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	f, err := d.change(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if f.args == "" {
		return bot.Reply{}, bot.Errorf("Who does what? Try `!action @sal write the brief by Friday`; `!actions` lists them.")
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(f.args, "#")); err == nil {
		return d.showAction(ctx, c, int64(n))
	}
	before, err := d.db.ActionByPost(ctx, firstKey(c)) // an edited command keeps its number
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return bot.Reply{}, err
	}
	a, text, err := d.write(ctx, c, f.Group, f.args, before.ID, true)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: text, Did: []bot.Effect{{What: fmt.Sprintf("wrote down action %d: %s", a.ID, a.Text), Undo: actionUndo(dropped(a))}}}, nil
}

// firstKey is the key of the first answer to a message: of the one before an
// edit, whose place on the site the new one takes.
func firstKey(c *bot.Call) string {
	if c.Kind == bot.Edited {
		return "answer/" + c.Room.Site + "/" + c.Of + "/0"
	}
	return c.Key(0)
}

// write writes an action down, anew or in place of the words that one had,
// and says what was understood. alone says that the answer is about no other,
// so that a ✅ on it is about this one.
func (d *desk) write(ctx context.Context, c *bot.Call, g storage.Group, said string, id int64, alone bool) (storage.ActionItem, string, error) {
	deed, err := d.readDeed(ctx, c, g.ID, said)
	if err != nil {
		return storage.ActionItem{}, "", err
	}
	if len([]rune(deed.text)) < 3 {
		return storage.ActionItem{}, "", bot.Errorf("What is to be done? Try `!action @sal write the brief by Friday`.")
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return storage.ActionItem{}, "", err
	}
	a := storage.ActionItem{ID: id, Group: g.ID, Text: deed.text, Owner: deed.owner, OwnerName: deed.name, Due: deed.due.String(), Post: firstKey(c), MadeBy: person, Made: c.Time}
	if !alone {
		a.Post = ""
	}
	if a.ID, err = d.db.SaveAction(ctx, a); err != nil {
		return a, "", err
	}
	if err := d.promise(ctx, a, c.Now); err != nil {
		return a, "", err
	}
	return a, d.written(a, deed, c), nil
}

// written says what was understood, and asks for what is missing.
func (d *desk) written(a storage.ActionItem, deed deed, c *bot.Call) string {
	t := fmt.Sprintf("Action %d: %s.", a.ID, describe(a, c.Time.In(c.Zone)))
	switch {
	case a.Due != "" && a.Due < today(c):
		t += " That day has passed: is it the right one?"
	case deed.vague != "":
		t += fmt.Sprintf(" I am not sure which day “%s” is: `!action due %d Fri 16 Jan` sets it.", bot.Plain(bot.Clip(deed.vague, 30)), a.ID)
	}
	switch {
	case a.OwnerName == "":
		t += fmt.Sprintf(" Who does it? `!action give %d @name`.", a.ID)
	case a.Owner == 0:
		t += fmt.Sprintf(" I do not know %s, so I cannot remind them.", bot.Plain(a.OwnerName))
	case a.Post != "":
		t += " ✅ on this when it is done."
	}
	return t
}

// numbered finds the action that a call names first, and checks that it is the caller's to change.
func (d *desk) numbered(ctx context.Context, c *bot.Call, example string) (a storage.ActionItem, rest string, err error) {
	word, rest := cutWord(c.Args)
	n, err := strconv.ParseInt(strings.Trim(word, "#.,:"), 10, 64)
	if err != nil {
		return a, rest, bot.Errorf("Which one? Its number stands in `!actions`, as in `%s`.", example)
	}
	a, err = d.visible(ctx, c, n)
	if err != nil {
		return a, rest, err
	}
	g, here, err := d.db.GroupAt(ctx, room(c))
	if err != nil || a.Owner != 0 && a.Owner == c.Person.ID || a.MadeBy != 0 && a.MadeBy == c.Person.ID {
		return a, rest, err
	}
	return a, rest, d.mayWrite(ctx, c, forGroup{Group: storage.Group{ID: a.Group, Name: a.GroupName}, here: here && g.ID == a.Group})
}

// visible finds an action that the caller may see. To others it does not exist.
func (d *desk) visible(ctx context.Context, c *bot.Call, id int64) (storage.ActionItem, error) {
	unknown := bot.Errorf("There is no action %d. `!actions` lists those that are open.", id)
	a, err := d.db.Action(ctx, id)
	if errors.Is(err, storage.ErrNotFound) {
		return a, unknown
	}
	if err != nil || a.Owner != 0 && a.Owner == c.Person.ID {
		return a, err
	}
	g, here, err := d.db.GroupAt(ctx, room(c))
	if err != nil {
		return a, err
	}
	if d.mayRead(ctx, c, forGroup{Group: storage.Group{ID: a.Group}, here: here && g.ID == a.Group}) != nil {
		return a, unknown
	}
	return a, nil
}

func (d *desk) showAction(ctx context.Context, c *bot.Call, id int64) (bot.Reply, error) {
	a, err := d.visible(ctx, c, id)
	if err != nil {
		return bot.Reply{}, err
	}
	state := map[string]string{"open": "open", "done": "done", "dropped": "dropped"}[a.State]
	return bot.Reply{Text: fmt.Sprintf("Action %d of %s (%s): %s.", a.ID, bot.Plain(a.GroupName), state, describe(a, c.Time.In(c.Zone)))}, nil
}

// actionDone is `!action done`.
func (d *desk) actionDone(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	a, _, err := d.numbered(ctx, c, "!action done 12")
	if err != nil {
		return bot.Reply{}, err
	}
	return d.close(ctx, c, a, "done")
}

// actionDrop is `!action drop`.
func (d *desk) actionDrop(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	a, _, err := d.numbered(ctx, c, "!action drop 12")
	if err != nil {
		return bot.Reply{}, err
	}
	return d.close(ctx, c, a, "dropped")
}

func (d *desk) close(ctx context.Context, c *bot.Call, a storage.ActionItem, state string) (bot.Reply, error) {
	if a.State == state {
		return bot.Reply{}, bot.Errorf("Action %d is %s already.", a.ID, state)
	}
	if err := d.db.SetActionState(ctx, a.ID, state, c.Time); err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.Release(ctx, dueKind, strconv.FormatInt(a.ID, 10)); err != nil {
		return bot.Reply{}, err
	}
	said := "Done"
	if state == "dropped" {
		said = "Dropped"
	}
	return bot.Reply{Text: fmt.Sprintf("%s: action %d, %s.", said, a.ID, bot.Plain(a.Text)),
		Did: []bot.Effect{{What: fmt.Sprintf("action %d is %s", a.ID, state), Undo: actionUndo(a)}}}, nil
}

// actionDue is `!action due`.
func (d *desk) actionDue(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	a, said, err := d.numbered(ctx, c, "!action due 12 Friday")
	if err != nil {
		return bot.Reply{}, err
	}
	day, clear := dueDay(strings.TrimPrefix(said, "by "), c)
	if !clear || day.IsZero() {
		return bot.Reply{}, bot.Errorf("When is it due? Try `!action due %d Fri 16 Jan`.", a.ID)
	}
	was := a
	a.Due, a.State = day.String(), "open"
	return d.changed(ctx, c, was, a)
}

// actionGive is `!action give`.
func (d *desk) actionGive(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	a, said, err := d.numbered(ctx, c, "!action give 12 @ana")
	if err != nil {
		return bot.Reply{}, err
	}
	name, _ := cutWord(said)
	if name = strings.Trim(name, "@,."); name == "" {
		return bot.Reply{}, bot.Errorf("To whom? Try `!action give %d @ana`, or `!action give %d me`.", a.ID, a.ID)
	}
	was := a
	a.Owner, a.OwnerName, a.State = 0, name, "open"
	if strings.EqualFold(name, "me") {
		if a.Owner, err = d.db.Know(ctx, c.Room.Site, c.From); err != nil {
			return bot.Reply{}, err
		}
		a.OwnerName = c.From.Name
	} else if p, ok, err := d.db.PersonCalled(ctx, c.Room.Site, a.Group, name); err != nil {
		return bot.Reply{}, err
	} else if ok {
		a.Owner, a.OwnerName = p.ID, p.Name
	}
	return d.changed(ctx, c, was, a)
}

func (d *desk) changed(ctx context.Context, c *bot.Call, was, a storage.ActionItem) (bot.Reply, error) {
	if _, err := d.db.SaveAction(ctx, a); err != nil {
		return bot.Reply{}, err
	}
	if err := d.promise(ctx, a, c.Now); err != nil {
		return bot.Reply{}, err
	}
	text := d.written(a, deed{}, c)
	return bot.Reply{Text: strings.TrimSuffix(text, " ✅ on this when it is done."), Did: []bot.Effect{{What: fmt.Sprintf("changed action %d", a.ID), Undo: actionUndo(was)}}}, nil
}

func dropped(a storage.ActionItem) storage.ActionItem {
	a.State = "dropped"
	return a
}

func actionUndo(was storage.ActionItem) *bot.Act { return act("action.was", was) }

// actionBack makes an action what it was.
func (d *desk) actionBack(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var was storage.ActionItem
	if err := json.Unmarshal([]byte(data), &was); err != nil {
		return bot.Reply{}, err
	}
	if _, err := d.db.SaveAction(ctx, was); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{}, d.promise(ctx, was, c.Now)
}

// actions is `!actions`.
func (d *desk) actions(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if strings.EqualFold(strings.TrimSpace(c.Args), "mine") {
		return d.mine(ctx, c)
	}
	f, err := d.about(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if f.args != "" {
		return bot.Reply{}, bot.Errorf("I list the actions of a group, or yours: `!actions`, `!actions mine`, `!actions %s`.", bot.Code(f.Slug))
	}
	all, err := d.db.Actions(ctx, f.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) == 0 {
		return f.answer(fmt.Sprintf("%s has nothing left to do that I know of. `!action @sal write the brief by Friday` writes something down.", bot.Plain(f.Name))), nil
	}
	held, err := d.heldBefore(ctx, f.ID, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	return f.answer(fmt.Sprintf("**Actions of %s**\n%s`!action done %d` or ✅ on my answer about one ticks it off.", bot.Plain(f.Name), sayActions(all, c, held), all[0].ID)), nil
}

// mine is `!actions mine`, answered to the person alone.
func (d *desk) mine(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if c.Person.ID == 0 {
		return bot.Reply{Text: "You have nothing to do that I know of.", Direct: true}, nil
	}
	all, err := d.db.ActionsOf(ctx, c.Person.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) == 0 {
		return bot.Reply{Text: "You have nothing to do that I know of.", Direct: true}, nil
	}
	return bot.Reply{Text: fmt.Sprintf("**Your actions**\n%s`!action done %d` ticks one off.", sayActions(all, c, nil), all[0].ID), Direct: true}, nil
}

// sayActions lists actions: with how often they were carried over, or, where
// no meetings are given, with their groups.
func sayActions(all []storage.ActionItem, c *bot.Call, held held) string {
	var t strings.Builder
	for _, a := range all[:min(len(all), screen)] {
		fmt.Fprintf(&t, "- **%d** %s", a.ID, describe(a, c.Time.In(c.Zone)))
		if a.Due != "" && a.Due < today(c) {
			t.WriteString(" ⚠ past its day")
		}
		if held != nil {
			t.WriteString(held.carried(a.Made))
		} else {
			t.WriteString(" · " + bot.Plain(a.GroupName))
		}
		t.WriteString("\n")
	}
	if len(all) > screen {
		fmt.Fprintf(&t, "%d more. ", len(all)-screen)
	}
	return t.String()
}
