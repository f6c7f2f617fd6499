// Package bot is the heart of Wortley: the words everything else is written
// in, and the loop from what people say to what the bot answers.
//
// Start reading here. Six ideas carry the program:
//
//  1. A [Message] comes in, a [Post] goes out, and both are rows before they
//     are anything else.
//  2. A [Command] is a value in a table, not a type to implement.
//  3. What a command writes, what it answers, and "this message is done" are
//     one transaction.
//  4. A post has a key that says what it is for; the key is unique, and gives
//     the transaction ID it is sent with ([TxnID]).
//  5. The schedule is a query ("what is due?"), never a set of timers.
//  6. A test is a conversation in a text file, played in no time on a false clock.
//
// # From a message to an answer
//
// A [Transport] receives what is new on a site and delivers it as a [Batch]
// (bot.go). What the bot has no business with is dropped, and the words of
// what is not for it are forgotten (sift.go). [Memory] then saves the unseen
// messages and the site's position together; only then does the transport ask
// for more.
//
// The answerer (answer.go) takes the oldest unanswered messages, finds their
// commands (router.go), and runs them (run.go). What they write, their
// answers, and "answered" share a commit, with a savepoint for each command.
// A [Refusal] is an answer in plain words; any other error undoes what that
// command wrote and becomes an apology.
//
// A sender for each site (send.go) says what is owed: in order within a room
// (line.go), rooms side by side, answers before reminders before broadcasts.
// It is handed what the answerer has just saved (tray.go), with the first try
// counted in the same commit, and reads the rest from the outbox. Echoes of
// the bot's own posts, which come back with the next batch, tell it what an
// earlier try has already said.
//
// # From a promise to a reminder
//
// A feature writes a promise in the same transaction as the answer that makes
// it. When it is due, its [Teller] turns it into posts whose keys come from
// the due time (remind.go). Chores of the bot's own are [Job] values (jobs.go).
//
// # Changes of mind
//
// Questions that wait for a yes are rows too (ask.go). An edited command
// undoes what it did and does what it now says; a deleted one takes it back;
// `!undo` and `!why` answer for anything the bot said (change.go).
//
// # The other rooms of the house
//
// storage remembers, in SQLite. bot/when and bot/money read dates and amounts.
// bot/matrix, bot/discourse and bot/terminal are transports, bot/mail and
// bot/webhook such that only send; bot/bottest plays
// conversation files and tries every transport with one suite; bot/web is the
// one HTTP listener. Each folder in commands is a [Feature]; integrations
// know the outside world; cmd/wortley joins them.
package bot
