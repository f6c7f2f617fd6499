// Package discoursetest is a Discourse forum in memory, for tests and for
// trying things by hand. It speaks the HTTP API of three ages of Discourse
// and behaves as badly as the real thing: ids that arrive late, pages that
// are empty though older posts exist, answers meant for somebody else, five
// kinds of 429, writes that happened although the connection was cut.
//
// A test has two sides. On one it is the people of the forum:
//
//	f := discoursetest.New(t, discoursetest.Options{Mode: discoursetest.Newest})
//	f.AddUser("ana", discoursetest.User{})
//	general := f.AddCategory("General", discoursetest.Category{})
//	topic := f.NewTopic("ana", general, "Where is the ladder?", "Who has it?")
//	f.Say("ben", topic.ID, "Ask @wortley.")
//
// On the other a client under test talks to f.URL() with a key from f.Key.
// What people do through these methods is never refused or slowed down; what
// comes over HTTP obeys the forum's rules, rights and limits.
//
// The three modes differ in the meaning of before= in /posts.json, in tags
// as strings or objects, in which fields answers have, and in chat threads:
//
//	Old    March 2023, 3.1.0.beta2
//	Mid    July 2025, 3.5.0.beta8
//	Newest August 2026, 2026.8.0
//
// FailNext and its relatives make requests go wrong, Requests says what was
// asked, Restart kills the server and starts it again, and the command
// cmd/fakediscourse serves a forum to try by hand.
//
// Answers are checked in all three modes against the schemas Discourse
// publishes, where those are at hand. Left out: message bus, webhooks,
// events, polls, bookmarks, topic timers, admin pages. Chat routes are those
// of the newest server in every mode.
package discoursetest
