package bot

import (
	"context"
	"net/http"
	"time"
)

// Role is what somebody may do. Each role may do what the ones before it may.
type Role int

// The roles.
const (
	Anyone      Role = iota
	Member           // acts for a co-op
	Convenor         // looks after a group
	Coordinator      // looks after the network
)

func (r Role) String() string {
	return [...]string{"anyone", "member of a co-op", "convenor", "coordinator"}[r]
}

// A Person is who stands behind a message.
type Person struct {
	ID     int64 // 0: somebody we have no record of
	Name   string
	CoopID int64 // 0: acts for no co-op
	Coop   string
	Role   Role
}

// A Command is one thing people can type.
type Command struct {
	Name    string   // the word after the exclamation mark, lower case
	Aliases []string // other words for it
	Usage   string   // what follows the word: "<skill>"
	Short   string   // one line for help
	Long    string   // examples and details for `!help name`, Markdown
	Needs   Role
	Hidden  bool // works, but is not listed
	Effect  bool // others will notice that it ran: an old one is asked about before it runs
	Sub     []Command

	// Ask, if set, asks the outside world before anything is written; what
	// it returns is c.Told in Run. It may take seconds; only its room waits.
	Ask func(ctx context.Context, c *Call) (any, error)
	Run func(ctx context.Context, c *Call) (Reply, error)
}

// A Call is a command being run for somebody. Its clock is c.Time, so that
// running it again gives the same answer.
type Call struct {
	Message
	Person Person
	Args   string // what followed the command's words, without outer space
	Told   any    // what the command's Ask returned
	Zone   *time.Location
	Now    time.Time // when it is run; c.Time unless it had to wait
	bot    *Bot
	key    string // the key of the first answer
}

// Key returns the key of the n-th answer to this call.
func (c *Call) Key(n int) string { return answerKey(c.key, n) }

// Received returns when the call was received: the later of what the server
// says and the bot's own clock. Deadlines are held against it.
func (c *Call) Received() time.Time {
	if c.bot != nil && c.bot.Now().After(c.Time) {
		return c.bot.Now().UTC()
	}
	return c.Time
}

// Secret returns a new one-time code that nobody can guess. In conversations
// that are played it is always the same.
func (c *Call) Secret() string { return c.bot.Secret(c.key) }

// Code returns the code that the question of this call's answer will have.
func (c *Call) Code() string { return questionCode(c.Key(0)) }

// A Reply is what a command answers and what it did.
type Reply struct {
	Text     string // Markdown; empty: nothing is said
	Mentions []string
	Loud     bool
	Direct   bool   // answered to the person alone, wherever it was asked
	React    string // an emoji put on the message
	File     *File
	Why      string
	Posts    []Post   // said elsewhere, or later in the same room
	Did      []Effect // for the audit log, `!why` and `!undo`
	Ask      *Ask     // waits for a yes
}

// An Effect is something a command changed.
type Effect struct {
	What  string // "added Drupal to Agile Collective"
	Undo  *Act   // takes it back; nil if only people can
	Fixed string // why editing or deleting the message does not take it back; "" if it does
}

// An Act is something to do later: after a yes, or to undo an effect.
type Act struct {
	Name string // of an [Action]
	Data string // its own business, usually JSON
}

// An Ask makes a reply wait for a yes: ✅, the word, or the code.
type Ask struct {
	Act     Act
	For     time.Duration // 10 minutes if 0
	Needs   Role          // who may say yes
	Anybody bool          // not only the person who asked
	Words   bool          // the next thing the person says to it is the answer, in c.Args
}

// An Action carries out an [Act].
type Action struct {
	Name string

	// May, if set, says who besides the asker and coordinators may answer a
	// question about it.
	May func(c *Call, data string) bool
	Run func(ctx context.Context, c *Call, data string) (Reply, error)
}

// A Job is a chore of the bot's own: retention, backup, health, polls.
type Job struct {
	Name  string
	Every time.Duration
	At    time.Duration // for daily jobs: the time of day in UTC at which it is due
	Run   func(ctx context.Context, now time.Time) ([]Post, error)
}

// A Due is a promise that has come due.
type Due struct {
	ID   int64
	Kind string // which feature made it: the Name of its [Teller]
	Ref  string // what it is about, the feature's own business
	At   time.Time
}

// A Teller says what is to be said when promises of its kind come due.
// Next is when the promise is due again, zero if it is kept.
type Teller struct {
	Kind string
	Tell func(ctx context.Context, d Due, now time.Time) (posts []Post, next time.Time, err error)

	// TellAll, if set, does what Tell does for many promises that are due
	// together. If it fails, each is told of by itself.
	TellAll func(ctx context.Context, all []Due, now time.Time) ([]Told, error)
}

// A Told is what a teller makes of a promise.
type Told struct {
	Due   Due
	Posts []Post
	Next  time.Time
}

// A Toucher hears of reactions to posts whose key begins with Prefix. What is
// not its own it answers with an empty reply: the next one is asked then.
type Toucher struct {
	Prefix string
	Touch  func(ctx context.Context, c *Call, key, emoji string, on bool) (Reply, error)
}

// A Page is something the bot shows on the web.
type Page struct {
	Pattern string // as in [net/http.ServeMux]
	Handler http.Handler
}

// A Feature is one thing the bot can do: a folder in commands.
type Feature struct {
	Name     string // heading in help
	Commands []Command
	Actions  []Action
	Jobs     []Job
	Tellers  []Teller
	Touchers []Toucher
	Pages    []Page

	// Listen hears what was not a command in rooms that Hears says yes to.
	// Its text is forgotten as soon as Listen returns.
	Hears  func(ctx context.Context, room Room) bool
	Listen func(ctx context.Context, c *Call) (Reply, error)

	// Follow hears what becomes of such messages: edits, deletions, and
	// reactions to them, put on and taken off (Kind is then Deleted, and
	// Text the emoji).
	Follow func(ctx context.Context, c *Call) (Reply, error)

	// Undo takes back what has a code of the feature's own, for `!undo CODE`;
	// false if it knows no such code.
	Undo func(ctx context.Context, c *Call, code string) (Reply, bool, error)

	// Read is told what is new on forums, in the transaction that remembers
	// it; what it returns is said. An error undoes its writes only.
	Read func(ctx context.Context, items []Item, now time.Time) ([]Post, error)

	// Forget removes what the feature knows about a person; Keeps is the
	// line about it in `!privacy`.
	Forget func(ctx context.Context, p Person) error
	Keeps  string
}
