package discourse

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

// take puts into the batch what a post means for the bot, if anything.
func (t *Transport) take(ctx context.Context, batch *bot.Batch, next *position, v *view, p forum.Post) error {
	private := v.private[p.ID]
	if !isTalk(p) {
		return nil
	}
	t.know(p)
	old, known := next.Seen[p.ID]
	switch {
	case t.isOurs(p):
		return t.own(ctx, batch, next, v, p)
	case known && p.UserDeleted:
		t.gone(batch, next, p.ID, p.Updated)
		return nil
	case known && !old.Gone:
		return t.changed(ctx, batch, next, p, old)
	case known, p.UserDeleted:
		return nil
	}
	answers, err := t.answers(ctx, next, p)
	if err != nil || !private && answers == 0 && !forum.IsMentioned(p.Cooked, t.Username) {
		return err
	}
	if next.isOld(p) {
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
	if answers != 0 {
		m.ReplyTo = postID(answers)
	}
	if !m.Direct && !m.Named && answers == 0 {
		return nil
	}
	t.hear(batch, next, m, p, private)
	return nil
}

// own takes in one of the bot's own posts: its mark says which one it is, and
// people may have put reactions on it.
func (t *Transport) own(ctx context.Context, batch *bot.Batch, next *position, v *view, p forum.Post) error {
	marks := forum.MarksOf(p.Raw)
	if len(marks) == 0 {
		return nil
	}
	s, known := next.Seen[p.ID]
	if !known {
		s = seen{Ours: true, Origin: origin(p), Topic: p.TopicID, Number: p.Number, Made: p.Created.Unix(), Private: v.private[p.ID]}
	}
	if text := short(strings.Join(marks, " ")); s.Text != text {
		for _, txn := range marks {
			batch.Echoes = append(batch.Echoes, bot.Echo{Txn: txn, ID: postID(p.ID)})
		}
		s.Text = text
		next.Seen[p.ID] = s
	}
	return t.touched(ctx, batch, next, v, p)
}

// changed tells of a seen post that now says something else.
func (t *Transport) changed(ctx context.Context, batch *bot.Batch, next *position, p forum.Post, old seen) error {
	text := short(p.Raw)
	if text == old.Text {
		return nil
	}
	m, err := t.message(ctx, p, old.Private)
	if err != nil {
		return err
	}
	m.ID = m.ID + "-" + strconv.FormatInt(p.Updated.UnixMilli(), 36) + text
	m.Kind, m.Of, m.Time = bot.Edited, postID(p.ID), p.Updated.UTC()
	old.Text, old.Topic, old.Number = text, p.TopicID, p.Number
	next.Seen[p.ID] = old
	batch.Messages = append(batch.Messages, m)
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

// hear puts a message into the batch, with what is known about its room.
func (t *Transport) hear(batch *bot.Batch, next *position, m bot.Message, p forum.Post, private bool) {
	next.Seen[p.ID] = seen{Text: short(p.Raw), Origin: origin(p), User: p.Username, Topic: p.TopicID, Number: p.Number,
		Made: m.Time.Unix(), Private: private}
	batch.Messages = append(batch.Messages, m)
	info := bot.RoomInfo{Room: m.Room, Name: p.TopicTitle}
	if m.Direct {
		info.Direct = m.From.ID
	}
	batch.Rooms = append(batch.Rooms, info)
}

// A spot is a post's place in a topic.
type spot struct {
	topic  int64
	number int
}

// know remembers where a post is, for answers to it.
func (t *Transport) know(p forum.Post) {
	const most = 20_000
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.numbers) >= most {
		clear(t.numbers)
		clear(t.posts)
		clear(t.alone)
	}
	t.numbers[p.ID] = p.Number
	id := p.ID
	if !t.isOurs(p) {
		id = -id
	}
	t.posts[spot{p.TopicID, p.Number}] = id
}

// answers returns the post of the bot that a post is a reply to, 0 if none.
func (t *Transport) answers(ctx context.Context, next *position, p forum.Post) (int64, error) {
	if p.ReplyTo == 0 {
		return 0, nil
	}
	at := spot{p.TopicID, p.ReplyTo}
	for id, s := range next.Seen {
		if s.Ours && at == (spot{s.Topic, s.Number}) {
			return id, nil
		}
	}
	t.mu.Lock()
	id := t.posts[at]
	t.mu.Unlock()
	if id != 0 || p.ReplyToUser != nil && !strings.EqualFold(p.ReplyToUser.Username, t.Username) {
		return max(id, 0), nil
	}
	about, err := t.client.TopicAt(ctx, p.TopicID, p.ReplyTo)
	if err != nil && !errors.Is(err, forum.ErrNotFound) {
		return 0, err
	}
	for _, q := range about.Posts {
		t.know(q)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.posts[at] == 0 {
		t.posts[at] = -p.ID // deleted: not one of ours in any case
	}
	return max(t.posts[at], 0), nil
}

func (t *Transport) isOurs(p forum.Post) bool {
	return p.Yours || strings.EqualFold(p.Username, t.Username)
}

func (t *Transport) room(topic int64) bot.Room {
	return bot.Room{Site: t.name, ID: postID(topic)}
}

func postID(id int64) string { return strconv.FormatInt(id, 10) }
