package discourse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

// A Chat is the bot in the chat of a forum. Its rooms are channels, named by
// the channel's id, and threads are the threads of channels; messages are
// named by their ids. Chat is a site of its own, because its ids are.
type Chat struct {
	Options
	name   string
	forum  *Transport
	client *forum.Client
	again  map[forum.ChatPlace]time.Time // when to read a place although nothing points to news
	list   time.Time                     // when threads were last asked for
	rung   time.Time                     // when notifications were
	begun  time.Time                     // when it began to receive
	off    time.Time                     // when chat was last found to be off
	offFor time.Duration                 // for how long it is left alone then

	mu     sync.Mutex
	places map[int64]forum.ChatPlace // by message: where it was said
	direct map[string]int64          // by person: their direct channel
	sent   map[int64]string          // messages that are known to be posts: the transaction ID
}

// Chat returns the bot in the forum's chat, a site called "chat/" and the
// forum's name. It asks through the same client, within the same pace.
func (t *Transport) Chat() *Chat {
	return &Chat{Options: t.Options, forum: t, client: t.client, name: "chat/" + strings.TrimPrefix(t.name, "discourse/"), again: map[forum.ChatPlace]time.Time{},
		places: map[int64]forum.ChatPlace{}, direct: map[string]int64{}, sent: map[int64]string{}}
}

// Name implements [bot.Transport].
func (c *Chat) Name() string { return c.name }

// A forum that says there is no chat for the bot is left alone, at first
// shortly: it may have lost the bot's key for a moment.
const (
	shortOff = time.Minute
	longOff  = time.Hour
)

// Receive implements [bot.Transport]. A forum without chat is a quiet site.
func (c *Chat) Receive(ctx context.Context, from string, deliver func(context.Context, bot.Batch) error) error {
	c.begun = c.Now()
	at, err := readChatPosition(from)
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	if from == "" {
		at.Since = c.forum.started.UTC().Truncate(time.Millisecond)
	}
	for p, s := range at.Places { // what changed while the bot was away
		if len(s.Seen) > 0 {
			c.again[placeNamed(p)] = time.Time{}
		}
	}
	for {
		began := c.Now()
		var wait time.Duration
		batch, next, err := c.lookOrRest(ctx, at)
		switch {
		case err == nil:
			if err := deliver(ctx, batch); err != nil {
				return err
			}
			at, wait = next, c.forum.until(began)
		case ctx.Err() != nil:
			return ctx.Err()
		case forum.Transient(err):
			wait = max(forum.Wait(err), c.Every)
			c.Log.Info("the chat is asked again later", "site", c.name, "in", wait, "err", err)
		default:
			return fmt.Errorf("%s: %w", c.name, err)
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// lookOrRest looks for news, unless chat is off.
func (c *Chat) lookOrRest(ctx context.Context, at chatPosition) (bot.Batch, chatPosition, error) {
	now := c.Now().UTC()
	if now.Sub(c.off) < c.offFor {
		return bot.Batch{Position: at.String()}, at, nil
	}
	batch, next, err := c.look(ctx, at, now)
	if errors.Is(err, errNoChat) {
		c.off, c.offFor = now, min(max(2*c.offFor, shortOff), longOff)
		c.Log.Info("the forum has no chat for the bot", "site", c.name, "err", err)
		return bot.Batch{Position: at.String()}, at, nil
	}
	if err == nil {
		c.offFor = 0
	}
	return batch, next, err
}

var errNoChat = errors.New("no chat")

// A chatPosition is how far the chat has been read.
type chatPosition struct {
	Since  time.Time       `json:"since"` // what was said before is history
	At     time.Time       `json:"at"`    // all channels were looked at at this time or later
	Places map[string]read `json:"places"`
}

// A read says how far a channel or thread has been read.
type read struct {
	Floor int64          `json:"floor"` // ids up to here are done with
	Top   int64          `json:"top"`   // the highest id seen
	Seen  map[int64]said `json:"seen,omitempty"`
}

// A said message was delivered, or is the bot's own.
type said struct {
	Text string            `json:"h,omitempty"` // hash of the text, as last delivered
	User string            `json:"u,omitempty"`
	At   int64             `json:"t"`           // when it was said, Unix seconds
	For  bool              `json:"f,omitempty"` // it was said to the bot, or by it
	Ours bool              `json:"o,omitempty"`
	Gone bool              `json:"g,omitempty"`
	On   map[string]string `json:"r,omitempty"` // reactions, by emoji and name: the id they were told with
}

func readChatPosition(from string) (p chatPosition, err error) {
	if from != "" {
		if err := json.Unmarshal([]byte(from), &p); err != nil {
			return p, fmt.Errorf("reading the position: %w", err)
		}
	}
	return p.clone(), nil
}

func (p chatPosition) clone() chatPosition {
	places := make(map[string]read, len(p.Places))
	for name, r := range p.Places {
		r.Seen = cloned(r.Seen)
		for id, s := range r.Seen {
			s.On = maps.Clone(s.On)
			r.Seen[id] = s
		}
		places[name] = r
	}
	p.Places = places
	return p
}

func (p chatPosition) String() string {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // it is made of numbers and texts
	}
	return string(b)
}

// oldest is when a message that was not seen yet can have been said.
func (p chatPosition) oldest() time.Time {
	return position{At: p.At, Since: p.Since}.oldest()
}

func nameOf(p forum.ChatPlace) string {
	if p.Thread == 0 {
		return postID(p.Channel)
	}
	return postID(p.Channel) + "/" + postID(p.Thread)
}

func placeNamed(name string) (p forum.ChatPlace) {
	channel, thread, _ := strings.Cut(name, "/")
	p.Channel, _ = number(channel)
	p.Thread, _ = number(thread)
	return p
}

const (
	// keepSaid is for how long changes of what was said to or by the bot
	// are followed, where the newest messages still show them.
	keepSaid = 24 * time.Hour
	maxSaid  = 60 // a place
)

// advance moves the floor of a place, and forgets what needs no watching.
func (r *read) advance(seenUpTo int64, settled time.Time, messages []forum.ChatMessage, now time.Time) {
	for _, m := range messages {
		if m.ID <= seenUpTo {
			r.Top = max(r.Top, m.ID)
			if m.Created.Before(settled) {
				r.Floor = max(r.Floor, m.ID)
			}
		}
	}
	maps.DeleteFunc(r.Seen, func(id int64, s said) bool {
		return id <= r.Floor && (!s.For || now.Sub(time.Unix(s.At, 0)) > keepSaid)
	})
	if ids := slices.Sorted(maps.Keys(r.Seen)); len(ids) > maxSaid {
		for _, id := range ids[:len(ids)-maxSaid] {
			if id <= r.Floor {
				delete(r.Seen, id)
			}
		}
	}
}
