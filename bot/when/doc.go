// Package when reads dates and times as people in Britain write them, and keeps what follows from them:
// wall clocks and zones, bank holidays, recurring series, and how a moment is said.
//
// Everything here is a pure function of its arguments; nothing asks the clock or the network.
//
// # Reading
//
// [Read] turns a phrase into a [Reading] of one of thirteen kinds. It never guesses a moment: where a phrase can be
// taken two ways the reading is [Ask], with the reasons and what to offer. The way there is
//
//	text → tokens (token.go, lexicon.go)
//	     → items: a day (daywords.go and the files for weeks, months, feasts, numbers), hours (clock.go, times.go) and a
//	       length, in any order (item.go, slot*.go); several in a list share what only one says (list.go, share.go)
//	     → fragments found anywhere in the phrase (scan.go), joined or refused (whole.go, beside.go, passive.go)
//	     → one reading (resolve.go, build*.go, moment.go)
//
// Series have a grammar of their own (rulewords.go, rulebuild.go), as have agenda cycles (cycle.go) and changes to a
// meeting (edit.go).
//
// A word that is about time but was not understood, beside a date, makes the reading a question; other words are the
// [Reading]'s Rest.
//
// # Wall time is the truth
//
// A series is a rule over plain wall time and a zone; moments are worked out by [Local]. In a gap a single time moves
// forward and an instance of a series is dropped; of two equal wall times the first counts (RFC 5545, 3.3.5 and 3.3.10).
package when
