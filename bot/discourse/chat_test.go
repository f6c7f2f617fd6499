package discourse_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/bot/discourse/discoursetest"
	forum "git.coop/cotech/wortley/integrations/discourse"
	"git.coop/cotech/wortley/storage"
)

// chatStage is a chat channel with ana and the bot.
func chatStage(t *testing.T, mode discoursetest.Mode, channel discoursetest.Channel) *bottest.Stage {
	f := newForum(t, mode)
	ch := f.AddChannel("The shed", channel, "ana", "wortley").ID
	return &bottest.Stage{
		Transport: func(t *testing.T, _ *storage.DB) bot.Transport { return newTransport(t, f).Chat() },
		Say:       func(text string) string { return strconv.FormatInt(f.ChatSay("ana", ch, text).ID, 10) },
		Edit:      func(id, text string) { f.ChatEdit(number(t, id), text) },
		Delete:    func(id string) { f.ChatDelete(number(t, id)) },
		React:     func(id, _ string) { f.ChatReact("ana", number(t, id), "white_check_mark") },
		Seen:      func() []bottest.Seen { return chatSeen(f, ch) },
		Cut:       func(n int) { f.FailNextOn("POST /chat/", discoursetest.CutAfter, n) },
	}
}

// chatSeen is what the bot has said in a channel and not taken back.
func chatSeen(f *discoursetest.Forum, channel int64) (all []bottest.Seen) {
	for _, m := range f.ChatMessages(channel) {
		if m.UserID != f.User("wortley").ID {
			continue
		}
		s := bottest.Seen{ID: strconv.FormatInt(m.ID, 10), Text: forum.Text(m.Cooked)}
		if m.ReplyTo > 0 {
			s.ReplyTo = strconv.FormatInt(m.ReplyTo, 10)
		}
		all = append(all, s)
	}
	return all
}

func TestChatTransport(t *testing.T) {
	eachMode(t, func(t *testing.T, mode discoursetest.Mode) {
		bottest.TestTransport(t, func(t *testing.T) *bottest.Stage { return chatStage(t, mode, discoursetest.Channel{}) })
	})
}

// TestChatThreads is the suite where every answer begins a thread.
func TestChatThreads(t *testing.T) {
	bottest.TestTransport(t, func(t *testing.T) *bottest.Stage {
		return chatStage(t, discoursetest.Newest, discoursetest.Channel{Threading: true})
	})
}

// followChat looks at the chat once a step, 20 seconds apart.
func followChat(t *testing.T, tr bot.Transport, c *clock, steps ...func()) (got []string, rooms []bot.RoomInfo) {
	t.Helper()
	follow(t, tr, c, "", func(look int, b bot.Batch) bool {
		for _, m := range b.Messages {
			place := m.Room.ID
			if m.Room.Thread != "" {
				place += "/" + m.Room.Thread
			}
			got = append(got, string(m.Kind)+" "+place+" "+m.From.ID+": "+m.Text)
		}
		rooms = append(rooms, b.Rooms...)
		if look > len(steps) {
			return false
		}
		steps[look-1]()
		return true
	})
	return got, rooms
}

func nothing() {}

func TestChatIsHeardOnce(t *testing.T) {
	eachMode(t, func(t *testing.T, mode discoursetest.Mode) {
		f, c, _ := newTimedForum(t, mode)
		shed := f.AddChannel("The shed", discoursetest.Channel{}, "ana", "ben", "wortley").ID
		f.ChatSay("ana", shed, "!old before the bot came")
		c.pass(time.Hour)
		tr := timedTransport(t, f, c).Chat()
		id := strconv.FormatInt(shed, 10)
		var hello, trashed discoursetest.ChatMessage
		var late func()
		var other discoursetest.Channel
		steps := []func(){
			func() { hello = f.ChatSay("ana", shed, "!hello") },
			func() { _, late = f.ChatSayLate("ben", shed, "!late"); f.ChatSay("ana", shed, "!after") },
			func() { late() },
			nothing, nothing,
			func() { f.ChatEdit(hello.ID, "!goodbye"); trashed = f.ChatSay("ben", shed, "!trash") },
			func() { f.ChatDelete(trashed.ID) },
			func() { dm := f.DM("ana", "wortley"); f.ChatSay("ana", dm.ID, "fund") },
			func() {
				other = f.AddChannel("The garden", discoursetest.Channel{}, "ana")
				f.ChatSay("ana", other.ID, "!early")
			},
			func() {
				c.pass(time.Hour)
			},
			func() { f.JoinChannel(other.ID, "wortley") },
			func() { f.ChatSay("ana", other.ID, "!compost") },
			func() { f.LeaveChannel(other.ID, "wortley") },
			nothing,
		}
		got, rooms := followChat(t, tr, c, steps...)
		dm, garden := strconv.FormatInt(shed+1, 10), strconv.FormatInt(other.ID, 10)
		want := []string{
			"said " + id + " ana: !hello", "said " + id + " ana: !after", "said " + id + " ben: !late",
			"edited " + id + " ana: !goodbye", "said " + id + " ben: !trash", "deleted " + id + " ben: ",
			"said " + dm + " ana: fund", "said " + garden + " ana: !compost",
		}
		if !slices.Equal(got, want) {
			t.Errorf("heard %q\n want %q", got, want)
		}
		if !slices.ContainsFunc(rooms, func(r bot.RoomInfo) bool { return r.Room.ID == garden && r.Joined && r.Name == "The garden" }) ||
			!slices.ContainsFunc(rooms, func(r bot.RoomInfo) bool { return r.Room.ID == garden && r.Left }) ||
			!slices.ContainsFunc(rooms, func(r bot.RoomInfo) bool { return r.Room.ID == dm && r.Direct == "ana" }) {
			t.Errorf("rooms %+v", rooms)
		}
	})
}

