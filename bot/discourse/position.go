package discourse

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	forum "git.coop/cotech/wortley/integrations/discourse"
)

const (
	// settle is how long after its making a post may still appear, and
	// how long it is watched for changes.
	settle = 10 * time.Minute
	// step keeps the position from changing at every look.
	step = 5 * time.Minute
	// topicsKept is how many of the liveliest topics are watched for
	// changes of title, category and tags.
	topicsKept = 100
)

// A position is how far a forum has been read.
type position struct {
	Floor int64          `json:"floor"` // ids up to here are done with
	Made  time.Time      `json:"made"`  // when the post at the floor was made
	Top   int64          `json:"top"`   // the highest id seen
	Since time.Time      `json:"since"` // what was made before is history
	At    time.Time      `json:"at"`    // all of the forum was seen at this time or later
	Seen  map[int64]seen `json:"seen"`  // posts above the floor that concern the bot

	Items  map[int64]item  `json:"items,omitempty"`  // public posts above the floor, by id
	Topics map[int64]topic `json:"topics,omitempty"` // the liveliest topics, by id
	Bell   int64           `json:"bell,omitempty"`   // the highest notification that was looked at
}

// A seen post is one that was delivered, or one of the bot's own.
type seen struct {
	Text   string `json:"text,omitempty"` // hash of the text, as last delivered
	Origin string `json:"origin"`         // hash of author, time and first text: the same in copies
	User   string `json:"user,omitempty"`
	Topic  int64  `json:"topic,omitempty"`
	Number int    `json:"n,omitempty"`
	Made   int64  `json:"t,omitempty"` // when it was made or, if a mention was edited in, that; Unix seconds
	Ours   bool   `json:"ours,omitempty"`
	Gone   bool   `json:"gone,omitempty"`

	Private bool              `json:"p,omitempty"` // in a personal message
	Checked int64             `json:"c,omitempty"` // when it was last looked at by itself
	Counts  string            `json:"s,omitempty"` // how many reactions there were
	On      map[string]string `json:"r,omitempty"` // reactions, by emoji and name: the id they were told with
}

// An item is a public post that was told as news of the forum.
type item struct {
	Text   string `json:"h"` // hash of the text, as last told
	Origin string `json:"o"` // as in seen
	Topic  int64  `json:"t"`
	Number int    `json:"n"`
	Gone   bool   `json:"g,omitempty"`
	Asked  bool   `json:"a,omitempty"` // it left the list but is there
}

// A topic is one that was told of, or that was there before.
type topic struct {
	About  string `json:"h"`           // hash of title, category and tags
	Bumped int64  `json:"b"`           // Unix seconds
	First  int64  `json:"f,omitempty"` // the post that opens it, 0 if it was never told
	Gone   bool   `json:"g,omitempty"` // deleted or unlisted
}

func readPosition(from string) (p position, err error) {
	if from != "" {
		if err := json.Unmarshal([]byte(from), &p); err != nil {
			return p, fmt.Errorf("reading the position: %w", err)
		}
	}
	return p.clone(), nil
}

// clone returns a position that can be changed apart from this one.
func (p position) clone() position {
	p.Seen, p.Items, p.Topics = cloned(p.Seen), cloned(p.Items), cloned(p.Topics)
	for id, s := range p.Seen {
		if len(s.On) > 0 {
			s.On = maps.Clone(s.On)
			p.Seen[id] = s
		}
	}
	return p
}

func cloned[T any](m map[int64]T) map[int64]T {
	if m == nil {
		return map[int64]T{}
	}
	return maps.Clone(m)
}

func (p position) String() string {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // it is made of numbers and texts
	}
	return string(b)
}

// oldest is when a post that was not seen yet can have been made. An older
// one was moved or restored: it would have been seen before.
func (p position) oldest() time.Time {
	if t := p.At.Add(-settle); t.After(p.Since) {
		return t
	}
	return p.Since
}

// isOld reports whether a post that was not seen before is none the less not
// new: it was made when it would have been seen, or is a copy of a seen one.
func (p *position) isOld(post forum.Post) bool {
	if post.Created.Before(p.oldest()) {
		return true
	}
	from := origin(post)
	for id, s := range p.Seen {
		if s.Origin == from && id != post.ID {
			return true
		}
	}
	for id, i := range p.Items {
		if i.Origin == from && id != post.ID {
			return true
		}
	}
	return false
}

// advance moves the floor to the last post that has settled, and forgets what
// is below it. Posts above upTo have not been told yet.
func (p *position) advance(v *view, upTo int64) {
	settled := v.began.Add(-settle)
	if p.At.IsZero() { // the first look: all that was there is history
		settled = p.Since
	}
	open := false // what has a higher id came after a post that has not settled
	for _, id := range slices.Sorted(maps.Keys(v.posts)) {
		if id > min(v.sure, upTo) {
			break
		}
		p.Top = max(p.Top, id)
		post := v.posts[id]
		switch {
		case p.isCopy(post): // its time is that of another post, and tells nothing of its id
		case !post.Created.Before(settled):
			open = open || !post.Created.After(v.began.Add(time.Minute))
		case !open && !post.Created.Before(p.Made):
			p.Floor, p.Made = max(p.Floor, id), post.Created
		}
	}
	p.forgetSeen(v.began)
	maps.DeleteFunc(p.Items, func(id int64, _ item) bool { return id <= p.Floor })
	p.forgetTopics()
}

// isCopy reports whether a post has a higher id than its time would give it:
// splitting off a topic gives its first post a new id, and the time it had.
func (p *position) isCopy(post forum.Post) bool {
	from := origin(post)
	for id, s := range p.Seen {
		if s.Origin == from && id < post.ID {
			return true
		}
	}
	for id, i := range p.Items {
		if i.Origin == from && id < post.ID {
			return true
		}
	}
	return false
}

// forgetTopics keeps the liveliest topics.
func (p *position) forgetTopics() {
	if len(p.Topics) <= topicsKept {
		return
	}
	ids := slices.SortedFunc(maps.Keys(p.Topics), func(a, b int64) int {
		return int(p.Topics[b].Bumped - p.Topics[a].Bumped)
	})
	for _, id := range ids[topicsKept:] {
		delete(p.Topics, id)
	}
}

func origin(p forum.Post) string {
	return short(p.Username + " " + p.Created.UTC().Format(time.RFC3339Nano) + " " + p.Raw)
}

func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}
