package news

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// keepFor is how long messages are kept in rooms where stars count.
const keepFor = 7 * 24 * time.Hour

// hears reports whether the newsletter listens in a room: where somebody has
// switched stars on.
func (d *desk) hears(ctx context.Context, room bot.Room) bool {
	on, err := d.db.Starred(ctx, room)
	return err == nil && on
}

// listen keeps what is said for a while. An edit changes what it became.
func (d *desk) listen(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if c.Kind != bot.Said {
		return d.follow(ctx, c)
	}
	if c.Text == "" || utf8.RuneCountInString(c.Text) > maxText {
		return bot.Reply{}, nil
	}
	return bot.Reply{}, d.db.Hear(ctx, c.Message)
}

// follow hears of stars, and of edits and deletions of what was starred.
func (d *desk) follow(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	switch {
	case c.Kind == bot.Reacted && isStar(c.Text):
		return d.star(ctx, c)
	case c.Kind == bot.Reacted:
		return bot.Reply{}, nil
	case c.Kind == bot.Deleted && isStar(c.Text):
		return d.unstar(ctx, c)
	}
	item, ok, err := d.db.NewsAbout(ctx, refOf(c.Room, c.Of))
	if err != nil {
		return bot.Reply{}, err
	}
	if c.Kind == bot.Deleted {
		if err := d.db.Unhear(ctx, c.Room, c.Of); err != nil || !ok || item.State == storage.Used {
			return bot.Reply{}, err
		}
		item.State, item.Consent, item.Text, item.Title, item.Why = storage.Rejected, "no", "", "A message that was deleted", "its author deleted it"
		_, err = d.db.SaveNews(ctx, item)
		return bot.Reply{}, err
	}
	return bot.Reply{}, d.reworded(ctx, c, item, ok)
}

func isStar(emoji string) bool { return emoji == "⭐" || emoji == "🌟" }

func refOf(room bot.Room, message string) string { return "message/" + room.Site + "/" + message }

// reworded follows an edit of a message that is kept, or has become an item.
func (d *desk) reworded(ctx context.Context, c *bot.Call, item storage.NewsItem, isItem bool) error {
	m, kept, err := d.db.Overheard(ctx, c.Room.Site, c.Of)
	if err != nil {
		return err
	}
	if kept && m.From.ID == c.From.ID {
		m.Text = c.Text
		if err := d.db.Hear(ctx, m); err != nil {
			return err
		}
	}
	if !isItem || item.ByHand || item.State == storage.Used || item.FromUser != c.From.ID {
		return nil
	}
	p, err := d.readPiece(c.Text)
	if err != nil || p.title == "" {
		return nil // too long, or empty, now: the words they said yes to stay
	}
	item.Title, item.Text, item.Link, item.LinkKey = p.title, p.text, p.link, compared(p.link)
	_, err = d.db.SaveNews(ctx, item)
	return err
}

// star puts a message on the pile, and asks its author.
func (d *desk) star(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if c.Person.Role < d.Star {
		return bot.Reply{}, nil // anybody may like a message
	}
	m, kept, err := d.db.Overheard(ctx, c.Room.Site, c.Of)
	if err != nil {
		return bot.Reply{}, err
	}
	if !kept {
		return bot.Reply{Direct: true, Text: "I no longer have the words of that message: I keep them for seven days, and only from when stars were switched on. `!news add …` still works."}, nil
	}
	old, known, err := d.db.NewsAbout(ctx, refOf(c.Room, c.Of))
	if err != nil || known && (old.State != storage.Rejected || old.Consent == "no") {
		return bot.Reply{}, err // on the pile already, or its author has said no
	}
	p, err := d.readPiece(m.Text)
	if err != nil || p.title == "" {
		return bot.Reply{Direct: true, Text: "That message is too long for an item, or has no words. `!news add …` takes the short of it."}, nil
	}
	return d.starred(ctx, c, m, p, old)
}

