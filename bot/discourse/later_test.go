package discourse_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/discourse/discoursetest"
)

// heard plays steps 20 seconds apart and returns what the bot was told after
// the first look, as "kind of: text".
func heard(t *testing.T, tr bot.Transport, c *clock, steps ...func()) (got []string) {
	t.Helper()
	follow(t, tr, c, "", func(look int, b bot.Batch) bool {
		for _, m := range b.Messages {
			of := m.Of
			if m.ReplyTo != "" {
				of = "to " + m.ReplyTo
			}
			got = append(got, string(m.Kind)+" "+of+" "+m.From.ID+": "+m.Text)
		}
		if look > len(steps) {
			return false
		}
		steps[look-1]()
		return true
	})
	return got
}

// say has the bot say something in a topic.
func say(t *testing.T, tr bot.Transport, key string, topic int64, text string) int64 {
	t.Helper()
	id, err := tr.Send(t.Context(), bot.Post{Key: key, Kind: bot.Say, Tries: 1, Text: text, Room: bot.Room{Site: tr.Name(), ID: strconv.FormatInt(topic, 10)}})
	if err != nil {
		t.Fatal(err)
	}
	return number(t, id)
}

func repeat(n int, step func()) (steps []func()) {
	for range n {
		steps = append(steps, step)
	}
	return steps
}

func wantHeard(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("heard %q\n want %q", got, want)
	}
}

func TestRepliesNeedNoMention(t *testing.T) { eachMode(t, testReplies) }

func testReplies(t *testing.T, mode discoursetest.Mode) {
	f, c, cat := newTimedForum(t, mode)
	tr := timedTransport(t, f, c)
	topic := f.NewTopic("ana", cat["General"], "Where is the ladder?", "Who has it?")
	asked := say(t, tr, "a", topic.ID, "Shall I ask everybody for the ladder?")
	number := f.Post(asked).Number
	c.pass(5 * 24 * time.Hour) // the bot was away, and knows nothing of it any more
	tr = timedTransport(t, f, c)
	ours := strconv.FormatInt(asked, 10)
	got := heard(t, tr, c,
		func() { f.Reply("ana", topic.ID, number, "yes") }, // the next post: the forum does not say whom it answers
		func() { f.Reply("ben", topic.ID, number, "no, do not") },
		func() { f.Reply("ben", topic.ID, 1, "I only talk to Ana.") },
		func() { f.Say("ben", topic.ID, "I talk to nobody.") },
		nothing)
	wantHeard(t, got, "said to "+ours+" ana: yes", "said to "+ours+" ben: no, do not")
}

func TestMentionsEditedIn(t *testing.T) { eachMode(t, testMentionsEditedIn) }

func testMentionsEditedIn(t *testing.T, mode discoursetest.Mode) {
	f, c, cat := newTimedForum(t, mode)
	old := f.NewTopic("ana", cat["General"], "Before the bot came", "Who has a ladder?")
	gone := f.Say("ben", old.ID, "@wortley fund, says somebody who was deleted.")
	f.Delete(gone.ID)
	c.pass(time.Hour)
	var soon discoursetest.Post
	tr := timedTransport(t, f, c)
	steps := []func(){
		func() { soon = f.Say("ana", old.ID, "I forgot whom to ask.") },
		nothing,
		func() { f.Edit("ana", soon.ID, "I forgot to ask you, @wortley whohas ladder") },
		nothing,
		func() { f.Say("ben", old.ID, "Something else, to talk about.") },
	}
	steps = append(steps, repeat(40, func() {})...)
	steps = append(steps, func() { f.Edit("ana", f.Posts(old.ID)[0].ID, "@wortley whohas a ladder") })
	steps = append(steps, repeat(6, func() {})...)
	steps = append(steps, func() { f.Edit("ana", f.Posts(old.ID)[0].ID, "@wortley whohas a ladder, or two") })
	steps = append(steps, repeat(20, func() {})...)
	steps = append(steps, func() { f.Recover(gone.ID) })
	steps = append(steps, repeat(6, func() {})...)
	got := heard(t, tr, c, steps...)
	first := strconv.FormatInt(f.Posts(old.ID)[0].ID, 10)
	wantHeard(t, got, "said  ana: I forgot to ask you, @wortley whohas ladder", "said  ana: @wortley whohas a ladder",
		"edited "+first+" ana: @wortley whohas a ladder, or two")
}

func TestMentionsInUnlistedTopics(t *testing.T) { eachMode(t, testUnlisted) }

