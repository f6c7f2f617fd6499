package discourse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

const (
	// threadsEvery is how often threads are asked for that have no news of
	// their own in the list of channels.
	threadsEvery = time.Minute
	// lateEvery is when a place is read once more after news in it, for
	// messages that came late.
	lateEvery = time.Minute
	// talkFor is how long after the last word with the bot a place is read
	// at each look; until it has settled it is read once a minute.
	talkFor   = 2 * time.Minute
	talkEvery = time.Minute
	// placesALook is how many places are read in one look.
	placesALook = 6
)

// look asks which places have news and reads them.
func (c *Chat) look(ctx context.Context, at chatPosition, now time.Time) (bot.Batch, chatPosition, error) {
	channels, err := c.client.Channels(ctx)
	if errors.Is(err, forum.ErrForbidden) || errors.Is(err, forum.ErrNotFound) {
		err = fmt.Errorf("%w: %w", errNoChat, err)
	}
	if err != nil {
		return bot.Batch{}, at, err
	}
	next := at.clone()
	var batch bot.Batch
	all := slices.Concat(channels.Public, channels.Direct)
	due := c.due(all, at, now)
	more, err := c.threads(ctx, all, at, now, len(due))
	if err != nil {
		return bot.Batch{}, at, err
	}
	due = append(due, more...)
	complete := len(due) <= placesALook
	byID := map[int64]forum.Channel{}
	for _, ch := range all {
		byID[ch.ID] = ch
	}
	for _, p := range due[:min(len(due), placesALook)] {
		done, err := c.readPlace(ctx, &batch, &next, byID[p.Channel], p, now)
		if err != nil {
			return bot.Batch{}, at, err
		}
		complete = complete && done
	}
	c.leave(&batch, &next, byID)
	if complete && c.knowsThreads(all, now) && now.Sub(next.At) >= step {
		next.At = now
	}
	batch.Position = next.String()
	return batch, next, nil
}

// due returns the channels with news, and the places to be read anyway.
func (c *Chat) due(all []forum.Channel, at chatPosition, now time.Time) (due []forum.ChatPlace) {
	there := map[int64]bool{}
	for _, ch := range all {
		p := forum.ChatPlace{Channel: ch.ID}
		there[ch.ID] = true
		known, ok := at.Places[nameOf(p)]
		again, planned := c.again[p]
		news := ch.Last != nil && ch.Last.ID > known.Top
		if !ok || news || planned && !again.After(now) && c.forum.mayAsk(again, now, 0) {
			due = append(due, p)
		}
	}
	for p, again := range c.again {
		if p.Thread != 0 && there[p.Channel] && !again.After(now) && c.forum.mayAsk(again, now, 0) {
			due = append(due, p)
		}
	}
	slices.SortFunc(due, func(a, b forum.ChatPlace) int {
		if a.Channel != b.Channel {
			return int(a.Channel - b.Channel)
		}
		return int(a.Thread - b.Thread)
	})
	return due
}

// threads returns threads with news: those the bot is in, and those in which
// it was mentioned.
func (c *Chat) threads(ctx context.Context, all []forum.Channel, at chatPosition, now time.Time, ahead int) (due []forum.ChatPlace, err error) {
	if now.Sub(c.list) < threadsEvery || !c.forum.mayAsk(c.list, now, ahead) || !slices.ContainsFunc(all, func(ch forum.Channel) bool { return ch.Threads }) {
		return nil, nil
	}
	add := func(p forum.ChatPlace, id int64) {
		_, planned := c.again[p]
		if id > at.Places[nameOf(p)].Top && !planned && !slices.Contains(due, p) {
			due = append(due, p)
		}
	}
	list, err := c.client.MyThreads(ctx)
	if err := c.forum.forgive(err); err != nil {
		return nil, err
	}
	for _, k := range list {
		add(forum.ChatPlace{Channel: k.ChannelID, Thread: k.ID}, k.LastID)
	}
	c.list = now
	if !c.forum.mayAsk(c.rung, now, ahead+len(due)) {
		return due, nil
	}
	notes, err := c.forum.bell.notes(ctx, c.client, now)
	if err := c.forum.forgive(err); err != nil {
		return nil, err
	}
	c.rung = now
	for _, n := range notes {
		if d := n.Data; n.Type == forum.ChatMention && d.ChatThread != 0 && !n.Created.Before(at.oldest()) {
			add(forum.ChatPlace{Channel: d.ChatChannel, Thread: d.ChatThread}, d.ChatMessage)
		}
	}
	return due, nil
}

