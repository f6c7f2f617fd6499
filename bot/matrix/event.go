package matrix

import (
	"time"

	"git.coop/cotech/wortley/bot"
	"github.com/tidwall/gjson"
)

// A rawEvent is an event whose content has not been read: most of what is
// said in a room is no business of the bot, and is not taken apart.
type rawEvent struct {
	raw      string
	id       string
	kind     string // "m.room.message"
	sender   string
	at       int64 // milliseconds, as the sender's server says
	state    bool
	stateKey string
	redacts  string // in old room versions
	txn      string // of the bot's own device
	content  gjson.Result
	sealed   bool // it came encrypted
}

func readEvent(v gjson.Result) rawEvent {
	e := rawEvent{raw: v.Raw}
	v.ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "event_id":
			e.id = value.Str
		case "type":
			e.kind = value.Str
		case "sender":
			e.sender = value.Str
		case "origin_server_ts":
			e.at = value.Int()
		case "state_key":
			e.state, e.stateKey = true, value.Str
		case "redacts":
			e.redacts = value.Str
		case "content":
			e.content = value
		case "unsigned":
			e.txn = value.Get("transaction_id").Str
		}
		return true
	})
	return e
}

// keyField names the post that an event is, for when neither the server nor
// the device remembers: its value is the transaction ID, which tells nobody
// anything. It stands outside of what is encrypted, for a later device to read.
const keyField = "coop.cotech.wortley.post"

// kinds of events that may be messages. Polls have had another name.
const (
	typeMessage   = "m.room.message"
	typeSealed    = "m.room.encrypted"
	typeReaction  = "m.reaction"
	typeRedaction = "m.room.redaction"
	typeVote      = "m.poll.response"
	typeVoteOld   = "org.matrix.msc3381.poll.response"
)

// message reads what a person did. It is ok if there is something to hear:
// notices come from bots, and bots must not answer bots.
func (e *rawEvent) message(self string, in *room, now time.Time) (m bot.Message, ok bool) {
	m = bot.Message{ID: e.id, Room: place(in.id), From: bot.User{ID: e.sender}, Kind: bot.Said,
		Time: time.UnixMilli(min(e.at, now.UnixMilli())).UTC(), Direct: in.direct(), Encrypted: e.sealed}
	switch e.kind {
	case typeMessage:
		return m, e.said(&m, self)
	case typeReaction:
		rel := e.content.Get("m\\.relates_to")
		m.Kind, m.Of, m.Text = bot.Reacted, rel.Get("event_id").Str, rel.Get("key").Str
		return m, m.Of != "" && m.Text != ""
	case typeRedaction:
		m.Kind, m.Of = bot.Deleted, e.redacts
		if m.Of == "" {
			m.Of = e.content.Get("redacts").Str
		}
		return m, m.Of != ""
	case typeVote, typeVoteOld:
		return m, e.vote(&m)
	}
	return m, false
}

// said reads the content of m.room.message.
func (e *rawEvent) said(m *bot.Message, self string) bool {
	var kind, body, filename string
	var relates, fresh, mentions gjson.Result
	e.content.ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "msgtype":
			kind = value.Str
		case "body":
			body = value.Str
		case "filename":
			filename = value.Str
		case "m.relates_to":
			relates = value
		case "m.new_content":
			fresh = value
		case "m.mentions":
			mentions = value
		}
		return true
	})
	readRelation(m, relates)
	if m.Kind == bot.Edited {
		kind, body = fresh.Get("msgtype").Str, fresh.Get("body").Str
		filename, mentions = fresh.Get("filename").Str, fresh.Get("m\\.mentions")
	}
	m.Named = hasString(mentions.Get("user_ids"), self)
	switch kind {
	case "m.text", "m.emote":
		m.Text = body
	case "m.image", "m.file", "m.audio", "m.video":
		// Without a caption, the body is only the file's name.
		if filename != "" && filename != body {
			m.Text = body
		}
	default:
		return false
	}
	return true
}

// readRelation reads what a message is about: an earlier one that it
// replaces or answers, or the thread that it stands in.
// https://spec.matrix.org/v1.16/client-server-api/#forming-relationships-between-events
func readRelation(m *bot.Message, rel gjson.Result) {
	if !rel.Exists() {
		return
	}
	reply := rel.Get("m\\.in_reply_to.event_id").Str
	switch rel.Get("rel_type").Str {
	case "m.replace":
		m.Kind, m.Of = bot.Edited, rel.Get("event_id").Str
	case "m.thread":
		m.Room.Thread = rel.Get("event_id").Str
		if !rel.Get("is_falling_back").Bool() {
			m.ReplyTo = reply
		}
	default:
		m.ReplyTo = reply
	}
}

// vote reads the answer to a poll: a reaction whose text is the IDs of the
// chosen answers with spaces between, "" if the vote is taken back.
func (e *rawEvent) vote(m *bot.Message) bool {
	answers := e.content.Get("m\\.selections")
	if !answers.Exists() {
		answers = e.content.Get("org\\.matrix\\.msc3381\\.poll\\.response.answers")
	}
	m.Kind, m.Of = bot.Reacted, e.content.Get("m\\.relates_to.event_id").Str
	answers.ForEach(func(_, id gjson.Result) bool {
		if m.Text != "" {
			m.Text += " "
		}
		m.Text += id.Str
		return true
	})
	return m.Of != "" && answers.Exists()
}

func hasString(list gjson.Result, s string) (has bool) {
	list.ForEach(func(_, v gjson.Result) bool {
		has = v.Str == s
		return !has
	})
	return has
}
