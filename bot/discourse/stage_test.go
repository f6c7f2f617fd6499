package discourse_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/bot/discourse"
	"git.coop/cotech/wortley/bot/discourse/discoursetest"
	forum "git.coop/cotech/wortley/integrations/discourse"
	"git.coop/cotech/wortley/storage"
)

// newForum starts a forum with ana and the bot.
func newForum(t *testing.T, mode discoursetest.Mode) *discoursetest.Forum {
	t.Helper()
	f := discoursetest.New(t, discoursetest.Options{Mode: mode})
	f.AddUser("ana", discoursetest.User{})
	f.AddUser("wortley", discoursetest.User{TrustLevel: 4})
	return f
}

func newTransport(t *testing.T, f *discoursetest.Forum) *discourse.Transport {
	t.Helper()
	key := forum.NewKey(f.Key("wortley"))
	c, err := forum.New(forum.Config{URL: f.URL(), Reader: key, Writer: key, Username: "wortley",
		Governor: forum.NewGovernor(forum.Pace{PerMinute: 100_000})})
	if err != nil {
		t.Fatal(err)
	}
	return discourse.New("hub", c, discourse.Options{Username: "wortley", Every: 5 * time.Millisecond})
}

// newStage is a personal message between ana and the bot.
func newStage(t *testing.T, mode discoursetest.Mode) *bottest.Stage {
	f := newForum(t, mode)
	f.Change(func(s *discoursetest.Settings) { s.ReactionsEnabled = true })
	talk := f.PM("ana", "A talk with the bot", "Good morning to you, bot.", "wortley")
	return &bottest.Stage{
		Transport: func(t *testing.T, _ *storage.DB) bot.Transport { return newTransport(t, f) },
		Say:       func(text string) string { return strconv.FormatInt(f.Say("ana", talk.ID, text).ID, 10) },
		Edit:      func(id, text string) { f.Edit("ana", number(t, id), text) },
		Delete:    func(id string) { f.TakeBack(number(t, id)) },
		React:     func(id, _ string) { f.React("ana", number(t, id), "white_check_mark") },
		Seen:      func() []bottest.Seen { return seen(f, talk.ID) },
		Cut:       func(n int) { f.FailNextOn("POST /posts.json", discoursetest.CutAfter, n) },
	}
}

// seen is what the bot has said in a topic and not taken back.
func seen(f *discoursetest.Forum, topic int64) (all []bottest.Seen) {
	ids := map[int]int64{}
	for _, p := range f.Posts(topic) {
		ids[p.Number] = p.ID
		if p.UserDeleted || p.DeletedAt != nil || f.User("wortley").ID != p.UserID {
			continue
		}
		s := bottest.Seen{ID: strconv.FormatInt(p.ID, 10), Text: forum.Text(p.Cooked)}
		if p.ReplyTo > 0 {
			s.ReplyTo = strconv.FormatInt(ids[p.ReplyTo], 10)
		}
		all = append(all, s)
	}
	return all
}

func number(t *testing.T, id string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTransport(t *testing.T) {
	for _, mode := range discoursetest.Modes {
		t.Run(strings.ToLower(mode.String()), func(t *testing.T) {
			bottest.TestTransport(t, func(t *testing.T) *bottest.Stage { return newStage(t, mode) })
		})
	}
}
