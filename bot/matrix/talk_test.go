package matrix_test

import (
	"strings"
	"testing"

	"git.coop/cotech/wortley/bot/matrix/dendritetest"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// bothKinds runs a test in a plain and in an encrypted room of one server.
func bothKinds(t *testing.T, test func(t *testing.T, alice *person, room id.RoomID)) {
	server := dendritetest.Start(t)
	newHouse(t, server.URL).start(t)
	alice := newPerson(t, server, "alice")
	for _, encrypted := range []bool{false, true} {
		name := map[bool]string{false: "plain", true: "encrypted"}[encrypted]
		t.Run(name, func(t *testing.T) {
			alice.t = t
			test(t, alice, alice.room(encrypted, nil))
		})
	}
}

func TestTalk(t *testing.T) {
	bothKinds(t, func(t *testing.T, alice *person, room id.RoomID) {
		answer := alice.answer(alice.say(room, "!echo hello <b>world</b>"))
		c := answer.Content.AsMessage()
		if c.Body != "echo: **hello <b>world</b>**" || !strings.Contains(c.FormattedBody, "<strong>hello &lt;b") {
			t.Errorf("answer = %q, %q", c.Body, c.FormattedBody)
		}
		if c.MsgType != event.MsgNotice {
			t.Errorf("an answer is %s, want m.notice", c.MsgType)
		}
		if c.Mentions == nil || len(c.Mentions.UserIDs) > 0 || c.Mentions.Room {
			t.Errorf("mentions = %+v, want present and empty", c.Mentions)
		}
	})
}
