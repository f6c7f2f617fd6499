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
//	text → tokens (token.go) → fragments: days, clocks, lengths, rules (day*.go, clock.go, rule*.go)
//	     → one reading (build*.go), checked for weekday, past, clock changes and bank holidays (check.go)
//
// # Wall time is the truth
//
// A series is a rule over plain wall time and a zone; moments are worked out by [Local]. In a gap a single time moves
// forward and an instance of a series is dropped; of two equal wall times the first counts (RFC 5545, 3.3.5 and 3.3.10).
package when
