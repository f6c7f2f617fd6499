package discourse

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	forum "git.coop/cotech/wortley/integrations/discourse"
)

const (
	// settle is how long after its making a post may still appear, and
	// how long it is watched for changes.
	settle = 10 * time.Minute
	// step keeps the position from changing at every look.
	step = 5 * time.Minute
)

// A position is how far a forum has been read.
type position struct {
	Floor int64          `json:"floor"` // ids up to here are done with
	Top   int64          `json:"top"`   // the highest id seen
	Since time.Time      `json:"since"` // what was made before is history
	At    time.Time      `json:"at"`    // all of the forum was seen at this time or later
	Seen  map[int64]seen `json:"seen"`  // posts above the floor that concern the bot
}

// A seen post is one that was delivered.
type seen struct {
	Text   string `json:"text,omitempty"` // hash of the text, as last delivered
	Origin string `json:"origin"`         // hash of author, time and first text: the same in copies
	User   string `json:"user,omitempty"`
	Topic  int64  `json:"topic,omitempty"`
	Ours   bool   `json:"ours,omitempty"`
	Gone   bool   `json:"gone,omitempty"`
}

func readPosition(from string) (p position, err error) {
	if from != "" {
		if err := json.Unmarshal([]byte(from), &p); err != nil {
			return p, fmt.Errorf("reading the position: %w", err)
		}
	}
	if p.Seen == nil {
		p.Seen = map[int64]seen{}
	}
	return p, nil
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

func origin(p forum.Post) string {
	return short(p.Username + " " + p.Created.UTC().Format(time.RFC3339Nano) + " " + p.Raw)
}

func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}
