package news

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// here is `!news here`: the room takes part.
func (d *desk) here(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return d.takePart(ctx, c, true)
}

// stop is `!news stop`.
func (d *desk) stop(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return d.takePart(ctx, c, false)
}

func (d *desk) takePart(ctx context.Context, c *bot.Call, on bool) (bot.Reply, error) {
	if c.Direct || strings.HasPrefix(c.Room.Site, "discourse/") {
		return bot.Reply{}, bot.Errorf("That is for shared rooms: say it there, and the newsletter comes to it.")
	}
	was, err := d.db.NewsRoom(ctx, c.Room)
	if err != nil {
		return bot.Reply{}, err
	}
	words := strings.ToLower(line(c.Args))
	if on && words == "" && was.News {
		return bot.Reply{Text: "It is on already. " + says(was)}, nil
	}
	if err := d.mayChangeRoom(ctx, c); err != nil {
		return bot.Reply{}, err
	}
	now, err := changedRoom(was, words, on)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.SetNewsRoom(ctx, now); err != nil {
		return bot.Reply{}, err
	}
	if was.Starred && !now.Starred {
		if err := d.db.Unhear(ctx, c.Room, ""); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Reply{Text: says(now), Did: []bot.Effect{{What: "changed how the room takes part in the newsletter", Undo: roomAct(was)}}}, nil
}

// mayChangeRoom refuses people who have no say in a room.
func (d *desk) mayChangeRoom(ctx context.Context, c *bot.Call) error {
	if c.Person.Role >= bot.Convenor {
		return nil
	}
	group, ok, err := d.db.GroupAt(ctx, c.Room)
	if err != nil {
		return err
	}
	if ok {
		role, err := d.db.GroupRole(ctx, group.ID, c.Person.ID)
		if err != nil {
			return err
		}
		if role == "convenor" || role == "deputy" {
			return nil
		}
	}
	if may, err := d.mayEdit(ctx, c); err != nil || may {
		return err
	}
	return bot.Errorf("What comes to this room is for its convenor or a coordinator to say. Please ask one of them.")
}

var tagWord = regexp.MustCompile(`^[\pL\pN][\pL\pN_-]{0,29}$`)

func changedRoom(r storage.NewsRoom, words string, on bool) (storage.NewsRoom, error) {
	what, tag, _ := strings.Cut(words, " ")
	r.Tags = slices.Clone(r.Tags)
	switch strings.TrimSuffix(what, "s") {
	case "":
		r.News, r.Announced = on, on
		if !on {
			r = storage.NewsRoom{Room: r.Room}
		}
	case "newsletter":
		r.News = on
	case "announcement":
		r.Announced = on
	case "reminder", "deadline":
		r.Reminded = on
	case "star":
		r.Starred = on
	case "tag":
		tag = strings.TrimPrefix(tag, "#")
		if !tagWord.MatchString(tag) {
			return r, bot.Errorf("A tag is one word, as in `!news here tag events`. Announcements can then go to all rooms with that tag.")
		}
		r.Tags = slices.DeleteFunc(r.Tags, func(t string) bool { return t == tag })
		if on {
			r.Tags = append(r.Tags, tag)
			slices.Sort(r.Tags)
		}
	default:
		return r, bot.Errorf("I don't know %q here. There are `newsletter`, `announcements`, `reminders`, `stars` and `tag <word>`, as in `!news here reminders`.", bot.Plain(bot.Clip(what, 30)))
	}
	return r, nil
}

// says tells how a room takes part.
func says(r storage.NewsRoom) string {
	var get []string
	if r.News {
		get = append(get, "the newsletter")
	}
	if r.Announced {
		get = append(get, "announcements")
	}
	if r.Reminded {
		get = append(get, "reminders of the newsletter's deadline")
	}
	text := "This room gets nothing of the newsletter; `!news here` changes that."
	if r.Starred && len(get) == 0 {
		text = "Stars count here."
	}
	if len(get) > 0 {
		text = "This room gets " + list(get) + ". `!news stop` ends it."
	}
	if len(r.Tags) > 0 {
		text += " Its tags: " + bot.Plain(strings.Join(r.Tags, ", ")) + "."
	}
	if r.Starred {
		text += " A ⭐ on a message proposes it for the newsletter, and its author is asked first; for that I keep what is said here for seven days. `!news stop stars` ends that."
	}
	return text
}

// list is "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func roomAct(was storage.NewsRoom) *bot.Act {
	data, _ := json.Marshal(was) // plain fields: cannot fail
	return &bot.Act{Name: "news.room", Data: string(data)}
}

func (d *desk) undoRoom(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	var was storage.NewsRoom
	if err := json.Unmarshal([]byte(data), &was); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: "As it was: " + says(was)}, d.db.SetNewsRoom(ctx, was)
}
