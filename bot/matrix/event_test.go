package matrix

import (
	"fmt"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"github.com/tidwall/gjson"
)

var noon = time.Date(2026, 1, 6, 12, 0, 0, 0, time.UTC)

func TestMessage(t *testing.T) {
	said := func(m bot.Message) bot.Message {
		m.ID, m.From, m.Time = "$e", bot.User{ID: "@ana:example.org"}, noon.Add(-time.Minute)
		m.Room.Site, m.Room.ID = Site, "!r"
		return m
	}
	for _, tt := range []struct {
		name, kind, content string
		want                bot.Message
		ok                  bool
	}{
		{"text", typeMessage, `{"msgtype":"m.text","body":"!help"}`, bot.Message{Kind: bot.Said, Text: "!help"}, true},
		{"notice", typeMessage, `{"msgtype":"m.notice","body":"!help"}`, bot.Message{}, false},
		{"emptied", typeMessage, `{}`, bot.Message{}, false},
		{"mention", typeMessage, `{"msgtype":"m.text","body":"help","m.mentions":{"user_ids":["@x:y","@bot:example.org"]}}`, bot.Message{Kind: bot.Said, Text: "help", Named: true}, true},
		{"reply", typeMessage, `{"msgtype":"m.text","body":"yes","m.relates_to":{"m.in_reply_to":{"event_id":"$q"}}}`, bot.Message{Kind: bot.Said, Text: "yes", ReplyTo: "$q"}, true},
		{"thread", typeMessage, `{"msgtype":"m.text","body":"!a","m.relates_to":{"rel_type":"m.thread","event_id":"$root","is_falling_back":true,"m.in_reply_to":{"event_id":"$last"}}}`,
			bot.Message{Kind: bot.Said, Text: "!a", Room: bot.Room{Thread: "$root"}}, true},
		{"reply in a thread", typeMessage, `{"msgtype":"m.text","body":"yes","m.relates_to":{"rel_type":"m.thread","event_id":"$root","m.in_reply_to":{"event_id":"$q"}}}`,
			bot.Message{Kind: bot.Said, Text: "yes", ReplyTo: "$q", Room: bot.Room{Thread: "$root"}}, true},
		{"edit", typeMessage, `{"msgtype":"m.text","body":"* !b","m.new_content":{"msgtype":"m.text","body":"!b"},"m.relates_to":{"rel_type":"m.replace","event_id":"$old"}}`,
			bot.Message{Kind: bot.Edited, Text: "!b", Of: "$old"}, true},
		{"file", typeMessage, `{"msgtype":"m.file","body":"minutes.pdf","url":"mxc://x/y"}`, bot.Message{Kind: bot.Said}, true},
		{"caption", typeMessage, `{"msgtype":"m.image","body":"!save this","filename":"plan.png","url":"mxc://x/y"}`, bot.Message{Kind: bot.Said, Text: "!save this"}, true},
		{"reaction", typeReaction, `{"m.relates_to":{"rel_type":"m.annotation","event_id":"$q","key":"✅"}}`, bot.Message{Kind: bot.Reacted, Text: "✅", Of: "$q"}, true},
		{"redaction", typeRedaction, `{"redacts":"$q"}`, bot.Message{Kind: bot.Deleted, Of: "$q"}, true},
		{"vote", typeVote, `{"m.relates_to":{"rel_type":"m.reference","event_id":"$p"},"m.selections":["b","c"]}`, bot.Message{Kind: bot.Reacted, Text: "b c", Of: "$p"}, true},
		{"old vote", typeVoteOld, `{"m.relates_to":{"rel_type":"m.reference","event_id":"$p"},"org.matrix.msc3381.poll.response":{"answers":["b"]}}`, bot.Message{Kind: bot.Reacted, Text: "b", Of: "$p"}, true},
		{"vote taken back", typeVote, `{"m.relates_to":{"rel_type":"m.reference","event_id":"$p"},"m.selections":[]}`, bot.Message{Kind: bot.Reacted, Of: "$p"}, true},
		{"nonsense", typeMessage, `{"msgtype":7,"body":{"a":1},"m.relates_to":"x"}`, bot.Message{}, false},
		{"unknown", "m.sticker", `{"body":"x"}`, bot.Message{}, false},
	} {
		e := readEvent(gjson.Parse(fmt.Sprintf(`{"event_id":"$e","type":%q,"sender":"@ana:example.org","origin_server_ts":%d,"content":%s}`, tt.kind, noon.Add(-time.Minute).UnixMilli(), tt.content)))
		got, ok := e.message("@bot:example.org", &room{id: "!r"}, noon)
		if ok != tt.ok || ok && got != said(tt.want) {
			t.Errorf("%s: %+v, %v; want %+v, %v", tt.name, got, ok, said(tt.want), tt.ok)
		}
	}
}