func (d *desk) starred(ctx context.Context, c *bot.Call, m bot.Message, p piece, old storage.NewsItem) (bot.Reply, error) {
	issue, _, err := d.taking(ctx, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	person, err := d.db.Know(ctx, c.Room.Site, m.From)
	if err != nil {
		return bot.Reply{}, err
	}
	item := storage.NewsItem{ID: old.ID, Issue: issue.ID, Section: d.guess(p), State: storage.Suggested, Title: p.title, Text: p.text, Link: p.link, LinkKey: compared(p.link),
		Origin: "star", Ref: refOf(c.Room, c.Of), Person: person, FromSite: c.Room.Site, FromUser: m.From.ID, Consent: "asked", Made: c.Time}
	if item.ID, err = d.db.SaveNews(ctx, item); err != nil {
		return bot.Reply{}, err
	}
	if m.From.ID == c.From.ID { // their own words
		item.Consent, item.State = "yes", storage.Accepted
		_, err = d.db.SaveNews(ctx, item)
		return bot.Reply{Posts: []bot.Post{seen(c)}}, err
	}
	post, err := d.askAuthor(ctx, c, item, c.Key(0)+"/author")
	return bot.Reply{Posts: []bot.Post{seen(c), post}}, err
}

// seen shows in the room that a star was noticed.
func seen(c *bot.Call) bot.Post {
	return bot.Post{Key: c.Key(0) + "/seen", Room: c.Room, Kind: bot.React, Text: "📰", OfID: c.Of, Made: c.Now}
}

// askAuthor asks whose words an item has, and shows them as they would stand.
func (d *desk) askAuthor(ctx context.Context, c *bot.Call, item storage.NewsItem, key string) (bot.Post, error) {
	until := c.Now.Add(30 * 24 * time.Hour)
	code := fmt.Sprintf("N%d", item.ID)
	q := bot.Question{Code: code, Post: key, Room: bot.Room{Site: item.FromSite}, User: item.FromUser, Until: until,
		Ask: bot.Ask{Act: bot.Act{Name: "news.consent", Data: strconv.FormatInt(item.ID, 10)}}}
	if err := d.db.Question(ctx, q); err != nil {
		return bot.Post{}, err
	}
	return bot.Post{Key: key, Room: bot.Room{Site: item.FromSite}, To: item.FromUser, Loud: true, Why: "Your words go into the newsletter only if you say yes.",
		Text: fmt.Sprintf("%s would like to see this of yours in the newsletter, in these words:\n\n%s\n\nMay it go in? ✅ or `yes` as a reply, or `!confirm %s`; `!news edit %d …` changes the words first; ❌ or `no`, and it does not.",
			bot.Plain(c.From.Name), itemText(item), code, item.ID)}, nil
}

// consent is an author's yes.
func (d *desk) consent(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	id, err := strconv.ParseInt(data, 10, 64)
	if err != nil {
		return bot.Reply{}, err
	}
	item, ok, err := d.db.News(ctx, id)
	if err != nil {
		return bot.Reply{}, err
	}
	if !ok || item.State == storage.Rejected || item.State == storage.Used {
		return bot.Reply{Text: "Thank you. It is not needed any more."}, nil
	}
	was := item
	item.Consent, item.State = "yes", storage.Accepted
	issue, _, err := d.db.Issue(ctx, item.Issue)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.changed(ctx, was, item, fmt.Sprintf("Thank you: it is #%d in the %s newsletter. Until that goes out you can edit or delete your message, or say `!news drop %d`.", id, monthName(issue), id), "said yes to")
}

// refused finds authors who said no to the question about their words.
func (d *desk) refused(ctx context.Context, items []storage.NewsItem) error {
	for n := range items {
		i := &items[n]
		if i.Consent != "asked" || i.State == storage.Rejected {
			continue
		}
		if _, open, err := d.db.QuestionByCode(ctx, fmt.Sprintf("N%d", i.ID)); err != nil || open {
			if err != nil {
				return err
			}
			continue
		}
		i.State, i.Consent, i.Why = storage.Rejected, "no", "its author would rather not"
		if _, err := d.db.SaveNews(ctx, *i); err != nil {
			return err
		}
	}
	return nil
}

// unstar takes back a star that nobody has acted on.
func (d *desk) unstar(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	item, ok, err := d.db.NewsAbout(ctx, refOf(c.Room, c.Of))
	if err != nil || !ok || item.Consent != "asked" || c.Person.Role < d.Star {
		return bot.Reply{}, err
	}
	item.State, item.Consent, item.Why = storage.Rejected, "", "the star was taken off"
	_, err = d.db.SaveNews(ctx, item)
	return bot.Reply{}, err
}

// clean forgets what was kept for stars, and addresses that nobody confirmed.
func (d *desk) clean(ctx context.Context, now time.Time) error {
	if err := d.db.DropUnconfirmed(ctx, now.Add(-confirmFor)); err != nil {
		return err
	}
	return d.db.UnhearBefore(ctx, now.Add(-keepFor))
}

// read lets forum topics propose themselves: those with a tag of the
// newsletter. Their titles follow the topic until the newsletter is sent.
func (d *desk) read(ctx context.Context, items []bot.Item, now time.Time) ([]bot.Post, error) {
	for _, i := range items {
		if i.Number != 1 || i.Old {
			continue
		}
		if err := d.topic(ctx, i, now); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func (d *desk) topic(ctx context.Context, i bot.Item, now time.Time) error {
	ref := "topic/" + i.Site + "/" + i.Topic
	item, known, err := d.db.NewsAbout(ctx, ref)
	if err != nil {
		return err
	}
	switch {
	case known && item.State == storage.Used:
		return nil
	case known && (i.Kind == bot.Deleted || !d.tagged(i)):
		item.State, item.Why = storage.Rejected, "the topic is gone, or no longer has the tag"
	case known && item.State == storage.Rejected && strings.HasPrefix(item.Why, "the topic"):
		item.State, item.Why, item.Title = storage.Suggested, "", clipTitle(line(i.Title))
	case known && item.ByHand:
		return nil
	case known:
		item.Title = clipTitle(line(i.Title))
	case i.Kind == bot.Deleted || !d.tagged(i) || d.ours(i):
		return nil
	default:
		return d.newTopic(ctx, i, ref, now)
	}
	_, err = d.db.SaveNews(ctx, item)
	return err
}

// newTopic suggests a topic by its title and link. The words in it are its
// author's: they go in only if an editor asks for them.
func (d *desk) newTopic(ctx context.Context, i bot.Item, ref string, now time.Time) error {
	link, _ := readLink(i.URL)
	p := piece{title: clipTitle(line(i.Title)), link: link}
	if p.title == "" {
		return nil
	}
	if recent, err := d.db.NewsSince(ctx, now.AddDate(0, 0, -60)); err != nil {
		return err
	} else {
		for _, old := range recent {
			if old.LinkKey != "" && old.LinkKey == compared(link) {
				return nil
			}
		}
	}
	issue, _, err := d.taking(ctx, now)
	if err != nil {
		return err
	}
	_, err = d.db.SaveNews(ctx, storage.NewsItem{Issue: issue.ID, Section: d.guess(p), State: storage.Suggested, Title: p.title, Link: link, LinkKey: compared(link),
		Origin: "forum", Ref: ref, Made: now})
	return err
}

func (d *desk) tagged(i bot.Item) bool {
	for _, t := range i.Tags {
		for _, want := range d.Tags {
			if strings.EqualFold(t, want) {
				return true
			}
		}
	}
	return false
}

// ours reports whether a topic is a newsletter itself.
func (d *desk) ours(i bot.Item) bool { return strings.HasPrefix(i.Title, d.Title+", ") }
