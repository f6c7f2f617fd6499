package discourse

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"time"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

// A view is what was seen of the forum in one look.
type view struct {
	posts   map[int64]forum.Post // above the floor
	private map[int64]bool       // of these, those in personal messages
	top     int64                // the highest id seen
	sure    int64                // all ids up to here have been looked at
}

// look asks for what is new since a position. If nothing is, the position in
// the batch is the one given.
func (t *Transport) look(ctx context.Context, at position, windows bool) (bot.Batch, position, error) {
	began := t.Now().UTC()
	v := view{posts: map[int64]forum.Post{}, private: map[int64]bool{}, top: at.Top, sure: math.MaxInt64}
	for _, feed := range []forum.Feed{forum.Public, forum.Private} {
		if err := t.walk(ctx, &v, feed, at, windows); err != nil {
			return bot.Batch{}, at, err
		}
	}
	next := at
	next.Seen = maps.Clone(at.Seen)
	var batch bot.Batch
	for _, id := range slices.Sorted(maps.Keys(v.posts)) {
		if err := t.take(ctx, &batch, &next, v.posts[id], v.private[id]); err != nil {
			return bot.Batch{}, at, err
		}
	}
	if err := t.missing(ctx, &batch, &next, v); err != nil {
		return bot.Batch{}, at, err
	}
	next.advance(v, began)
	batch.Position = next.String()
	return batch, next, nil
}

// walk adds a feed to what is seen, page by page. It ends where posts are too
// old to be new, even if the floor is further down; the first look of all is
// at the head only.
func (t *Transport) walk(ctx context.Context, v *view, feed forum.Feed, at position, windows bool) error {
	w := forum.Walk{Feed: feed, Floor: at.Floor, Pages: 1, Windows: windows, Top: v.top}
	for {
		s, err := t.client.Walk(ctx, w)
		if err != nil {
			return err
		}
		if s.Blind && !at.At.IsZero() {
			v.sure = min(v.sure, w.Top)
		}
		for _, p := range s.Posts {
			v.posts[p.ID], v.top = p, max(v.top, p.ID)
			if feed == forum.Private {
				v.private[p.ID] = true
			}
		}
		old := len(s.Posts) > 0 && s.Posts[0].Created.Before(at.oldest().Add(-time.Hour))
		if s.Done || old || at.At.IsZero() {
			return nil
		}
		w.From = s.Lowest
	}
}

// missing tells of posts that are no longer there. A post may only have left
// the lists, so each is asked for; a few at a time, because that costs.
func (t *Transport) missing(ctx context.Context, batch *bot.Batch, next *position, v view) error {
	const most = 3
	asked := 0
	for _, id := range slices.Sorted(maps.Keys(next.Seen)) {
		s := next.Seen[id]
		if _, there := v.posts[id]; there || s.Ours || s.Gone || id <= next.Floor {
			continue
		}
		if asked++; asked > most {
			return nil
		}
		if _, err := t.client.Post(ctx, id); !errors.Is(err, forum.ErrNotFound) {
			if err != nil {
				return err
			}
			continue
		}
		t.gone(batch, next, id, t.Now().UTC())
	}
	return nil
}

// advance moves the floor to the last post that has settled, and forgets what is below it.
func (p *position) advance(v view, began time.Time) {
	settled := began.Add(-settle)
	if p.At.IsZero() { // the first look: all that was there is history
		settled = p.Since
	}
	p.Top = v.top
	for id, post := range v.posts {
		if id <= v.sure && post.Created.Before(settled) {
			p.Floor = max(p.Floor, id)
		}
	}
	maps.DeleteFunc(p.Seen, func(id int64, _ seen) bool { return id <= p.Floor })
	if began.Sub(p.At) >= step {
		p.At = began
	}
}
