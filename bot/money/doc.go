// Package money keeps amounts as whole minor units (pence) with a currency, and reads and writes them as people in
// Britain do.
//
// Everything here is a pure function of its arguments. There is no floating point anywhere, which a test enforces:
// additions are checked for overflow, a share of an amount is an exact fraction rounded once (nearest, ties away from
// zero), and a sum that is divided among several is divided to the last penny.
//
// # Reading
//
// [Read] gives one of three answers: an amount, a question where the text can be taken two ways ("£1,25"), or a
// refusal with its reason. The whole text is used up or it is refused, so "£100 and £50" never becomes £100.
//
//	text → plain characters (plain.go) → tokens (token.go) → one number and the words beside it (read.go, number.go, words.go)
package money
