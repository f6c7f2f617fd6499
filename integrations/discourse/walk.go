package discourse

import (
	"cmp"
	"context"
	"maps"
	"slices"
)

// window is how many ids or posts a page of a feed spans at most.
const window = 50

// scanty is how many posts a page has at least if there are more below it, on
// servers that do not page by windows. All of them give fifty; half of that is
// safe if one day they give fewer.
const scanty = 25

// A Walk says what to read of a feed, from its new end downwards.
type Walk struct {
	Feed  Feed
	From  int64 // begin below this id; 0: at the head
	Floor int64 // ids up to here are known
	Pages int   // requests at most; 40 if 0

	// Windows is [Generation.Windows]. If that is unknown, true is right too:
	// it only costs more requests near the end of a small forum.
	Windows bool
	// Top is the highest post id known from anywhere, both feeds and our own
	// posts included, or 0. It helps where the head cannot be seen.
	Top int64
}

// A Stretch is the part of a feed that was looked at.
type Stretch struct {
	Posts   []Post // above the floor, oldest first, each once
	Lowest  int64  // all ids above this one have been looked at, from where the walk began
	Highest int64  // the highest id in Posts, 0 if there is none
	Done    bool   // the floor was reached; if not, go on with From = Lowest
	// Blind: the newest fifty ids of the site hold nothing for the account, so
	// there may be posts between what is known and those. They come into sight
	// with the next visible one: keep the floor where it is until then.
	Blind bool
}

// Walk reads a feed downwards until every id above the floor has been looked
// at, or its requests are used up. It is right on all generations of servers,
// whose pages mean different things: where a page is a window of ids, an empty
// one is not the end. After an error the stretch is empty: nothing is proved.
func (c *Client) Walk(ctx context.Context, w Walk) (Stretch, error) {
	if w.Pages <= 0 {
		w.Pages = 40
	}
	k := walker{Walk: w, seen: map[int64]Post{}, lowest: w.From}
	for n := 0; n < w.Pages && !k.done; n++ {
		posts, err := c.Posts(ctx, w.Feed, k.lowest)
		if err != nil {
			return Stretch{}, err
		}
		k.page(posts)
	}
	return k.stretch(), nil
}

type walker struct {
	Walk
	seen        map[int64]Post
	lowest      int64 // 0: at the head
	done, blind bool
}

// page takes in a page that was asked for with before = lowest.
func (w *walker) page(posts []Post) {
	low := int64(0)
	for _, p := range posts {
		w.seen[p.ID] = p
		if low == 0 || p.ID < low {
			low = p.ID
		}
	}
	switch {
	case w.lowest == 0 && low == 0: // a head without a post
		w.blind = w.Windows
		w.lowest = max(w.Top+1, w.Floor)
		w.done = !w.Windows
	case w.lowest == 0 || low > 0 && low < w.lowest:
		w.lowest = low
	case w.Windows: // an empty window, or only the post we asked from
		w.lowest = max(w.lowest-(window-1), 1)
	default:
		w.done = true
	}
	if !w.Windows && len(posts) < scanty {
		w.done = true
	}
	w.done = w.done || w.lowest <= max(w.Floor, 1)
}

func (w *walker) stretch() Stretch {
	s := Stretch{Lowest: w.lowest, Done: w.done, Blind: w.blind}
	for _, p := range slices.SortedFunc(maps.Values(w.seen), func(a, b Post) int { return cmp.Compare(a.ID, b.ID) }) {
		if p.ID > w.Floor {
			s.Posts = append(s.Posts, p)
			s.Highest = p.ID
		}
	}
	return s
}