func testUnlisted(t *testing.T, mode discoursetest.Mode) {
	f, c, cat := newTimedForum(t, mode)
	topic := f.NewTopic("ana", cat["General"], "Not for every list", "Who has a ladder?")
	var said discoursetest.Post
	steps := []func(){
		func() { f.Unlist(topic.ID); said = f.Say("ana", topic.ID, "I forgot whom to ask.") },
		func() { f.Say("ben", topic.ID, "@wortley whohas boat") },
	}
	steps = append(steps, repeat(40, func() {})...)
	steps = append(steps, func() { f.Edit("ana", said.ID, "I forgot: @wortley whohas ladder") })
	steps = append(steps, repeat(6, func() {})...)
	steps = append(steps, func() { f.Relist(topic.ID) })
	steps = append(steps, repeat(6, func() {})...)
	wantHeard(t, heard(t, timedTransport(t, f, c), c, steps...), "said  ben: @wortley whohas boat", "said  ana: I forgot: @wortley whohas ladder")
}

func TestLaterChanges(t *testing.T) { eachMode(t, testLaterChanges) }

func testLaterChanges(t *testing.T, mode discoursetest.Mode) {
	f, c, cat := newTimedForum(t, mode)
	topic := f.NewTopic("ana", cat["General"], "Where is the ladder?", "Who has it?")
	c.pass(time.Hour)
	tr := timedTransport(t, f, c)
	var one, two, three discoursetest.Post
	steps := []func(){
		func() {
			one = f.Say("ana", topic.ID, "@wortley whohas ladder")
			two = f.Say("ben", topic.ID, "@wortley whohas bicycle")
			three = f.Say("ben", topic.ID, "@wortley whohas boat")
		},
	}
	steps = append(steps, repeat(60, func() {})...) // twenty minutes
	steps = append(steps, func() { f.Edit("ana", one.ID, "@wortley whohas shed") })
	steps = append(steps, repeat(30, func() {})...)
	steps = append(steps, func() { f.Delete(two.ID) }, func() { c.pass(3 * time.Hour) })
	steps = append(steps, repeat(3, func() {})...)
	steps = append(steps, func() { f.Split(cat["Events"], "About boats in general", three.ID); c.pass(3 * time.Hour) })
	steps = append(steps, repeat(3, func() {})...)
	steps = append(steps, func() { f.Edit("ben", three.ID, "@wortley whohas canoe"); c.pass(6 * time.Hour) })
	steps = append(steps, repeat(3, func() {})...)
	got := heard(t, tr, c, steps...)
	id := func(p discoursetest.Post) string { return strconv.FormatInt(p.ID, 10) }
	wantHeard(t, got, "said  ana: @wortley whohas ladder", "said  ben: @wortley whohas bicycle", "said  ben: @wortley whohas boat",
		"edited "+id(one)+" ana: @wortley whohas shed", "deleted "+id(two)+" ben: ", "edited "+id(three)+" ben: @wortley whohas canoe")
}

func TestReactions(t *testing.T) { eachMode(t, testReactions) }

func testReactions(t *testing.T, mode discoursetest.Mode) {
	f, c, cat := newTimedForum(t, mode)
	topic := f.NewTopic("ana", cat["General"], "Where is the ladder?", "Who has it?")
	tr := timedTransport(t, f, c)
	var said int64
	steps := []func(){
		func() { said = say(t, tr, "a", topic.ID, "Shall I ask everybody for the ladder?") },
		func() { f.Like("ben", said); f.Like("ana", topic.ID) },
		func() { f.Change(func(s *discoursetest.Settings) { s.ReactionsEnabled = true }) },
		func() { f.React("ana", said, "white_check_mark"); f.React("ben", said, "tada") },
		func() { f.Unreact("ben", said, "tada"); f.Unlike("ben", said) },
	}
	steps = append(steps, repeat(60, func() {})...)
	steps = append(steps, func() { f.React("ben", said, "-1") })
	steps = append(steps, repeat(30, func() {})...)
	var got []bot.Message
	follow(t, tr, c, "", func(look int, b bot.Batch) bool {
		got = append(got, b.Messages...)
		if look > len(steps) {
			return false
		}
		steps[look-1]()
		return true
	})
	var short []string
	for _, m := range got {
		short = append(short, string(m.Kind)+" "+m.From.ID+" "+m.Text)
	}
	want := []string{"reacted ben ❤", "reacted ben 🎉", "reacted ana ✅", "deleted ben ", "deleted ben ", "reacted ben 👎"}
	if !slices.Equal(short, want) || got[0].Of != strconv.FormatInt(said, 10) || got[3].Of != got[0].ID || got[0].Room.ID != strconv.FormatInt(topic.ID, 10) {
		t.Errorf("heard %q: %+v\n want %q", short, got, want)
	}
}
