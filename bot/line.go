package bot

import (
	"slices"
	"time"
)

// A place is where posts keep their order: a room, or a person written to directly.
type place struct{ site, room, to string }

func placeOf(p Post) place { return place{p.Room.Site, p.Room.ID, p.To} }

// An owed post is one that a sender knows of.
type owed struct {
	Post
	claimed bool      // its next try is counted in its row
	from    time.Time // not to be tried before
}

// ahead reports whether a post's first try may be counted before its turn:
// if the bot dies meanwhile, it is looked for before it is said.
func (o *owed) ahead() bool {
	return !o.claimed && o.Tries == 0 && o.Rank == Answer && o.Of == ""
}

// A line is what is owed to one place, in the order it has to be said.
type line struct {
	at     place
	posts  []*owed
	active *owed     // under way, and no longer in posts
	until  time.Time // the first post waits until then
	batch  time.Time // if not zero: a batch later than this one is awaited first
	more   bool      // there are more in the rows
}

// unheard is how long an unknown outcome waits for a batch at most.
const unheard = 2 * time.Minute

// waits reports whether the line's first post has to wait. last is when the
// site's last batch came.
func (l *line) waits(now, last time.Time) bool {
	return now.Before(l.until) || now.Before(l.posts[0].from) ||
		!l.batch.IsZero() && !last.After(l.batch) && now.Before(l.batch.Add(unheard))
}

// ready is when the line need no longer wait, as far as the clock knows.
func (l *line) ready() time.Time {
	if from := l.posts[0].from; from.After(l.until) {
		return from
	}
	return l.until
}

// add puts a post where its rank belongs: behind its equals, or before them
// if it has been tried, since it was first then.
func (l *line) add(o *owed, again bool) {
	i := len(l.posts)
	for i > 0 && (l.posts[i-1].Rank > o.Rank || again && l.posts[i-1].Rank == o.Rank) {
		i--
	}
	l.posts = slices.Insert(l.posts, i, o)
}

// lines are the places that something is owed to. Whoever was served goes to
// the end, so that all get their turn.
type lines struct {
	of     map[place]*line
	turns  []*line
	posts  int // in all lines
	claims int // of them claimed
}

func newLines() lines { return lines{of: map[place]*line{}} }

// add takes a post into its line.
func (q *lines) add(o *owed, again bool) {
	at := placeOf(o.Post)
	l := q.of[at]
	if l == nil {
		l = &line{at: at}
		q.of[at] = l
		q.turns = append(q.turns, l)
	}
	l.add(o, again)
	q.posts++
	if o.claimed {
		q.claims++
	}
}

// next returns the lines whose first post may go now, the most urgent first:
// at most n, with so many broadcasts.
func (q *lines) next(n, broadcasts int, now, last time.Time) (ready []*line) {
	for rank := Answer; rank <= Broadcast && len(ready) < n; rank++ {
		if rank == Broadcast {
			n = min(n, len(ready)+broadcasts)
		}
		for _, l := range q.turns {
			if len(ready) == n {
				break
			}
			if l.active == nil && len(l.posts) > 0 && min(l.posts[0].Rank, Broadcast) == rank && !l.waits(now, last) {
				ready = append(ready, l)
			}
		}
	}
	return ready
}

// begin takes the first post out of a line.
func (q *lines) begin(l *line) *owed {
	o := l.posts[0]
	l.posts = slices.Delete(l.posts, 0, 1)
	l.active, l.until, l.batch = o, time.Time{}, time.Time{}
	q.posts--
	q.claims--
	i := slices.Index(q.turns, l)
	q.turns = append(slices.Delete(q.turns, i, i+1), l)
	return o
}

// tidy forgets a line in which nothing is left.
func (q *lines) tidy(l *line) {
	if l.active == nil && len(l.posts) == 0 && !l.more {
		delete(q.of, l.at)
		i := slices.Index(q.turns, l)
		q.turns = slices.Delete(q.turns, i, i+1)
	}
}

// drop takes a post out that is no longer owed.
func (q *lines) drop(o *owed) {
	l := q.of[placeOf(o.Post)]
	i := slices.Index(l.posts, o)
	l.posts = slices.Delete(l.posts, i, i+1)
	q.posts--
	q.tidy(l)
}

// await reports whether a line waits for a batch.
func (q *lines) await() bool {
	return slices.ContainsFunc(q.turns, func(l *line) bool { return !l.batch.IsZero() })
}

// short reports whether there are few posts left, of all or of one place of
// which there are more in the rows.
func (q *lines) short() bool {
	return q.posts < fewKnown || slices.ContainsFunc(q.turns, func(l *line) bool { return l.more && len(l.posts) < fewKnown/4 })
}

// keys are those of all posts, of those under way too.
func (q *lines) keys() map[string]bool {
	known := make(map[string]bool, q.posts+len(q.turns))
	for _, l := range q.turns {
		if l.active != nil {
			known[l.active.Key] = true
		}
		for _, o := range l.posts {
			known[o.Key] = true
		}
	}
	return known
}

// clear forgets all posts but those under way.
func (q *lines) clear() {
	for _, l := range slices.Clone(q.turns) {
		l.posts, l.more = nil, false
		q.tidy(l)
	}
	q.posts, q.claims = 0, 0
}
