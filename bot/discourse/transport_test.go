package discourse_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/discourse/discoursetest"
)

var errEnough = errors.New("enough")

// hear receives until the forum has been looked at n times, and calls after
// each look.
func hear(t *testing.T, tr bot.Transport, n int, after func(look int)) (all []bot.Message) {
	t.Helper()
	look := 0
	err := tr.Receive(t.Context(), "", func(_ context.Context, b bot.Batch) error {
		all = append(all, b.Messages...)
		if look++; look >= n {
			return errEnough
		}
		after(look)
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	return all
}

func TestMentions(t *testing.T) {
	for _, mode := range discoursetest.Modes {
		f := newForum(t, mode)
		general := f.AddCategory("General", discoursetest.Category{}).ID
		tr := newTransport(t, f)
		var first int64
		got := hear(t, tr, 4, func(look int) {
			switch look {
			case 1:
				topic := f.NewTopic("ana", general, "Where is the ladder?", "@wortley whohas ladder")
				f.Say("ana", topic.ID, "I only talk to myself here.")
				first = f.Posts(topic.ID)[0].ID
			case 2: // the first post of a topic is copied, under a new id
				f.Split(general, "About ladders again", first)
			}
		})
		if len(got) != 1 || got[0].Text != "@wortley whohas ladder" || !got[0].Named || got[0].Direct {
			t.Errorf("%s: heard %+v, want the one new mention", mode, got)
		}
	}
}

func TestRingsForNobody(t *testing.T) {
	f := newForum(t, discoursetest.Newest)
	f.AddUser("ben", discoursetest.User{})
	topic := f.NewTopic("ana", f.AddCategory("General", discoursetest.Category{}).ID, "Where is the ladder?", "Who has it?")
	room := bot.Room{Site: "discourse/hub", ID: strconv.FormatInt(topic.ID, 10)}
	tr := newTransport(t, f)
	id, err := tr.Send(t.Context(), bot.Post{Key: "a", Kind: bot.Say, Room: room, Tries: 1, Mentions: []string{"ana"},
		Text: "Said by @ben, @@ben, @.@ben and &#64;ben, but not by x@ben."})
	if err != nil {
		t.Fatal(err)
	}
	cooked := f.Post(number(t, id)).Cooked
	if strings.Count(cooked, `class="mention"`) != 1 || !strings.Contains(cooked, "@ana</a>") {
		t.Errorf("it rings for others than ana: %s", cooked)
	}
	again, err := tr.Send(t.Context(), bot.Post{Key: "a", Kind: bot.Say, Room: room, Tries: 2, Text: "Said by @ben and others."})
	if err != nil || again != id {
		t.Errorf("a second try made %q, %v; want %q", again, err, id)
	}
}

func TestTroubles(t *testing.T) {
	f := newForum(t, discoursetest.Newest)
	tr := newTransport(t, f)
	post := bot.Post{Key: "b", Kind: bot.Say, To: "ana", Room: bot.Room{Site: tr.Name()}, Tries: 1, Text: "The ladder is back in the shed."}
	f.ReadOnly(true)
	var wait *bot.WaitError
	if _, err := tr.Send(t.Context(), post); !errors.As(err, &wait) || !wait.All {
		t.Errorf("read-only: %v, want a wait for the whole site", err)
	}
	f.ReadOnly(false)
	tr = newTransport(t, f) // the other one waits
	if _, err := tr.Send(t.Context(), post); err != nil {
		t.Errorf("a message to ana: %v", err)
	}
	post.Key, post.To = "c", "nobody"
	if _, err := tr.Send(t.Context(), post); !errors.Is(err, bot.ErrNever) {
		t.Errorf("to nobody: %v, want ErrNever", err)
	}
}
