package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

const (
	kind  = "feed"
	alone = 3 // so many lines at once are said one by one, more in a digest
)

// ref names a room in a promise; a room that is upgraded takes it along.
func ref(room bot.Room) string {
	data, _ := json.Marshal([2]string{room.Site, room.ID}) // two words: cannot fail
	return string(data)
}

func roomOf(ref string) (room bot.Room, err error) {
	var parts [2]string
	err = json.Unmarshal([]byte(ref), &parts)
	return bot.Room{Site: parts[0], ID: parts[1]}, err
}

// promise has a room told when the first of its lines is due.
func (d *desk) promise(ctx context.Context, room bot.Room) error {
	next, err := d.db.NextFeedLine(ctx, room)
	if err != nil {
		return err
	}
	if next.IsZero() {
		return d.db.Release(ctx, kind, ref(room))
	}
	return d.db.Promise(ctx, kind, ref(room), next)
}

func earliest(lines []storage.FeedLine) (next time.Time) {
	for _, l := range lines {
		if next.IsZero() || l.Due.Before(next) {
			next = l.Due
		}
	}
	return next
}

// tell says what a room is due to hear.
func (d *desk) tell(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	room, err := roomOf(due.Ref)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("feed: room %q: %w", due.Ref, err)
	}
	lines, err := d.db.WaitingFeedLines(ctx, room)
	if err != nil || len(lines) == 0 {
		return nil, time.Time{}, err
	}
	// The bot may have been away until people are asleep again.
	if open, err := d.dueIn(ctx, room, now); err != nil || open.After(now) {
		return nil, open, err
	}
	ready, rest := split(lines, now)
	var posts []bot.Post
	for _, some := range inPosts(ready, now) {
		p, err := d.sayLines(ctx, room, some, now)
		if err != nil {
			return nil, time.Time{}, err
		}
		posts = append(posts, p)
	}
	return posts, earliest(rest), nil
}

func split(lines []storage.FeedLine, now time.Time) (ready, rest []storage.FeedLine) {
	for _, l := range lines {
		if l.Due.After(now) {
			rest = append(rest, l)
		} else {
			ready = append(ready, l)
		}
	}
	return ready, rest
}

// inPosts divides lines among posts: one each, or one for all where there are
// many or some have waited long.
func inPosts(lines []storage.FeedLine, now time.Time) [][]storage.FeedLine {
	if len(lines) > alone || len(lines) > 1 && now.Sub(lines[0].At) > late {
		return [][]storage.FeedLine{lines}
	}
	var each [][]storage.FeedLine
	for _, l := range lines {
		each = append(each, []storage.FeedLine{l})
	}
	return each
}

// sayLines makes the post that tells lines, and marks them as said with it.
func (d *desk) sayLines(ctx context.Context, room bot.Room, lines []storage.FeedLine, now time.Time) (bot.Post, error) {
	key := fmt.Sprintf("feed/%d/%d", lines[0].ID, now.Unix())
	if len(lines) > 1 {
		key = fmt.Sprintf("feed/digest/%d/%d", lines[0].ID, now.Unix())
	}
	for i := range lines {
		l := &lines[i]
		l.State, l.Key, l.Due = "said", key, now
		if err := d.db.SaveFeedLine(ctx, *l); err != nil {
			return bot.Post{}, err
		}
	}
	why, err := d.because(ctx, lines[0])
	return bot.Post{Key: key, Room: room, Rank: bot.Broadcast, Text: d.text(lines), Why: why}, err
}

// because is the answer to `!why`.
func (d *desk) because(ctx context.Context, l storage.FeedLine) (string, error) {
	f, ok, err := d.db.Feed(ctx, l.Feed)
	if err != nil || !ok {
		return "This room followed something on the forum.", err
	}
	by := ""
	if f.By != "" {
		by = fmt.Sprintf(" (%s asked for it on %s)", bot.Plain(f.By), f.At.In(d.Zone).Format("2 January"))
	}
	verb := "follows"
	if f.Level == "watch" {
		verb = "watches"
	}
	return fmt.Sprintf("This room %s %s%s. `!feed remove %s` ends it; `!feeds` lists all of it.", verb, d.described(f), by, removeWord(f)), nil
}

// shown is what a post that tells lines looks like now, "" if none are left.
func (d *desk) shown(ctx context.Context, key string) (string, error) {
	lines, err := d.db.FeedLinesBy(ctx, key)
	if err != nil {
		return "", err
	}
	return d.text(left(lines)), nil
}

func left(lines []storage.FeedLine) []storage.FeedLine {
	var some []storage.FeedLine
	for _, l := range lines {
		if l.State == "said" {
			some = append(some, l)
		}
	}
	return some
}

// amend changes a post whose lines have changed, or takes it back.
func (d *desk) amend(ctx context.Context, key, old string) ([]bot.Post, error) {
	lines, err := d.db.FeedLinesBy(ctx, key)
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	edits := 0
	for _, l := range lines {
		edits += l.Edits
	}
	p := bot.Post{Key: fmt.Sprintf("%s/%d", key, edits), Room: lines[0].Room, Rank: bot.Broadcast, Of: key}
	switch text := d.text(left(lines)); text {
	case old:
		return nil, nil
	case "":
		p.Kind, p.Why = bot.Withdraw, "What it told of was deleted on the forum."
	default:
		p.Kind, p.Text, p.Why = bot.Edit, text, "What it told of was changed on the forum."
	}
	return []bot.Post{p}, nil
}
