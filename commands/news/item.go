package news

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// alive reports whether an item counts in its issue.
func alive(i storage.NewsItem) bool {
	return i.State == storage.Suggested || i.State == storage.Accepted || i.State == storage.Used
}

// numbered reads the number of an item, and what follows it.
func (d *desk) numbered(ctx context.Context, c *bot.Call, example string) (item storage.NewsItem, rest string, err error) {
	word, rest, _ := strings.Cut(strings.TrimSpace(c.Args), " ")
	if head, tail, ok := strings.Cut(word, "\n"); ok {
		word, rest = head, tail+" "+rest
	}
	id, err := strconv.ParseInt(strings.TrimRight(strings.TrimLeft(word, "#"), ":,."), 10, 64)
	if err != nil || id <= 0 {
		return item, "", bot.Errorf("Which item? Its number comes first, as in `%s`. `!news` lists them.", example)
	}
	item, ok, err := d.db.News(ctx, id)
	if err == nil && !ok {
		err = bot.Errorf("There is no item #%d. `!news` lists those of the next newsletter.", id)
	}
	return item, strings.TrimSpace(rest), err
}

// owning refuses whoever neither sent an item in nor makes the newsletter.
func (d *desk) owning(ctx context.Context, c *bot.Call, item storage.NewsItem) error {
	if item.Person != 0 && item.Person == c.Person.ID {
		return nil
	}
	may, err := d.mayEdit(ctx, c)
	if err == nil && !may {
		err = bot.Errorf("#%d is not yours: whoever sent it in can change it, and the editors.", item.ID)
	}
	return err
}

// unsent refuses to change what has gone out.
func (d *desk) unsent(item storage.NewsItem) error {
	if item.State == storage.Used {
		return bot.Errorf("#%d has gone out, so I leave it as it is. An editor can say `!news correct %d …`, which changes it everywhere.", item.ID, item.ID)
	}
	return nil
}

// changed writes an item, and says what was done to it.
func (d *desk) changed(ctx context.Context, was, now storage.NewsItem, text, what string) (bot.Reply, error) {
	if _, err := d.db.SaveNews(ctx, now); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: text, Did: []bot.Effect{{What: fmt.Sprintf("%s #%d", what, was.ID), Undo: itemAct(was)}}}, nil
}

// before is what undoing a change of an item needs; it names nobody.
type before struct {
	ID, Issue                                         int64
	Section, State, Title, Text, Link, Why, Consented string
	ByHand                                            bool
}

func itemAct(i storage.NewsItem) *bot.Act {
	data, _ := json.Marshal(before{i.ID, i.Issue, i.Section, i.State, i.Title, i.Text, i.Link, i.Why, i.Consent, i.ByHand}) // plain fields: cannot fail
	return &bot.Act{Name: "news.was", Data: string(data)}
}

// undoChange brings back what an item was.
func (d *desk) undoChange(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var was before
	if err := json.Unmarshal([]byte(data), &was); err != nil {
		return bot.Reply{}, err
	}
	item, ok, err := d.db.News(ctx, was.ID)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	if err := d.unsent(item); err != nil {
		return bot.Reply{}, err
	}
	item.Issue, item.Section, item.State, item.Title, item.Text, item.Link = was.Issue, was.Section, was.State, was.Title, was.Text, was.Link
	item.LinkKey, item.Why, item.Consent, item.ByHand = compared(was.Link), was.Why, was.Consented, was.ByHand
	_, err = d.db.SaveNews(ctx, item)
	return bot.Reply{Text: fmt.Sprintf("#%d is as it was: %s", item.ID, d.inShort(item))}, err
}

// inShort is an item in a line.
func (d *desk) inShort(i storage.NewsItem) string {
	return fmt.Sprintf("**%s** (%s, %s)", bot.Plain(i.Title), bot.Plain(i.Section), stateWords(i))
}

func stateWords(i storage.NewsItem) string {
	switch {
	case i.Consent == "asked":
		return "waits for its author"
	case i.Consent == "no":
		return "its author would rather not"
	case i.Why != "" && (i.State == storage.OnHold || i.State == storage.Rejected):
		return i.State + ": " + bot.Plain(i.Why)
	}
	return i.State
}

// show is `!news 31`.
func (d *desk) show(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	i, rest, err := d.numbered(ctx, c, "!news 31")
	if err != nil {
		return bot.Reply{}, err
	}
	if rest != "" {
		return bot.Reply{}, bot.Errorf("`!news %d` shows the item; `!news edit %d …`, `move`, `accept`, `hold` and `drop` do something with it.", i.ID, i.ID)
	}
	issue, _, err := d.db.Issue(ctx, i.Issue)
	if err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("#%d in the %s newsletter, %s, %s\n\n%s", i.ID, monthName(issue), bot.Plain(i.Section), stateWords(i), itemText(i))
	if i.Text == "" && i.State != storage.Used {
		text += fmt.Sprintf("\n\nIt has no text yet: `!news edit %d text: …` gives it one.", i.ID)
	}
	return bot.Reply{Text: text}, nil
}