func TestChatCatchesUp(t *testing.T) {
	f, c, _ := newTimedForum(t, discoursetest.Newest)
	shed := f.AddChannel("The shed", discoursetest.Channel{}, "ana", "wortley").ID
	f.ChatSay("ana", shed, "hello there")
	tr := timedTransport(t, f, c).Chat()
	at := follow(t, tr, c, "", func(look int, _ bot.Batch) bool { return look < 2 })
	c.pass(48 * time.Hour)
	for i := range 170 {
		f.ChatSay("ana", shed, "!number "+strconv.Itoa(i))
		c.pass(time.Minute)
	}
	var got []string
	follow(t, timedTransport(t, f, c).Chat(), c, at, func(look int, b bot.Batch) bool {
		for _, m := range b.Messages {
			got = append(got, m.Text)
		}
		return look < 4
	})
	if len(got) != 170 || got[0] != "!number 0" || got[169] != "!number 169" {
		t.Errorf("heard %d messages, from %q", len(got), got[:min(len(got), 2)])
	}
}

func TestChatInThreads(t *testing.T) {
	for _, mode := range []discoursetest.Mode{discoursetest.Mid, discoursetest.Newest} {
		f, c, _ := newTimedForum(t, mode)
		shed := f.AddChannel("The shed", discoursetest.Channel{Threading: true}, "ana", "ben", "wortley").ID
		tr := timedTransport(t, f, c).Chat()
		var asked, reply discoursetest.ChatMessage
		steps := []func(){
			func() { asked = f.ChatSay("ana", shed, "@wortley whohas a ladder") },
			func() {
				id, err := tr.Send(t.Context(), bot.Post{Key: "a", Kind: bot.Say, Tries: 1, Text: "Ben has one.", ReplyTo: strconv.FormatInt(asked.ID, 10),
					Room: bot.Room{Site: tr.Name(), ID: strconv.FormatInt(shed, 10)}})
				if err != nil {
					t.Fatal(err)
				}
				reply = f.ChatReply("ana", number(t, id), "thanks")
			},
			nothing, nothing,
			func() { f.ChatReply("ben", reply.ID, "!fund") },
			nothing,
			func() { c.pass(30 * time.Minute) },
			nothing,
			func() { other := f.ChatSay("ben", shed, "A word aside"); f.ChatReply("ben", other.ID, "@wortley help") },
			nothing, nothing, nothing, nothing,
		}
		got, _ := followChat(t, tr, c, steps...)
		id := strconv.FormatInt(shed, 10)
		want := []string{"said " + id + " ana: @wortley whohas a ladder", "said " + id + "/1 ana: thanks", "said " + id + "/1 ben: !fund",
			"said " + id + " ben: A word aside", "said " + id + "/2 ben: @wortley help"}
		if !slices.Equal(got, want) {
			t.Errorf("%s: heard %q\n want %q", mode, got, want)
		}
	}
}

func TestChatIsSaidOnce(t *testing.T) {
	f := newForum(t, discoursetest.Newest)
	shed := f.AddChannel("The shed", discoursetest.Channel{}, "ana", "wortley").ID
	tr := newTransport(t, f).Chat()
	room := bot.Room{Site: tr.Name(), ID: strconv.FormatInt(shed, 10)}
	send := func(p bot.Post) string {
		p.Room, p.Kind = room, bot.Say
		id, err := tr.Send(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	a, b := f.ChatSay("ana", shed, "!one"), f.ChatSay("ana", shed, "!two")
	first := send(bot.Post{Key: "a", Tries: 1, Text: "Done.", ReplyTo: strconv.FormatInt(a.ID, 10)})
	second := send(bot.Post{Key: "b", Tries: 2, Text: "Done.", ReplyTo: strconv.FormatInt(b.ID, 10)})
	if first == second {
		t.Error("another answer in the same words was taken for this one")
	}
	tr = newTransport(t, f).Chat()
	if again := send(bot.Post{Key: "b", Tries: 3, Text: "Done.", ReplyTo: strconv.FormatInt(b.ID, 10)}); again != second {
		t.Errorf("after a restart it was said again: %s, not %s", again, second)
	}
	f.ChatPurge(a.ID)
	send(bot.Post{Key: "c", Tries: 1, Text: "It is gone, and answered all the same.", ReplyTo: strconv.FormatInt(a.ID, 10)})
}
