package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/discourse"
	"git.coop/cotech/wortley/bot/discourse/discoursetest"
	"git.coop/cotech/wortley/commands"
	forum "git.coop/cotech/wortley/integrations/discourse"
	"git.coop/cotech/wortley/storage"
)

// TestLinkByForumMessage joins a Matrix account and a forum account by a
// code that is sent as a personal message on a forum.
func TestLinkByForumMessage(t *testing.T) {
	f := discoursetest.New(t, discoursetest.Options{Mode: discoursetest.Newest})
	f.AddUser("annie", discoursetest.User{})
	f.AddUser("wortley", discoursetest.User{TrustLevel: 4})
	shed := f.AddChannel("The shed", discoursetest.Channel{}, "annie", "wortley").ID
	general := f.AddCategory("General", discoursetest.Category{}).ID
	client, err := forum.New(forum.Config{URL: f.URL(), Username: "wortley", Reader: forum.NewKey(f.Key("wortley", forum.ReaderScopes...)),
		Writer: forum.NewKey(f.Key("wortley", forum.WriterScopes...)), Governor: forum.NewGovernor(forum.Pace{PerMinute: 100_000})})
	if err != nil {
		t.Fatal(err)
	}
	db, err := storage.Open(t.Context(), filepath.Join(t.TempDir(), "bot.db"), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ana := bot.User{ID: "@ana:example.org", Name: "Ana"}
	id, err := db.Know(t.Context(), "matrix", ana)
	if err != nil {
		t.Fatal(err)
	}
	coop, err := db.EnsureCoop(t.Context(), "Agile Collective")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.SetCoop(t.Context(), id, coop); err != nil {
		t.Fatal(err)
	}
	if err := db.SetLinkCode(t.Context(), "ABCD1234", "matrix", ana.ID, time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	hub := discourse.New("hub", client, discourse.Options{Username: "wortley", Every: 5 * time.Millisecond})
	b := bot.New(db, bot.Options{}, []bot.Transport{hub, hub.Chat()}, commands.All(db, commands.Options{}))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	defer func() { stop(); <-done }()

	says := func(want string, texts func() []string) {
		t.Helper()
		end, look := time.After(20*time.Second), time.NewTicker(5*time.Millisecond)
		defer look.Stop()
		for !strings.Contains(strings.Join(texts(), "\n"), want) {
			select {
			case <-end:
				t.Fatalf("the bot does not say %q but %q", want, texts())
			case <-look.C:
			}
		}
	}
	posts := func(topic int64) func() []string {
		return func() (all []string) {
			for _, p := range f.Posts(topic) {
				all = append(all, p.Raw)
			}
			return all
		}
	}
	pm := f.PM("annie", "Hello", "link ABCD1234", "wortley").ID
	says("Joined: you act for **Agile Collective** here too.", posts(pm))
	f.ChatSay("annie", shed, "!skill add drupal")
	says("added for Agile Collective", func() (all []string) {
		for _, m := range f.ChatMessages(shed) {
			all = append(all, m.Text)
		}
		return all
	})
	topic := f.NewTopic("annie", general, "Who knows Drupal?", "@wortley iam, please").ID
	f.Say("annie", topic, "@wortley whohas drupal")
	says("**Agile Collective**", posts(topic))
	accounts, err := db.Accounts(t.Context(), id)
	if err != nil || len(accounts) != 2 || accounts[0].Site != "discourse/hub" || accounts[0].User != "annie" {
		t.Errorf("accounts %+v, %v", accounts, err)
	}
}
