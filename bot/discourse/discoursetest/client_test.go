package discoursetest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"git.coop/cotech/wortley/bot/discourse/discoursetest"
	"git.coop/cotech/wortley/integrations/discourse"
)

// A pair is a forum and our client of it, which was written by others from
// the same notes.
type pair struct {
	*testing.T
	*discoursetest.Forum
	client  *discourse.Client
	general discoursetest.Category
}

func both(t *testing.T, fn func(context.Context, *pair)) {
	for _, m := range discoursetest.Modes {
		t.Run(m.String(), func(t *testing.T) {
			f := discoursetest.New(t, discoursetest.Options{Mode: m})
			f.AddUser("ana", discoursetest.User{Name: "Ana"})
			f.AddUser("wortley", discoursetest.User{TrustLevel: 4})
			p := &pair{T: t, Forum: f, general: f.AddCategory("General", discoursetest.Category{})}
			var err error
			p.client, err = discourse.New(discourse.Config{
				URL: f.URL(), Username: "wortley", UserAgent: "wortley-test",
				Reader: discourse.NewKey(f.Key("wortley", discourse.ReaderScopes...)), Writer: discourse.NewKey(f.Key("wortley")),
				Governor: discourse.NewGovernor(discourse.Pace{PerMinute: 6000}),
			})
			if err != nil {
				t.Fatal(err)
			}
			fn(context.Background(), p)
		})
	}
}

