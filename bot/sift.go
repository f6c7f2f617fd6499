package bot

import (
	"context"
	"slices"
	"strings"
	"time"
)

// sift drops from a batch what the bot has no business with, and forgets the
// words of what is not for it, before anything is remembered.
func (b *Bot) sift(ctx context.Context, batch *Batch) error {
	kept := batch.Messages[:0:0]
	counts := map[Count]Count{}
	ears := ears{b: b, rooms: map[Room]bool{}}
	for i := range batch.Messages {
		m := &batch.Messages[i]
		if b.ignored[m.From.ID] {
			continue
		}
		if m.Kind == Said && !m.Direct {
			count(counts, m)
		}
		wanted, err := b.wanted(ctx, m, batch.Echoes, ears)
		if err != nil {
			return err
		}
		if wanted {
			kept = append(kept, *m)
		}
	}
	batch.Messages = kept
	for _, c := range counts {
		batch.Counts = append(batch.Counts, c)
	}
	for _, r := range batch.Rooms {
		if r.Joined && b.Introduce != "" {
			batch.Posts = append(batch.Posts, Post{Key: "hello/" + r.Room.Site + "/" + r.Room.ID, Room: r.Room,
				Kind: Say, Text: b.Introduce, Why: "I had just joined this room.", Made: b.Now()})
		}
	}
	return nil
}

// count adds a message to those of its author, room and day.
func count(counts map[Count]Count, m *Message) {
	key := Count{Room: Room{Site: m.Room.Site, ID: m.Room.ID}, Day: m.Time.UTC().Format(time.DateOnly), Speaker: m.From.ID}
	c, known := counts[key]
	if !known {
		c = key
	}
	c.Messages++
	if m.Time.After(c.Last) {
		c.Last = m.Time
	}
	counts[key] = c
}

// wanted reports whether the bot has to look at a message. It clears the
// text of messages that are looked at without it.
func (b *Bot) wanted(ctx context.Context, m *Message, echoes []Echo, ears ears) (bool, error) {
	switch m.Kind {
	case Said:
		if b.words.addressed(m) || ears.hear(ctx, m.Room) {
			return true, nil
		}
		if m.ReplyTo == "" {
			return false, nil
		}
		if slices.ContainsFunc(echoes, func(e Echo) bool { return e.ID == m.ReplyTo }) {
			return true, nil // said so lately that the site has not told its ID otherwise
		}
		_, ours, err := b.mem.Said(ctx, m.Room.Site, m.ReplyTo)
		return ours, err
	case Edited:
		if !b.words.addressed(m) && !ears.hear(ctx, m.Room) {
			m.Text = ""
		}
		return true, nil
	case Reacted:
		m.Text = plainEmoji(m.Text)
	}
	return true, nil
}

// ears know which rooms features listen in. Each room is asked about once a batch.
type ears struct {
	b     *Bot
	rooms map[Room]bool
}

func (e ears) hear(ctx context.Context, room Room) bool {
	heard, known := e.rooms[room]
	if !known {
		heard = slices.ContainsFunc(e.b.features, func(f Feature) bool { return f.Hears != nil && f.Hears(ctx, room) })
		e.rooms[room] = heard
	}
	return heard
}

// plainEmoji takes variation selectors and skin tones off an emoji.
func plainEmoji(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\uFE0F' || r == '\uFE0E' || r >= 0x1F3FB && r <= 0x1F3FF {
			return -1
		}
		return r
	}, strings.TrimSpace(s))
}
