// Package matrix is the bot on Matrix: a [bot.Transport] for rooms plain and
// encrypted, over mautrix. Start with [New] and [Config].
//
// # From a response to a batch
//
// The server is asked for news with a long poll (listen.go). What it answers
// is taken apart only as far as it may be for the bot (response.go,
// event.go): most of what is said in a room is not. Whatever needs the
// server to be understood is asked first: the devices of those who changed
// them, and what a response left out of a busy room (gap.go). Then keys,
// rooms, messages and the position are saved in one transaction with the
// bot's inbox (take.go), and only then the server is asked for more.
// Killed anywhere, the bot reads the same response again and finds nothing
// done twice.
//
// A response that shows only the bot's own posts may go unsaved for a while:
// it would come again.
//
// Keys often arrive after what they open. Such events wait in a table; after
// a few seconds their key is asked for, and after most of a minute the
// sender is told, once a day (late.go).
//
// # From a post to an event
//
// A post is sent with the transaction ID of its key, so that the server
// takes it once however often it is sent (send.go). Servers forget these IDs,
// some at a restart; so where the outcome of a try is unknown, a whole round
// of news is awaited first, which shows the post if it arrived (rounds.go,
// awaited.go). The ID is also written into the event itself: the room is
// searched for it when the try was in an earlier life of the program, which
// may have had another device, or longer ago than servers remember (look.go).
//
// Nothing goes out in plain text to an encrypted room: the server is asked
// once whether it is, a room that was ever encrypted stays so, and when
// encrypting fails, sending does (keys.go). Reactions are the exception of
// Matrix itself: they are never encrypted. Requests that carry words go past
// mautrix's own client, which would log them (http.go).
//
// Markdown becomes HTML, without any HTML that was in it, and plain text for
// notifications and old programs (markdown.go). Only those in a post's
// Mentions are rung for, and never a whole room (content.go).
//
// # One device for life
//
// The device's ID is chosen and stored before the first login (login.go). A
// soft logout logs in again as the same device, a hard one as a new device;
// both happen by themselves where a password is configured. At each start the
// device is signed with the account's own key, so that people see it as
// verified; the recovery key that opens that key is made at the first start
// and shown once (sign.go). The keys in the database must never go back in
// time: backups leave out the tables named in [Private], and a bot that is
// put back from a backup logs in as a new device.
//
// # Rooms
//
// Invitations are accepted from a list and declined with a reason otherwise;
// what the server has to be asked for is written down with what asked for it
// and done afterwards (errands.go). A room that is replaced is followed if a
// moderator said so; an empty one is left. Direct rooms are used again
// (direct.go). What was said before the bot's own join, or before its first
// login, is none of its business.
//
// [Transport.Status] and [Transport.Check] tell the operator and the people
// in a room what the bot can do, and what it lacks.
//
// # Tests
//
// The tests run against a real server, see dendritetest; people are played by
// a second client with encryption of its own. Some of them kill the bot,
// which is this package's test program run once more. The synthetic server in
// synthetic is for measuring.
package matrix