// want fails the test if there is an error or the two print differently.
func (p *pair) want(what string, err error, got, want any) {
	p.Helper()
	if err != nil {
		p.Errorf("%s: %v", what, err)
	} else if fmt.Sprint(got) != fmt.Sprint(want) {
		p.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// Behaviour 18: the client understands the fake, in every age.
func TestClientReads(t *testing.T) {
	both(t, func(ctx context.Context, p *pair) {
		topic := p.NewTopic("ana", p.general.ID, "Who has the ladder?", "I need it, @wortley.", "tools")
		for range 120 {
			p.Say("ana", topic.ID, "Anybody?")
		}
		aside := p.PM("ana", "Between us", "What is up?", "admin")
		for range 60 {
			p.Say("admin", aside.ID, "Nothing much.")
		}
		p.Say("ana", topic.ID, "Anybody?")
		pm := p.PM("ana", "A question", "What is on?", "wortley")
		gen, err := p.client.Generation(ctx)
		p.want("generation", err, gen, p.Mode())
		p.want("version", err, gen.Version, p.Mode().Version())
		walk, err := p.client.Walk(ctx, discourse.Walk{Feed: discourse.Public, Windows: gen.Windows})
		p.want("posts", err, []any{len(walk.Posts), walk.Done}, []any{124, true})
		private, err := p.client.Walk(ctx, discourse.Walk{Feed: discourse.Private, Windows: gen.Windows})
		p.want("messages", err, len(private.Posts), 1)
		got, err := p.client.Topic(ctx, topic.ID, 1)
		p.want("topic", err, []any{got.Title, discourse.Names(got.Tags), len(got.Posts), len(got.Stream), got.Highest}, []any{"Who has the ladder?", []string{"tools"}, 20, 122, 122})
		end, err := p.client.TopicEnd(ctx, topic.ID)
		p.want("end", err, end.Posts[len(end.Posts)-1].Number, 122)
		message, err := p.client.Topic(ctx, pm.ID, 1)
		p.want("message", err, []any{message.Private(), message.People}, []any{true, []string{"wortley", "ana"}})
		post, err := p.client.Post(ctx, walk.Highest)
		p.want("post", err, post.Raw, "Anybody?")
		notes, err := p.client.Notifications(ctx, 0)
		p.want("notifications", err, []any{len(notes), notes[0].Type, notes[1].Data.By}, []any{2, discourse.PrivateMessage, "ana"})
		tags, err := p.client.Tags(ctx)
		p.want("tags", err, []any{discourse.Names(tags), tags[0].ID != 0}, []any{[]string{"tools"}, gen.TagObjects})
		site, err := p.client.Site(ctx)
		p.want("site", err, []any{len(site.Categories), len(site.UserFields)}, []any{2, 2})
		me, err := p.client.Me(ctx)
		p.want("me", err, me.Username, "wortley")
		set, err := p.client.Settings(ctx)
		p.want("settings", err, set.MinPost, 20)
		for _, check := range p.client.CheckScopes(ctx) {
			if !check.OK && check.What != "writer key" {
				p.Errorf("%s: %s", check.What, check.Problem)
			}
		}
	})
}

func TestClientWrites(t *testing.T) {
	both(t, func(ctx context.Context, p *pair) {
		p.NewTopic("ana", p.general.ID, "Who has the ladder?", "I need it.", "tools")
		tags, err := p.client.Tags(ctx)
		p.want("tags", err, len(tags), 1)
		made, err := p.client.Create(ctx, discourse.NewPost{Title: "Minutes of 6 January 2026", Raw: "We met and we talked.", CategoryID: p.general.ID, ExternalID: "minutes-1", Tags: tags})
		p.want("topic", err, made.Number, 1)
		found, err := p.client.FindTopic(ctx, "minutes-1")
		p.want("found", err, []any{found.ID, discourse.Names(found.Tags)}, []any{made.TopicID, []string{"tools"}})
		reply, err := p.client.Create(ctx, discourse.NewPost{TopicID: made.TopicID, Raw: "And then there was tea.", Key: "tea-1"})
		p.want("reply", err, reply.Number, 2)
		again, err := p.client.FindReply(ctx, made.TopicID, "tea-1")
		p.want("found again", err, again.ID, reply.ID)
		edited, err := p.client.EditPost(ctx, reply.ID, discourse.Edit{Raw: "And then there was cake.", Original: p.Post(reply.ID).Raw})
		p.want("edited", err, edited.Raw, "And then there was cake.")
		_, err = p.client.EditPost(ctx, reply.ID, discourse.Edit{Raw: "And then there was soup.", Original: "Something else"})
		p.want("conflict", nil, errors.Is(err, discourse.ErrConflict), true)
		message, err := p.client.Create(ctx, discourse.NewPost{Title: "Hello", Raw: "This is for you.", To: []string{"ana"}, Key: "hello-1"})
		p.want("message", err, message.Number, 1)
		sent, err := p.client.FindMessage(ctx, "hello-1")
		p.want("found message", err, sent.ID, message.ID)
		p.want("like", p.client.Like(ctx, p.Posts(p.Topics()[2].ID)[0].ID), 0, 0)
		p.want("status", p.client.SetTopicStatus(ctx, made.TopicID, "closed", true), p.Topic(made.TopicID).Closed, true)
		p.SetUser("wortley", func(u *discoursetest.User) { u.Moderated = true })
		_, err = p.client.Create(ctx, discourse.NewPost{Title: "Minutes of 7 January 2026", Raw: "We met and we sang a song.", CategoryID: p.general.ID})
		p.want("held", nil, errors.Is(err, discourse.ErrHeld), true)
		p.ReadOnly(true)
		_, err = p.client.Create(ctx, discourse.NewPost{TopicID: made.TopicID, Raw: "This will not be written."})
		p.want("read only", nil, errors.Is(err, discourse.ErrReadOnly), true)
	})
}

func TestClientChats(t *testing.T) {
	both(t, func(ctx context.Context, p *pair) {
		lounge := p.AddChannel("Lounge", discoursetest.Channel{Threading: true}, "ana")
		p.want("join", p.client.Join(ctx, lounge.ID), 0, 0)
		first := p.ChatSay("ana", lounge.ID, "Hello @wortley")
		channels, err := p.client.Channels(ctx)
		p.want("channels", err, []any{len(channels.Public), channels.Public[0].Last.ID}, []any{1, first.ID})
		place := discourse.ChatPlace{Channel: lounge.ID}
		id, err := p.client.Say(ctx, discourse.NewChat{Place: place, Text: "Hello Ana"})
		p.want("said", err, id, first.ID+1)
		var later []int64
		for range 120 {
			later = append(later, p.ChatSay("ana", lounge.ID, "And another thing.").ID)
		}
		since, done, err := p.client.ChatSince(ctx, place, first.ID, 0)
		p.want("since", err, []any{len(since), done, since[0].ID}, []any{121, true, id})
		p.ChatDelete(later[9])
		since, done, err = p.client.ChatSince(ctx, place, later[9], 0)
		p.want("since a deleted one", err, []any{len(since), done}, []any{110, true})
		p.want("edit", p.client.EditChat(ctx, lounge.ID, id, "Hello, Ana!"), slices.ContainsFunc(p.ChatMessages(lounge.ID), func(m discoursetest.ChatMessage) bool { return m.Edited }), true)
		p.want("react", p.client.ReactChat(ctx, lounge.ID, first.ID, "+1", true), 0, 0)
		direct, err := p.client.OpenDirect(ctx, "ana")
		p.want("direct", err, direct.Direct(), true)
	})
}

// Whatever goes wrong, the client says what it knows about it.
func TestClientMeetsFaults(t *testing.T) {
	both(t, func(ctx context.Context, p *pair) {
		topic := p.NewTopic("ana", p.general.ID, "Who has the ladder?", "I need it.")
		for _, k := range []discoursetest.Fault{discoursetest.Stripped, discoursetest.LoggedOut, discoursetest.Cached} {
			p.FailNext(k, 1)
			_, err := p.client.Posts(ctx, discourse.Public, 0)
			p.want(fmt.Sprint("fault ", k), nil, errors.Is(err, discourse.ErrNotMine), true)
		}
		for _, k := range []discoursetest.Fault{discoursetest.CutAfter, discoursetest.Truncated, discoursetest.GatewayLate} {
			p.FailNextOn("POST", k, 1)
			_, err := p.client.Create(ctx, discourse.NewPost{TopicID: topic.ID, Raw: fmt.Sprintf("This is the try of fault %d.", k)})
			p.want(fmt.Sprint("fault ", k), nil, errors.Is(err, discourse.ErrUnknown), true)
		}
		p.want("posts", nil, len(p.Posts(topic.ID)), 4)
		for _, k := range discoursetest.Limits429 {
			c, err := discourse.New(discourse.Config{URL: p.URL(), UserAgent: "wortley-test"})
			if err != nil {
				p.Fatal(err)
			}
			p.FailNext(k, 1)
			_, err = c.Latest(ctx, discourse.Listing{})
			p.want(fmt.Sprint("limit ", k), nil, errors.Is(err, discourse.ErrRateLimited), true)
			p.want(fmt.Sprint("wait of ", k), nil, discourse.Wait(err) > 0, true)
		}
	})
}