// knowsThreads reports whether the threads have been asked for lately. Until
// then what was said in them is unread, and must not be taken for old.
func (c *Chat) knowsThreads(all []forum.Channel, now time.Time) bool {
	return now.Sub(c.list) <= overdue+threadsEvery || !slices.ContainsFunc(all, func(ch forum.Channel) bool { return ch.Threads })
}

// readPlace reads the newest messages of a place, and those before them that
// were not seen. done is false if there are more.
func (c *Chat) readPlace(ctx context.Context, batch *bot.Batch, next *chatPosition, ch forum.Channel, p forum.ChatPlace, now time.Time) (done bool, err error) {
	r, known := next.Places[nameOf(p)]
	r.Seen = cloned(r.Seen)
	page, err := c.client.ChatNewest(ctx, p)
	if errors.Is(err, forum.ErrNotFound) || errors.Is(err, forum.ErrForbidden) {
		delete(c.again, p)
		return true, nil // it was deleted meanwhile, or the bot was put out
	}
	if err != nil {
		return false, err
	}
	messages, done := page.Messages, true
	if gap(page, r.Floor, next.oldest()) {
		messages, done, err = c.client.ChatSince(ctx, p, r.Floor, 0)
		if err != nil {
			return false, err
		}
		if !done && len(messages) == 0 { // too many to prove anything: the newest have to do
			messages, done = page.Messages, true
		}
	}
	if !known && p.Thread == 0 {
		batch.Rooms = append(batch.Rooms, c.room(ch, p, !next.At.IsZero()))
	}
	news := false
	for _, m := range messages {
		if _, original := next.Places[nameOf(forum.ChatPlace{Channel: p.Channel})].Seen[m.ID]; p.Thread != 0 && original {
			continue
		}
		if m.ID > r.Floor || r.Seen[m.ID].For {
			news = c.take(batch, next, &r, ch, p, m) || news
		}
		if thread := (forum.ChatPlace{Channel: p.Channel, Thread: m.ThreadID}); p.Thread == 0 && m.ThreadID != 0 && r.Seen[m.ID].For {
			if _, known := next.Places[nameOf(thread)]; !known {
				c.again[thread] = now
			}
		}
	}
	if done {
		c.missing(batch, &r, p, page, now)
	}
	upTo := int64(0)
	if len(messages) > 0 {
		upTo = messages[len(messages)-1].ID
	}
	settled := now.Add(-settle)
	if next.At.IsZero() {
		settled = next.Since
	}
	r.advance(upTo, settled, messages, now)
	next.Places[nameOf(p)] = r
	c.plan(p, r, news || !done, now)
	return done, nil
}

// gap reports whether there may be unseen messages before a page.
func gap(page forum.ChatPage, floor int64, oldest time.Time) bool {
	if !page.Older || len(page.Messages) == 0 {
		return false
	}
	first := page.Messages[0]
	return first.ID > floor && !first.Created.Before(oldest)
}

// plan says when a place is read again although nothing points to news:
// soon while somebody talks with the bot, because edits, deletions and
// reactions are in no list, and once for messages that came late.
func (c *Chat) plan(p forum.ChatPlace, r read, news bool, now time.Time) {
	var last int64
	for _, s := range r.Seen {
		if s.For {
			last = max(last, s.At)
		}
	}
	switch quiet := now.Sub(time.Unix(last, 0)); {
	case quiet < talkFor:
		c.again[p] = now
	case quiet < settle:
		c.again[p] = now.Add(talkEvery)
	case news:
		c.again[p] = now.Add(lateEvery)
	default:
		delete(c.again, p)
	}
}

// leave forgets channels that the bot is in no longer.
func (c *Chat) leave(batch *bot.Batch, next *chatPosition, there map[int64]forum.Channel) {
	for name := range next.Places {
		p := placeNamed(name)
		if _, ok := there[p.Channel]; ok {
			continue
		}
		delete(next.Places, name)
		delete(c.again, p)
		if p.Thread == 0 {
			batch.Rooms = append(batch.Rooms, bot.RoomInfo{Room: bot.Room{Site: c.name, ID: postID(p.Channel)}, Left: true})
		}
	}
}

// room returns what is known about a channel.
func (c *Chat) room(ch forum.Channel, p forum.ChatPlace, joined bool) bot.RoomInfo {
	info := bot.RoomInfo{Room: bot.Room{Site: c.name, ID: postID(p.Channel)}, Name: ch.Title}
	if who := alone(ch); who != "" {
		info.Direct = who
	} else {
		info.Joined = joined && !ch.Direct()
	}
	return info
}

// alone returns the only person in a direct channel with the bot, or "".
func alone(ch forum.Channel) string {
	if ch.Direct() && len(ch.People) == 1 {
		return ch.People[0].Username
	}
	return ""
}