// A server whose clock is ahead cannot make a message newer than now.
func TestFutureMessage(t *testing.T) {
	e := readEvent(gjson.Parse(fmt.Sprintf(`{"event_id":"$e","type":"m.room.message","sender":"@ana:x","origin_server_ts":%d,"content":{"msgtype":"m.text","body":"!help"}}`, noon.Add(time.Hour).UnixMilli())))
	if m, _ := e.message("", &room{}, noon); !m.Time.Equal(noon) {
		t.Errorf("Time = %s, want %s", m.Time, noon)
	}
}

func TestReadResponse(t *testing.T) {
	r, err := readResponse(`{"next_batch":"s2","device_one_time_keys_count":{"signed_curve25519":3},
		"device_lists":{"changed":["@ana:x"]},"account_data":{"events":[{"type":"m.direct","content":{"@ana:x":["!d"]}}]},
		"to_device":{"events":[{"type":"m.room.encrypted"}]},
		"rooms":{
			"join":{"!a":{"summary":{"m.joined_member_count":2,"m.invited_member_count":0},
				"timeline":{"limited":true,"prev_batch":"s1","events":[{"event_id":"$1","type":"m.room.message","sender":"@ana:x","content":{},"unsigned":{"transaction_id":"t"}}]},
				"state":{"events":[{"type":"m.room.name","state_key":"","content":{"name":"A"}}]}}},
			"invite":{"!b":{"invite_state":{"events":[{"type":"m.room.member","state_key":"@bot:x","sender":"@ana:x","content":{"membership":"invite","is_direct":true}}]}}},
			"leave":{"!c":{}}}}`, "@bot:x")
	if err != nil {
		t.Fatal(err)
	}
	j := r.joined[0]
	if r.next != "s2" || r.keysLeft != 3 || len(r.changed) != 1 || len(r.toDevice) != 1 || !r.direct.Exists() ||
		j.room != "!a" || !j.limited || j.before != "s1" || j.members != 2 || j.invited != 0 || len(j.state) != 1 || j.timeline[0].txn != "t" ||
		r.invited[0] != (invited{room: "!b", by: "@ana:x", direct: true}) || r.left[0] != "!c" {
		t.Errorf("read %+v", r)
	}
	for _, bad := range []string{``, `{}`, `{"next_batch":"s`, `<html>`} {
		if _, err := readResponse(bad, ""); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func FuzzMessage(f *testing.F) {
	f.Add(`{"msgtype":"m.text","body":"x","m.relates_to":{"rel_type":"m.replace","event_id":"$a"},"m.new_content":{"body":"y"}}`)
	f.Fuzz(func(t *testing.T, content string) {
		for _, kind := range []string{typeMessage, typeReaction, typeRedaction, typeVote, typeVoteOld} {
			e := rawEvent{id: "$e", kind: kind, content: gjson.Parse(content)}
			m, ok := e.message("@bot:x", &room{id: "!r"}, noon)
			if ok && m.Kind != bot.Said && m.Of == "" {
				t.Errorf("%s about nothing: %+v", m.Kind, m)
			}
		}
	})
}
