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

// feeds are what is read at each look.
var feeds = []forum.Feed{forum.Public, forum.Private}

// A view is what is seen of the forum in one look. A look that is cut short,
// by a busy forum or by the bot's own pace, goes on where it stopped.
type view struct {
	began   time.Time
	posts   map[int64]forum.Post // above the floor
	private map[int64]bool       // of these, those in personal messages
	top     int64                // the highest id seen
	sure    int64                // all ids up to here have been looked at
	walks   []walk               // one for each of feeds
	seen    bool                 // all walks are at their end
	left    []int64              // then: ids of posts that are not told yet, oldest first
	asked   int                  // how many single posts were asked for
}

// A walk is how far down a feed has been read.
type walk struct {
	from int64 // where it goes on; 0: at the head
	low  int64 // ids above it have been looked at
	done bool
}

func newView(at position, now time.Time) *view {
	return &view{began: now.UTC(), posts: map[int64]forum.Post{}, private: map[int64]bool{},
		top: at.Top, sure: math.MaxInt64, walks: make([]walk, len(feeds))}
}

// see reads both feeds down to the floor.
func (t *Transport) see(ctx context.Context, v *view, at position) error {
	if v.seen {
		return nil
	}
	for i, feed := range feeds {
		for w := &v.walks[i]; !w.done; {
			if err := t.page(ctx, v, w, feed, at); err != nil {
				return err
			}
		}
	}
	v.seen = true
	v.left = slices.Sorted(maps.Keys(v.posts))
	return nil
}

// page adds one page of a feed to what is seen. A walk ends where posts are
// too old to be new, even if the floor is further down; the first look of all
// is at the head only.
func (t *Transport) page(ctx context.Context, v *view, w *walk, feed forum.Feed, at position) error {
	s, err := t.client.Walk(ctx, forum.Walk{Feed: feed, From: w.from, Floor: at.Floor, Pages: 1, Windows: t.windowed, Top: v.top})
	if err != nil {
		return err
	}
	if s.Blind && !at.At.IsZero() {
		v.sure = min(v.sure, v.top)
	}
	for _, p := range s.Posts {
		v.posts[p.ID], v.top = p, max(v.top, p.ID)
		if feed == forum.Private {
			v.private[p.ID] = true
		}
	}
	old := len(s.Posts) > 0 && s.Posts[0].Created.Before(at.oldest().Add(-time.Hour))
	w.done = s.Done || old || at.At.IsZero()
	w.from, w.low = s.Lowest, s.Lowest
	if s.Done {
		w.low = at.Floor
	}
	return nil
}

// chunk is how many posts are told in one batch.
const chunk = 500

// tell returns the next batch of what was seen, oldest first, and the
// position after it. If nothing is new, the position in the batch is the one
// given. Nothing in v changes before told is called.
func (t *Transport) tell(ctx context.Context, v *view, at position) (bot.Batch, position, error) {
	next := at.clone()
	var batch bot.Batch
	ids := v.left[:min(len(v.left), chunk)]
	last := len(ids) == len(v.left)
	if err := t.learn(ctx, &batch, &next, v, ids, last); err != nil {
		return bot.Batch{}, at, err
	}
	for _, id := range ids {
		t.read(&batch, &next, v, v.posts[id])
		if err := t.take(ctx, &batch, &next, v, v.posts[id]); err != nil {
			return bot.Batch{}, at, err
		}
	}
	upTo := int64(math.MaxInt64)
	v.asked = 0
	if last {
		if err := t.later(ctx, &batch, &next, v); err != nil {
			return bot.Batch{}, at, err
		}
	} else {
		upTo = ids[len(ids)-1]
	}
	next.advance(v, upTo)
	if last && v.began.Sub(next.At) >= step {
		next.At = v.began
	}
	batch.Position = next.String()
	return batch, next, nil
}

// told takes the batch that was delivered off what is left, and reports
// whether that was the last.
func (v *view) told() (last bool) {
	v.left = v.left[min(len(v.left), chunk):]
	return len(v.left) == 0
}

// later tells what has become of what was told before.
func (t *Transport) later(ctx context.Context, batch *bot.Batch, next *position, v *view) error {
	for _, tell := range []func(context.Context, *bot.Batch, *position, *view) error{t.missing, t.missingItems, t.rung, t.watch} {
		if err := tell(ctx, batch, next, v); err != nil {
			return err
		}
	}
	return nil
}

// mostAsked is how many single posts are asked for in one look. What is
// beyond that waits for the next.
const mostAsked = 3

// mayAsk counts a question about a single post.
func (v *view) mayAsk() bool {
	v.asked++
	return v.asked <= mostAsked
}

// missing tells of posts that are no longer there. A post may only have left
// the lists, so each is asked for.
func (t *Transport) missing(ctx context.Context, batch *bot.Batch, next *position, v *view) error {
	for _, id := range slices.Sorted(maps.Keys(next.Seen)) {
		s := next.Seen[id]
		if _, there := v.posts[id]; there || s.Ours || s.Gone || id <= next.Floor {
			continue
		}
		if !v.mayAsk() {
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
