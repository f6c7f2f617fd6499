package discourse_test

import (
	"cmp"
	"errors"
	"strconv"
	"testing"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/discourse/discoursetest"
)

func TestOpensTopics(t *testing.T) { eachMode(t, testOpensTopics) }

func testOpensTopics(t *testing.T, mode discoursetest.Mode) {
	f := newForum(t, mode)
	general := f.AddCategory("General", discoursetest.Category{}).ID
	tr := newTransport(t, f)
	send := func(p bot.Post) (string, error) {
		p.Room.Site, p.Kind = "discourse/hub", cmp.Or(p.Kind, bot.Say)
		p.Tries = max(p.Tries, 1)
		return tr.Send(t.Context(), p)
	}
	category := bot.Room{ID: "category/" + strconv.FormatInt(general, 10)}
	opening := bot.Post{Key: "meeting/7", Room: category, Title: "Meeting of the circle on 3 December", Text: "We meet at four o'clock, and talk about the shed."}
	reply := bot.Post{Key: "meeting/7/minutes", Room: bot.Room{ID: "opened/meeting/7"}, Text: "The minutes of it are in the folder."}

	if _, err := send(reply); err == nil || errors.Is(err, bot.ErrNever) {
		t.Errorf("a reply before the topic is open: %v, want to be tried again", err)
	}
	f.FailNextOn("POST /posts.json", discoursetest.CutAfter, 1)
	if _, err := send(opening); !errors.Is(err, bot.ErrUnknown) {
		t.Fatalf("cut connection: %v, want ErrUnknown", err)
	}
	tr = newTransport(t, f) // the bot was killed meanwhile
	opening.Tries = 2
	id, err := send(opening)
	if err != nil {
		t.Fatal(err)
	}
	opening.Tries = 1 // even if it knows nothing of the first try
	if again, err := send(opening); err != nil || again != id {
		t.Errorf("opened again: %q, %v; want %q", again, err, id)
	}
	first := f.Post(number(t, id))
	if k := f.Topic(first.TopicID); first.Number != 1 || k.CategoryID != general || k.Title != opening.Title || k.ExternalID != bot.TxnID("meeting/7") {
		t.Errorf("opened %+v", k)
	}
	f.FailNextOn("POST /posts.json", discoursetest.CutAfter, 1)
	if _, err := send(reply); !errors.Is(err, bot.ErrUnknown) {
		t.Errorf("cut reply: %v, want ErrUnknown", err)
	}
	reply.Tries = 2
	if id, err = send(reply); err != nil || f.Post(number(t, id)).TopicID != first.TopicID || len(f.Posts(first.TopicID)) != 2 {
		t.Errorf("reply %q in %+v, %v", id, f.Posts(first.TopicID), err)
	}
	edit := bot.Post{Key: "meeting/7/moved", Kind: bot.Edit, Of: "meeting/7", OfID: strconv.FormatInt(first.ID, 10), Room: category, Text: "We meet at five o'clock, and talk about the shed."}
	if _, err := send(edit); err != nil || f.Post(first.ID).Raw[:20] != edit.Text[:20] {
		t.Errorf("edited to %q, %v", f.Post(first.ID).Raw, err)
	}
	other := opening
	other.Key = "meeting/8"
	if _, err := send(other); !errors.Is(err, bot.ErrNever) {
		t.Errorf("somebody else's title: %v, want ErrNever", err)
	}
	withdraw := bot.Post{Key: "meeting/7/off", Kind: bot.Withdraw, Of: "meeting/7/minutes", OfID: id, Room: reply.Room}
	if _, err := send(withdraw); err != nil || len(f.Posts(first.TopicID)) == 2 && !f.Posts(first.TopicID)[1].UserDeleted {
		t.Errorf("withdrawn: %v, %+v", err, f.Posts(first.TopicID))
	}
}
