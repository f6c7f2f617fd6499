package bot

import "time"

// A Room is a place where people and the bot can talk. Its parts are opaque:
// they are compared, never split. On a forum a post in the room
// "category/<number>" opens a topic there, and "opened/<key>" is the topic
// that the post with that key opened.
type Room struct {
	Site   string // "matrix", "discourse/hub", "chat/hub", "mail", "webhook/name", "terminal"
	ID     string // the site's own name for the room or topic
	Thread string // the thread within it, "" outside threads
}

// A User is somebody as a site names them.
type User struct {
	ID   string // "@ana:example.org" on Matrix, "ana" on a forum
	Name string // what people call them; the ID where the site gives no name
}

// Kind says what a person did.
type Kind string

// The kinds of messages a transport delivers.
const (
	Said    Kind = "said"    // said something new
	Edited  Kind = "edited"  // changed what Of said; Text is the new text
	Deleted Kind = "deleted" // took back Of, a message or a reaction
	Reacted Kind = "reacted" // put the emoji in Text on Of
)

// A Message is what a person did in a room that the bot can see.
type Message struct {
	ID      string // unique within the site
	Room    Room
	From    User
	Text    string
	ReplyTo string    // the message this one answers, ""
	Time    time.Time // when the server received it, UTC
	Kind    Kind
	Of      string // for edited, deleted and reacted: the message it is about

	Direct    bool // said to the bot alone
	Encrypted bool
	Named     bool // the bot is mentioned by the site's own means
}

// PostKind says what the bot does.
type PostKind string

// The kinds of posts. Edit, Withdraw and React are about an earlier message.
const (
	Say      PostKind = "say"
	Edit     PostKind = "edit"
	Withdraw PostKind = "withdraw"
	React    PostKind = "react"
	Image    PostKind = "image"
	Attach   PostKind = "file"
)

// Rank orders what waits to be sent: answers to people overtake everything else.
type Rank int

// The ranks, first to go first.
const (
	Answer    Rank = 0
	Reminder  Rank = 1
	Broadcast Rank = 2
)

// A Post is one thing the bot owes a room.
type Post struct {
	// Key says what the post is for, as in "answer/matrix/$ev1/0" or
	// "reminder/7/1767708000". It is unique: the same key is never said twice.
	Key  string
	Room Room
	To   string // instead of Room.ID: the person to whom it is said directly
	Kind PostKind
	Rank Rank

	Title   string // of the topic it opens: on a forum, in the room "category/<number>"
	Text    string // Markdown
	ReplyTo string // the site's ID of the message it answers, ""
	Of      string // for edit and withdraw: the key of the earlier post; for react: see OfID
	OfID    string // the site's ID of the message that Of stands for, or that is reacted to

	// Options make it a poll where the site has polls, with Text as the
	// question: a vote is a reaction whose text is the numbers of what was
	// chosen, as in "1 3". Elsewhere Text has to say how to choose. An edit
	// with options ends the poll, with its Text as the last word.
	Options []string

	Mentions []string // who is rung for; empty by default, and text can never add to it
	Loud     bool     // somebody asked to be rung for this; otherwise it is a notice
	File     *File    // for image and file

	Why   string    // one sentence for `!why`
	Tries int       // how often it has been tried, this time included
	Made  time.Time // when it was decided, UTC
}

// A File is attached to a post.
type File struct {
	Name string
	MIME string
	Alt  string // what a person who cannot see it is told
	Data []byte
}

// An Echo is one of the bot's own posts, seen in what a site delivers.
type Echo struct {
	Txn string // the transaction ID it was sent with: [TxnID] of its key
	ID  string // the ID the site gave it
}

// A RoomInfo is what a transport knows about a room.
type RoomInfo struct {
	Room      Room
	Name      string
	Encrypted bool
	Direct    string // the person, if it is a direct room
	Joined    bool   // the bot joined it in this batch, and introduces itself
	Left      bool   // the bot is no longer there
	Upgraded  string // the ID of the room that takes its place
}

// A Batch is what is new on a site since the last position.
type Batch struct {
	Messages []Message
	Echoes   []Echo
	Rooms    []RoomInfo
	Items    []Item // what happened on a forum, said to the bot or not
	Position string // where the next one begins

	Posts  []Post  // said because of the batch itself, such as introductions; filled in by the bot
	Counts []Count // life in rooms, without words; filled in by the bot
}

// A Count is how many messages a person wrote in a room on one day. Memory
// adds up the people of a day, and forgets soon who they were.
type Count struct {
	Room     Room
	Day      string // 2026-01-06, UTC
	Speaker  string // the person's ID on the site
	Messages int
	Last     time.Time // when the last of them was written
}

// An Item is a topic or a reply on a forum: what feeds tell of and what shows
// that a group is alive.
type Item struct {
	Site     string // "discourse/hub"
	ID       string // of the post
	Topic    string // the topic's number
	Number   int    // the post's place in the topic: 1 opens it
	Kind     Kind   // said, edited (text, title, category or tags), deleted
	Title    string // of the topic
	URL      string
	Category string // its number
	Tags     []string
	Author   User
	Text     string    // the first words of the post, plain, at most 300 letters; not kept
	Time     time.Time // when the post was made; for a deleted one, when that was noticed
	Old      bool      // from before the bot's first look, or moved here: counted, never told
}
