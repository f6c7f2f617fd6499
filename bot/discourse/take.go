package discourse

import (
	"context"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

// take puts into the batch what a post means for the bot, if anything.
func (t *Transport) take(ctx context.Context, batch *bot.Batch, next *position, p forum.Post, private bool) error {
	if !isTalk(p) {
		return nil
	}
	t.know(p)
	old, known := next.Seen[p.ID]
	switch {
	case t.isOurs(p):
		if txn := forum.MarkOf(p.Raw); txn != "" && !known {
			next.Seen[p.ID] = seen{Ours: true, Origin: origin(p)}
			batch.Echoes = append(batch.Echoes, bot.Echo{Txn: txn, ID: postID(p.ID)})
		}
		return nil
	case known && p.UserDeleted:
		t.gone(batch, next, p.ID, p.Updated)
		return nil
	case known && !old.Gone:
		return t.changed(ctx, batch, next, p, private, old)
	case known, p.UserDeleted:
		return nil
	case !private && !forum.IsMentioned(p.Cooked, t.Username):
		return nil
	case next.isOld(p):
		if next.Floor > 0 {
			t.Log.Info("a moved or restored post is not obeyed", "site", t.name, "post", p.ID)
		}
		next.Seen[p.ID] = seen{Gone: true, Origin: origin(p)}
		return nil
	}
	m, err := t.message(ctx, p, private)
	if err != nil {
		return err
	}
	if !m.Direct && !m.Named {
		return nil
	}
	next.Seen[p.ID] = seen{Text: short(p.Raw), Origin: origin(p), User: p.Username, Topic: p.TopicID}
	t.add(batch, m, p)
	return nil
}

// changed tells of a seen post that now says something else.
func (t *Transport) changed(ctx context.Context, batch *bot.Batch, next *position, p forum.Post, private bool, old seen) error {
	text := short(p.Raw)
	if text == old.Text {
		return nil
	}
	m, err := t.message(ctx, p, private)
	if err != nil {
		return err
	}
	m.ID = m.ID + "-" + strconv.FormatInt(p.Updated.UnixMilli(), 36) + text
	m.Kind, m.Of, m.Time = bot.Edited, postID(p.ID), p.Updated.UTC()
	old.Text, old.Topic = text, p.TopicID
	next.Seen[p.ID] = old
	t.add(batch, m, p)
	return nil
}

// gone tells that a seen post is there no longer. It stays known, so that it
// is not obeyed again if it comes back.
func (t *Transport) gone(batch *bot.Batch, next *position, id int64, at time.Time) {
	s := next.Seen[id]
	if s.Gone {
		return
	}
	s.Gone = true
	next.Seen[id] = s
	batch.Messages = append(batch.Messages, bot.Message{
		ID: postID(id) + "-gone", Kind: bot.Deleted, Of: postID(id), Time: at.UTC(),
		Room: t.room(s.Topic), From: bot.User{ID: s.User, Name: s.User},
	})
}

// message returns what somebody said in a post.
func (t *Transport) message(ctx context.Context, p forum.Post, private bool) (bot.Message, error) {
	m := bot.Message{
		ID: postID(p.ID), Room: t.room(p.TopicID), From: bot.User{ID: p.Username, Name: p.Name},
		Text: forum.Text(p.Cooked), Time: p.Created.UTC(), Kind: bot.Said,
		Named: forum.IsMentioned(p.Cooked, t.Username),
	}
	if m.From.Name == "" {
		m.From.Name = p.Username
	}
	if private {
		alone, err := t.isAlone(ctx, p.TopicID)
		if err != nil {
			return m, err
		}
		m.Direct = alone
	}
	return m, nil
}

// isAlone reports whether a personal message has only one person and the bot
// in it. In larger ones the bot wants to be mentioned.
func (t *Transport) isAlone(ctx context.Context, topic int64) (bool, error) {
	t.mu.Lock()
	alone, known := t.alone[topic]
	t.mu.Unlock()
	if known {
		return alone, nil
	}
	about, err := t.client.Topic(ctx, topic, 1)
	if err != nil {
		return false, err
	}
	alone = len(about.Groups) == 0 && len(about.People) <= 2
	t.mu.Lock()
	defer t.mu.Unlock()
	t.alone[topic] = alone
	return alone, nil
}

// add puts a message into the batch, with what is known about its room.
func (t *Transport) add(batch *bot.Batch, m bot.Message, p forum.Post) {
	batch.Messages = append(batch.Messages, m)
	info := bot.RoomInfo{Room: m.Room, Name: p.TopicTitle}
	if m.Direct {
		info.Direct = m.From.ID
	}
	batch.Rooms = append(batch.Rooms, info)
}

// know remembers the number of a post, for answers to it.
func (t *Transport) know(p forum.Post) {
	const most = 2000
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.numbers) >= most {
		clear(t.numbers)
		clear(t.alone)
	}
	t.numbers[p.ID] = p.Number
}

func (t *Transport) isOurs(p forum.Post) bool {
	return p.Yours || strings.EqualFold(p.Username, t.Username)
}

func (t *Transport) room(topic int64) bot.Room {
	return bot.Room{Site: t.name, ID: postID(topic)}
}

func postID(id int64) string { return strconv.FormatInt(id, 10) }
