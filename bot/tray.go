package bot

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// A tray is where whoever owes posts lays them down for a sender, so that it
// need not look for them in the outbox. The rows stay the truth: whatever is
// not laid down is read from them, as after a start.
type tray struct {
	mu      sync.Mutex
	known   bool // everything owed is known to the sender or lies here
	news    bool // something may be owed that the last reading did not see
	reading int  // counts the sender's readings of the rows
	posts   []*owed
	queued  int // with the sender
	claims  int // of them claimed
}

// How many posts a sender knows of at most, and how many of them may have
// their first try counted before their turn. The second is also how many
// have to be looked for after a kill.
const (
	maxKnown   = 1024
	maxLine    = maxKnown / 4  // of one place, so that others get in
	fewKnown   = maxKnown / 16 // with so few left, the next ones are read
	maxClaimed = 64
)

// unknown says that something may be owed that the sender does not know of.
func (t *tray) unknown() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.known, t.news = false, true
}

// take empties the tray. news is whether the rows may hold something else.
func (t *tray) take() (posts []*owed, news bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	posts, t.posts = t.posts, nil
	return posts, t.news
}

// read empties the tray for a reading of the rows. It is called within the
// transaction that reads: what is offered by a transaction before this one is
// among the rows, and what is laid down late is not taken twice.
func (t *tray) read() []*owed {
	t.mu.Lock()
	defer t.mu.Unlock()
	posts := t.posts
	t.posts, t.known, t.news = nil, false, false
	t.reading++
	return posts
}

// crowd is how long answers wait at most for a sender that has enough to do:
// one whose site is stuck must not hold up the others.
const crowd = 50 * time.Millisecond

// crowded reports whether a sender knows of so much already that what is
// answered now would only be put aside.
func (b *Bot) crowded() bool {
	for _, s := range b.senders {
		if s.tray.full() {
			return true
		}
	}
	return false
}

func (t *tray) full() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.queued+len(t.posts) > maxKnown/2
}

// note tells how much the sender has, and whether that is everything but for
// news. It reports whether the sender is no longer crowded.
func (t *tray) note(q *lines, all bool) (relieved bool) {
	was := t.full()
	t.mu.Lock()
	t.queued, t.claims = q.posts, q.claims
	t.known = all && !t.news
	t.mu.Unlock()
	return was && !t.full()
}

// offered are posts on their way to a tray.
type offered struct {
	s       *sender
	reading int
	posts   []*owed
}

// offer is called at the end of the transaction that owes posts, with all of
// them. It counts the first try of those that can be said at once. The posts
// are laid down, once that is saved, with [Bot.layDown].
func (b *Bot) offer(ctx context.Context, posts []Post) (all []offered, err error) {
	for i := range posts {
		s := b.senderTo(posts[i].Room.Site)
		if s == nil {
			continue
		}
		n := 0
		for n < len(all) && all[n].s != s {
			n++
		}
		if n == len(all) {
			all = append(all, offered{s: s})
		}
		all[n].posts = append(all[n].posts, &owed{Post: posts[i]})
	}
	for i := range all {
		if err := all[i].claim(ctx); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// claim counts the first tries. If the sender does not take the posts, it
// will have to read the rows.
func (o *offered) claim(ctx context.Context) error {
	t := &o.s.tray
	t.mu.Lock()
	plain := true
	for _, p := range o.posts {
		plain = plain && p.File == nil
	}
	if !t.known || !plain || t.queued+len(t.posts)+len(o.posts) > maxKnown {
		t.known, t.news, o.posts = false, true, nil
	}
	o.reading = t.reading
	room := maxClaimed - t.claims - len(t.posts)
	t.mu.Unlock()
	var first []*owed
	for _, p := range o.posts {
		if p.ahead() && len(first) < room {
			first = append(first, p)
		}
	}
	gone, err := o.s.b.claim(ctx, first)
	for _, p := range gone { // somebody owed it before: that one stands
		i := slices.Index(o.posts, p)
		o.posts = slices.Delete(o.posts, i, i+1)
	}
	return err
}

// layDown gives the senders what they were offered, and wakes them.
func (b *Bot) layDown(all []offered) {
	for _, o := range all {
		t := &o.s.tray
		t.mu.Lock()
		if t.reading == o.reading {
			t.posts = append(t.posts, o.posts...)
		}
		t.mu.Unlock()
		wake(b.wakeSend[o.s.t.Name()])
	}
}

// claim counts a try of posts in their rows. It returns those that are no
// longer owed.
func (b *Bot) claim(ctx context.Context, posts []*owed) (gone []*owed, err error) {
	for _, o := range posts {
		ok, err := b.mem.Claim(ctx, &o.Post)
		if err != nil {
			return nil, err
		}
		if o.claimed = ok; !ok {
			gone = append(gone, o)
		}
	}
	return gone, nil
}

// senderTo returns the sender that serves a site, or nil.
func (b *Bot) senderTo(site string) *sender {
	for _, s := range b.senders {
		if name := s.t.Name(); site == name || strings.HasPrefix(site, name+"/") {
			return s
		}
	}
	return nil
}
