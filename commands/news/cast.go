package news

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// The kinds of promises about broadcasts: one that waits for the morning
// begins, one under way is told about.
const (
	beginKind    = "broadcast.begin"
	progressKind = "broadcast.progress"
)

// schedule writes a confirmed broadcast down, and begins it now or when
// people are awake.
func (d *desk) schedule(ctx context.Context, c *bot.Call, b storage.Broadcast, shown plan) (bot.Reply, error) {
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	b.Code, b.Person, b.ByName, b.Room, b.Answer = c.Code(), person, c.From.Name, c.Room, c.Key(0)
	b.Begins, b.State, b.Mark, b.Tags = c.Now, "waiting", shown.Mark, shown.Tags
	if begin := d.awake(c.Now); !shown.Now {
		b.Begins = begin
	}
	b.UndoUntil = b.Begins.Add(d.UndoFor)
	if b.ID, err = d.db.SaveBroadcast(ctx, b); err != nil {
		return bot.Reply{}, err
	}
	r := bot.Reply{Did: []bot.Effect{{What: "sent: " + b.Title, Undo: &bot.Act{Name: "news.back", Data: strconv.FormatInt(b.ID, 10)},
		Fixed: "It was confirmed, so deleting the message does not take it back. `!undo " + b.Code + "` does."}}}
	if b.Begins.After(c.Now) {
		r.Text = fmt.Sprintf("%s is confirmed, and goes out on %s. `!undo %s` stops it.", nameOf(b), when.Say(b.Begins, d.Zone), b.Code)
		b.Said = r.Text
		if _, err := d.db.SaveBroadcast(ctx, b); err != nil {
			return bot.Reply{}, err
		}
		return r, d.db.Promise(ctx, beginKind, strconv.FormatInt(b.ID, 10), b.Begins)
	}
	r.Text, r.Posts, err = d.start(ctx, b, c.Now)
	return r, err
}

// start has the posts of a broadcast owed to all its places in one go: from
// then on they are sent whatever happens to the bot. It returns what is said
// of it, and the posts.
func (d *desk) start(ctx context.Context, b storage.Broadcast, now time.Time) (text string, posts []bot.Post, err error) {
	if posts, err = d.postsOf(ctx, b, now); err != nil {
		return "", nil, err
	}
	if err := d.db.AddCopies(ctx, b.ID, posts); err != nil {
		return "", nil, err
	}
	if b.Issue != 0 {
		if err := d.used(ctx, b.Issue, now); err != nil {
			return "", nil, err
		}
	}
	b.State, b.Begins, b.UndoUntil = "sending", now, now.Add(d.UndoFor)
	b.Said = fmt.Sprintf("%s: on its way to %s. `!undo %s` takes it back until %s.", nameOf(b), places(len(posts)), b.Code, b.UndoUntil.In(d.Zone).Format("15:04"))
	if _, err := d.db.SaveBroadcast(ctx, b); err != nil {
		return "", nil, err
	}
	wait := firstLook
	if d.Pace.PerSecond > 0 && len(posts) > d.Pace.Burst {
		wait = longLook
	}
	return b.Said, posts, d.db.Promise(ctx, progressKind, strconv.FormatInt(b.ID, 10), now.Add(wait))
}

// nameOf is how a broadcast is called where its progress is told.
func nameOf(b storage.Broadcast) string {
	if b.Issue == 0 {
		return "**The announcement**"
	}
	return "**" + bot.Plain(b.Title) + "**"
}

func places(n int) string { return plural(n, "place", "places") }

// errChanged is why a newsletter that waited for the morning is not sent.
var errChanged = errors.New("changed since it was confirmed")

// postsOf are the posts of a broadcast.
func (d *desk) postsOf(ctx context.Context, b storage.Broadcast, now time.Time) ([]bot.Post, error) {
	if b.Issue == 0 {
		out, err := d.audience(ctx, b.Tags)
		return out.posts(b, paper{}, now), err
	}
	issue, _, err := d.db.Issue(ctx, b.Issue)
	if err != nil {
		return nil, err
	}
	items, err := d.db.NewsOf(ctx, b.Issue)
	if err != nil {
		return nil, err
	}
	p := d.compose(issue, items, storage.Accepted)
	if mark(p) != b.Mark {
		return nil, errChanged
	}
	earlier, err := d.db.BroadcastsOf(ctx, b.Issue)
	if err != nil {
		return nil, err
	}
	out, err := d.outlets(ctx, p, earlier-1)
	return out.posts(b, p, now), err
}

// used closes an issue: what it has not used goes to the next one.
func (d *desk) used(ctx context.Context, id int64, now time.Time) error {
	issue, ok, err := d.db.Issue(ctx, id)
	if err != nil || !ok {
		return err
	}
	if err := d.db.SetNewsStates(ctx, id, storage.Accepted, storage.Used); err != nil {
		return err
	}
	issue.State, issue.Sent = "sent", now
	if err := d.db.SaveIssue(ctx, issue); err != nil {
		return err
	}
	next, err := d.next(ctx, issue, now)
	if err != nil {
		return err
	}
	if _, err = d.db.MoveNews(ctx, id, next.ID); err != nil {
		return err
	}
	return d.turnOver(ctx)
}

// beginLater begins a broadcast that waited for the morning.
func (d *desk) beginLater(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	b, ok, err := d.broadcast(ctx, due.Ref)
	if err != nil || !ok || b.State != "waiting" {
		return nil, time.Time{}, err
	}
	text, posts, err := d.start(ctx, b, now)
	if errors.Is(err, errChanged) {
		b.State, b.Ended = "undone", now
		text = nameOf(b) + " has changed since it was confirmed, so I have not sent it. Please look at it once more: `!news publish`."
		_, err = d.db.SaveBroadcast(ctx, b)
	}
	if err != nil {
		return nil, time.Time{}, err
	}
	return append(posts, told(b, text, due.At)), time.Time{}, nil
}

func (d *desk) broadcast(ctx context.Context, ref string) (storage.Broadcast, bool, error) {
	id, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return storage.Broadcast{}, false, err
	}
	return d.db.Broadcast(ctx, id)
}

// told changes the answer to whoever confirmed a broadcast.
func told(b storage.Broadcast, text string, at time.Time) bot.Post {
	return bot.Post{Key: fmt.Sprintf("broadcast/%d/told/%d", b.ID, at.Unix()), Room: b.Room, Kind: bot.Edit, Rank: bot.Reminder, Of: b.Answer, Text: text,
		Why: "I tell how far a broadcast has come."}
}
