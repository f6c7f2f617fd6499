package discoursetest

import (
	"encoding/json"
	"time"
)

// Post types, as Discourse numbers them.
const (
	Regular     = 1
	ModAction   = 2
	SmallAction = 3
	Whisper     = 4
)

// A User is an account. Fields that are zero when it is added get the values
// of an ordinary member.
type User struct {
	ID               int64
	Username, Name   string
	TrustLevel       int // 0–4; default 1, and -1 asks for 0
	Admin, Moderator bool
	CreatedAt        time.Time // default: a year before the forum's start
	LastPosted       *time.Time
	LastSeen         *time.Time
	Title, Timezone  string
	Fields           map[string]string // user fields by id, "1" and "2" exist
	HiddenProfile    bool
	Suspended        bool
	SilencedUntil    *time.Time
	Moderated        bool // what the account posts is held for approval
	ChatOff          bool
	Muted            []int64 // category ids left out of the account's lists
	Watched          []int64 // category ids the account watches
	Seen             int64   // highest notification seen
}

// A Group has members. Its name can be mentioned if Mentionable.
type Group struct {
	ID            int64
	Name, Title   string
	Members       map[int64]time.Time // user id to when added
	Owners        []int64
	Mentionable   bool
	HiddenMembers bool // only members and staff see who is in it
	Hidden        bool // only members and staff see that it exists
	Automatic     bool
	Whispers      bool // its members read and write whispers
}

// A Category holds topics. With Groups it is read by those groups only.
type Category struct {
	ID, Parent int64
	Name, Slug string
	Groups     []string // who may read and write; empty is everybody
	ReadOnly   bool     // only staff may write
	Approval   bool     // posts are held for approval
	About      int64    // its first topic, pinned
}

// A Tag is put on topics.
type Tag struct {
	ID         int64
	Name, Slug string
}

// A Topic is a thread of posts, or a personal message.
type Topic struct {
	ID, CategoryID   int64
	Title, Slug      string
	UserID           int64
	PM               bool
	Users, Groups    []int64 // who takes part in a personal message
	Tags             []int64
	CreatedAt        time.Time
	BumpedAt         time.Time
	LastPostedAt     time.Time
	LastPoster       int64
	Highest          int // highest post number given out
	Unlisted         bool
	Pinned, Globally bool
	Closed, Archived bool
	DeletedAt        *time.Time
	ExternalID       string
	Views            int
	LastRead         map[int64]int // user id to post number
	Levels           map[int64]int // user id to notification level
	SlowModeSeconds  int
	Uncommitted      bool // its first post is
}

// A Post is one contribution to a topic.
type Post struct {
	ID, TopicID, UserID  int64
	Number, Type         int
	Raw, Cooked          string
	CreatedAt, UpdatedAt time.Time
	LastVersionAt        time.Time
	LastEditor           int64
	ReplyTo              int // post number, 0 for none
	Version              int
	EditReason           string
	DeletedAt            *time.Time
	UserDeleted          bool // taken back by its author, gone a day later
	Hidden               bool // after flags
	Uncommitted          bool // its id is given out, nobody can see it yet
	NoBump               bool
	Wiki                 bool
	ActionCode           string
	Likes                map[int64]time.Time
	Reactions            map[string][]int64 // emoji name to accounts, where the plugin is there
	OldRaw               string             // before its author took it back
}

// A Notification is a row of an account's list.
type Notification struct {
	ID, UserID  int64
	Type        int
	Read        bool
	CreatedAt   time.Time
	TopicID     int64
	PostNumber  int
	PostID      int64
	Slug        string
	Data        map[string]any
	ChatMessage int64
}

// noteJob is work for the background: make the notifications of a post.
type noteJob struct {
	PostID, ChatID int64
	Edited         bool
	Due            time.Time
}

// A Pending post waits for approval.
type Pending struct {
	ID        int64
	UserID    int64
	Draft     draft
	CreatedAt time.Time
	Rejected  bool
	PostID    int64 // once approved
}

// An Upload is a file, found by what is in it.
type Upload struct {
	ID            int64
	SHA1, Name    string
	Extension     string
	Size          int
	Width, Height int
}

// A Key opens the API.
type Key struct {
	Secret  string
	UserID  int64 // 0: for any account
	UserKey bool  // a user API key, sent as User-Api-Key
	Revoked bool
	Scopes  []scope // empty: everything
}

type scope struct {
	Name string   // as "topics:write"
	Only []string // topic or channel ids it is narrowed to
}

// state is everything the forum remembers over a restart.
type state struct {
	Seq         map[string]int64
	Settings    Settings
	Users       map[int64]*User
	Groups      map[int64]*Group
	Categories  map[int64]*Category
	Tags        map[int64]*Tag
	Topics      map[int64]*Topic
	Posts       map[int64]*Post
	ByTopic     map[int64][]int64 // post ids of a topic
	TakenBack   []int64           // posts their authors deleted, not gone yet
	Notes       map[int64]*Notification
	Jobs        []noteJob
	Queue       map[int64]*Pending
	Uploads     map[int64]*Upload
	Keys        map[string]*Key
	Channels    map[int64]*Channel
	Chat        map[int64]*ChatMessage
	Threads     map[int64]*Thread
	Hits        map[string][]time.Time
	Memos       map[string]memo
	Said        map[string]time.Time // account and text, against saying it twice
	ReadOnly    bool
	StaffWrites bool
	HoldNotices bool
}

type memo struct {
	At     time.Time
	Status int
	Body   json.RawMessage
}

func newState() *state {
	return &state{
		Seq: map[string]int64{}, Settings: defaultSettings(),
		Users: map[int64]*User{}, Groups: map[int64]*Group{}, Categories: map[int64]*Category{},
		Tags: map[int64]*Tag{}, Topics: map[int64]*Topic{}, Posts: map[int64]*Post{}, ByTopic: map[int64][]int64{},
		Notes: map[int64]*Notification{}, Queue: map[int64]*Pending{}, Uploads: map[int64]*Upload{},
		Keys: map[string]*Key{}, Channels: map[int64]*Channel{}, Chat: map[int64]*ChatMessage{},
		Threads: map[int64]*Thread{}, Hits: map[string][]time.Time{}, Memos: map[string]memo{},
		Said: map[string]time.Time{},
	}
}

// next gives out an id, as a database sequence does.
func (s *state) next(name string) int64 {
	s.Seq[name]++
	return s.Seq[name]
}
