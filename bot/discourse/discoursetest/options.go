package discoursetest

import (
	"fmt"
	"time"
)

// A Mode is an age of Discourse.
type Mode int

// The three ages, oldest first.
const (
	Old    Mode = iota // March 2023
	Mid                // July 2025
	Newest             // August 2026
)

// Modes are all three, for tests that run in each.
var Modes = []Mode{Old, Mid, Newest}

// String returns old, mid or new.
func (m Mode) String() string { return [...]string{"old", "mid", "new"}[m] }

// Version returns the version string a server of that age shows.
func (m Mode) Version() string { return [...]string{"3.1.0.beta2", "3.5.0.beta8", "2026.8.0"}[m] }

// ParseMode reads old, mid or new.
func ParseMode(s string) (Mode, error) {
	for _, m := range Modes {
		if m.String() == s {
			return m, nil
		}
	}
	return 0, fmt.Errorf("discoursetest: mode %q is not old, mid or new", s)
}

// Options say what kind of forum to start. The zero value is an old one on a
// free port of the loopback interface, with the real clock and without rate
// limits.
type Options struct {
	Mode     Mode
	Clock    func() time.Time // default time.Now
	Limits   Limits           // zero: none; see RealLimits
	Settings func(*Settings)  // changes the default site settings
	Base     string           // folder the forum lives in, as "/forum"
	Addr     string           // default "127.0.0.1:0"
	Silent   bool             // serves no network: it is asked through RoundTripper
	File     string           // where the forum is kept; default only in memory

	// NotifyAfter is how long after a post its notifications appear.
	NotifyAfter time.Duration

	// MidExclusive makes before=N of a Mid server leave N out. Which of the
	// two the servers of that age did was not found out.
	MidExclusive bool
}

// Limits are the rates a forum refuses to go beyond. A zero field is no limit.
type Limits struct {
	AdminPerMinute   int // all API keys of the site together
	UserKeyPerMinute int // one user API key
	UserKeyPerDay    int
	IPPer10s         int // refused requests count too
	IPPerMinute      int
	SearchPerMinute  int // one user

	// The rest is for accounts that are not staff. New accounts are those
	// at trust level 0.
	PostEvery, NewPostEvery         time.Duration
	TopicEvery, NewTopicEvery       time.Duration
	TopicsPerDay, MessagesPerDay    int
	FirstDayTopics, FirstDayReplies int
	EditsPerDay                     int // x1.5, x2, x3 at trust levels 2, 3, 4
	LikesPerDay                     int
	DeletesPerMinute                int
	ActionsPerMinute                int // likes on and off of one post
	ChatPer30s, NewChatPer30s       int // beyond it the account is silenced for 30 minutes
}

// RealLimits returns the limits of a Discourse nobody has changed.
func RealLimits() Limits {
	return Limits{
		AdminPerMinute: 60, UserKeyPerMinute: 20, UserKeyPerDay: 2880,
		IPPer10s: 50, IPPerMinute: 200, SearchPerMinute: 30,
		PostEvery: 5 * time.Second, NewPostEvery: 30 * time.Second,
		TopicEvery: 15 * time.Second, NewTopicEvery: 120 * time.Second,
		TopicsPerDay: 20, MessagesPerDay: 20, FirstDayTopics: 3, FirstDayReplies: 10,
		EditsPerDay: 30, LikesPerDay: 50, DeletesPerMinute: 2, ActionsPerMinute: 4,
		ChatPer30s: 40, NewChatPer30s: 20,
	}
}
