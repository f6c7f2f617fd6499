package discourse

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

const (
	// watchFor is for how long what was said to or by the bot is looked at
	// again, after it has left the head of the lists.
	watchFor = 48 * time.Hour
	// watched is how many posts are.
	watched = 200
	// watchEvery is how often at most.
	watchEvery = 2 * time.Minute
)

// due reports whether a post below the floor is to be looked at again: the
// older it is, the more seldom.
func (s seen) due(now time.Time) bool {
	made := time.Unix(s.Made, 0)
	checked := time.Unix(s.Checked, 0)
	if s.Checked == 0 {
		checked = made.Add(settle)
	}
	return !s.Gone && now.Sub(checked) >= max(watchEvery, now.Sub(made)/4)
}

// forgetSeen drops the posts below the floor that are not watched.
func (p *position) forgetSeen(now time.Time) {
	maps.DeleteFunc(p.Seen, func(id int64, s seen) bool {
		return id <= p.Floor && (s.Made == 0 || now.Sub(time.Unix(s.Made, 0)) > watchFor)
	})
	if ids := slices.Sorted(maps.Keys(p.Seen)); len(ids) > watched {
		for _, id := range ids[:len(ids)-watched] {
			if id <= p.Floor {
				delete(p.Seen, id)
			}
		}
	}
}

// watch looks at older posts that were said to or by the bot: those of one
// topic, because the forum gives these in one answer.
func (t *Transport) watch(ctx context.Context, batch *bot.Batch, next *position, v *view) error {
	if !t.mayAsk(t.watched, v.began, 0) {
		return nil
	}
	var oldest int64
	for id, s := range next.Seen {
		if id <= next.Floor && s.due(v.began) && (oldest == 0 || s.Checked < next.Seen[oldest].Checked || s.Checked == next.Seen[oldest].Checked && id < oldest) {
			oldest = id
		}
	}
	if oldest == 0 {
		return nil
	}
	t.watched = v.began
	topic := next.Seen[oldest].Topic
	var ids []int64
	for _, id := range slices.Sorted(maps.Keys(next.Seen)) {
		if s := next.Seen[id]; s.Topic == topic && id <= next.Floor && s.due(v.began) && len(ids) < 50 {
			ids = append(ids, id)
		}
	}
	posts, err := t.client.TopicPosts(ctx, topic, ids)
	if err != nil && !errors.Is(err, forum.ErrNotFound) {
		return err
	}
	for _, id := range ids {
		i := slices.IndexFunc(posts, func(p forum.Post) bool { return p.ID == id })
		if i < 0 {
			err = t.elsewhere(ctx, batch, next, v, id)
		} else {
			err = t.again(ctx, batch, next, v, posts[i])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// again compares a watched post with what it was.
func (t *Transport) again(ctx context.Context, batch *bot.Batch, next *position, v *view, p forum.Post) error {
	s := next.Seen[p.ID]
	since := s.Checked
	s.Checked = v.began.Unix()
	next.Seen[p.ID] = s
	switch {
	case s.Ours:
		return t.touched(ctx, batch, next, v, p)
	case p.UserDeleted:
		t.gone(batch, next, p.ID, p.Updated)
		return nil
	case p.Raw == "" && p.Updated.Unix() < since:
		return nil
	case p.Raw == "": // a server that does not show it in topics
		full, err := t.client.Post(ctx, p.ID)
		if errors.Is(err, forum.ErrNotFound) {
			return nil // the next time tells
		}
		if err != nil {
			return err
		}
		p = full
	}
	return t.changed(ctx, batch, next, p, s)
}

// elsewhere looks for a watched post that is no longer in its topic.
func (t *Transport) elsewhere(ctx context.Context, batch *bot.Batch, next *position, v *view, id int64) error {
	if !v.mayAsk() {
		return nil
	}
	s := next.Seen[id]
	p, err := t.client.Post(ctx, id)
	switch {
	case errors.Is(err, forum.ErrNotFound) && s.Ours:
		delete(next.Seen, id)
	case errors.Is(err, forum.ErrNotFound):
		t.gone(batch, next, id, t.Now().UTC())
	case err != nil:
		return err
	default:
		s.Topic, s.Number, s.Checked = p.TopicID, p.Number, v.began.Unix()
		next.Seen[id] = s
	}
	return nil
}

// rung looks at the account's notifications for mentions that were edited
// into posts too old to be in sight. Each is heard once. Those that are there
// at first are history.
func (t *Transport) rung(ctx context.Context, batch *bot.Batch, next *position, v *view) error {
	first := next.Bell == 0
	if !first && !t.mayAsk(t.rungAt, v.began, 0) {
		return nil
	}
	notes, err := t.bell.notes(ctx, t.client, v.began)
	if err := t.forgive(err); err != nil {
		return err
	}
	t.rungAt = v.began
	for _, n := range slices.Backward(notes) { // oldest first
		if n.ID <= next.Bell {
			continue
		}
		if !first && n.Type == forum.Mentioned && !n.Created.Before(next.oldest()) {
			if known, err := t.editedIn(ctx, batch, next, v, n.Data.PostID); err != nil || !known {
				return err
			}
		}
		next.Bell = n.ID
	}
	if next.Bell == 0 {
		next.Bell = -1
	}
	return nil
}

// editedIn hears a post that mentions the bot and is not in sight: the mention
// was edited in when it was no longer, or its topic is in no list. It reports false if it has to be asked for at another look.
func (t *Transport) editedIn(ctx context.Context, batch *bot.Batch, next *position, v *view, id int64) (bool, error) {
	if _, known := next.Seen[id]; known || id == 0 {
		return true, nil
	}
	if _, there := v.posts[id]; there {
		return true, nil
	}
	if !v.mayAsk() {
		return false, nil
	}
	p, err := t.client.Post(ctx, id)
	if errors.Is(err, forum.ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	edited := p.Updated.After(p.Created.Add(time.Second)) && !p.Updated.Before(next.oldest())
	if !edited && p.Created.Before(next.oldest()) || !isTalk(p) || p.UserDeleted || t.isOurs(p) || !forum.IsMentioned(p.Cooked, t.Username) {
		t.Log.Info("a mention in an old post is not obeyed", "site", t.name, "post", id, "edited", edited)
		return true, nil
	}
	m, err := t.message(ctx, p, false)
	if err != nil {
		return false, err
	}
	if edited {
		m.Time = p.Updated.UTC()
	}
	t.know(p)
	t.hear(batch, next, m, p, false)
	s := next.Seen[id]
	s.Checked = v.began.Unix()
	next.Seen[id] = s
	return true, nil
}
