package bot

import (
	"context"
	"time"
)

// Memory is the list of what must not be forgotten. storage.DB implements
// it on SQLite. Methods called with a context from Do or Try take part in
// that transaction.
type Memory interface {
	// Do saves together what fn writes, or nothing of it if fn fails.
	Do(ctx context.Context, fn func(ctx context.Context) error) error
	// Try undoes what fn wrote if it fails, and nothing else; only within Do.
	Try(ctx context.Context, fn func(ctx context.Context) error) error

	// Position returns where the transport's next batch begins, "" at first.
	Position(ctx context.Context, transport string) (string, error)
	// Deliver remembers a batch: unseen messages, echoes, posts, counts, position.
	Deliver(ctx context.Context, transport string, b Batch) error

	// Waiting returns up to limit unanswered messages, oldest first.
	Waiting(ctx context.Context, limit int) ([]Message, error)
	// Answered marks a message as done; unless keep, its text is forgotten.
	Answered(ctx context.Context, m Message, keep bool, now time.Time) error
	// Heard returns a message that was delivered earlier.
	Heard(ctx context.Context, site, id string) (m Message, ok bool, err error)

	// Owe remembers posts; those whose key is known are left as they are.
	Owe(ctx context.Context, posts ...Post) error
	// Owed shows the unsent posts of a transport, the most urgent first, in
	// order within a room, and from when each may be tried, until see has
	// seen enough. It reports whether that were all. Files are left out.
	Owed(ctx context.Context, transport string, see func(p Post, from time.Time) (more bool)) (all bool, err error)
	// Claim counts a try of a post, and fills in its file and what it is
	// about, unless it is no longer owed or its tries are not those in p.
	Claim(ctx context.Context, p *Post) (ok bool, err error)
	// NextTry returns when the next post may be tried, zero if there is none.
	NextTry(ctx context.Context, transport string) (time.Time, error)
	// Settled remembers how tries ended.
	Settled(ctx context.Context, ends []End) error
	// Said returns the post that has this ID on its site, or this key.
	Said(ctx context.Context, site, id string) (p Post, ok bool, err error)
	SaidKey(ctx context.Context, key string) (p Post, ok bool, err error)

	// Due returns up to limit promises due by now; NextDue when the next is.
	Due(ctx context.Context, now time.Time, limit int) ([]Due, error)
	NextDue(ctx context.Context) (time.Time, error)
	// Kept ends a promise, or puts it off until next.
	Kept(ctx context.Context, d Due, next time.Time) error

	// Ran returns when a job last ran, zero if never; SetRan remembers it.
	Ran(ctx context.Context, job string) (time.Time, error)
	SetRan(ctx context.Context, job string, at time.Time) error

	// Person returns who stands behind a site's user.
	Person(ctx context.Context, site string, u User) (Person, error)

	// Log writes the audit log; Effects reads what a message or a post did
	// and has not been undone; LastEffect the person's last in a room.
	Log(ctx context.Context, e Entry) error
	Effects(ctx context.Context, site, message string) ([]Entry, error)
	LastEffect(ctx context.Context, person int64, site, user string, room Room, since time.Time) (Entry, bool, error)
	Undone(ctx context.Context, id int64, at time.Time) error

	// Question remembers what waits for a yes; Questions finds the open ones
	// by code, or by the key of the post that asked.
	Question(ctx context.Context, q Question) error
	QuestionByCode(ctx context.Context, code string) (Question, bool, error)
	QuestionByPost(ctx context.Context, key string) (Question, bool, error)
	// QuestionsIn returns open questions that take the person's words in a room.
	QuestionIn(ctx context.Context, room Room, user string, now time.Time) (Question, bool, error)
	Closed(ctx context.Context, code string, at time.Time) error
}

// An End is how the try of a post ended.
type End struct {
	Key   string
	ID    string    // the site's ID: it was said
	Retry time.Time // when to try again, if it was not said
	Give  string    // why it will never be said
	At    time.Time
}

// An Entry is a row of the audit log.
type Entry struct {
	ID      int64
	At      time.Time
	Person  int64
	User    string // as the site names them
	Room    Room
	Message string // what they did it with
	Post    string // the key of the answer
	Effect  Effect
}

// A Question waits for a yes.
type Question struct {
	Code  string
	Post  string // the key of the post that asked
	Room  Room
	User  string // who was asked
	Ask   Ask
	Until time.Time
}
