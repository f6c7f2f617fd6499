// Command bare is a yardstick: a bot as the examples of mautrix-go have it.
// It answers in the sync handler from SQLite and promises nothing.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"git.coop/cotech/wortley/bot/matrix/synthetic/yardstick"
)

func main() {
	if err := run(yardstick.Flags()); err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		os.Exit(1)
	}
}

func run(c yardstick.Config) error {
	db, err := open(filepath.Join(c.Data, "bare.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	if c.Import {
		return db.fill(c.Directory)
	}
	client, err := mautrix.NewClient(c.Homeserver, id.UserID(c.User), c.Token)
	if err != nil {
		return err
	}
	client.Store = db
	syncer := client.Syncer.(*mautrix.DefaultSyncer)
	syncer.OnSync(client.DontProcessOldEvents)
	bot := bot{client, db}
	syncer.OnEventType(event.EventMessage, bot.handle)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := client.SyncWithContext(ctx); ctx.Err() == nil {
		return err
	}
	return nil
}

type bot struct {
	client *mautrix.Client
	db     *database
}

func (b bot) handle(ctx context.Context, e *event.Event) {
	if e.Sender == b.client.UserID {
		return
	}
	switch name, about, _ := yardstick.Command(e.Content.AsMessage().Body); name {
	case "whohas":
		b.answer(ctx, e, about)
	case "broadcast":
		b.broadcast(ctx, about)
	}
}

func (b bot) answer(ctx context.Context, e *event.Event, skill string) {
	count, names, err := b.db.owners(ctx, skill)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		return
	}
	content := &event.MessageEventContent{MsgType: event.MsgNotice, Body: yardstick.Answer(skill, count, names)}
	content.SetReply(e)
	b.send(ctx, e.RoomID, content)
}

func (b bot) broadcast(ctx context.Context, text string) {
	joined, err := b.client.JoinedRooms(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		return
	}
	for _, room := range joined.JoinedRooms {
		b.send(ctx, room, &event.MessageEventContent{MsgType: event.MsgNotice, Body: text})
	}
}

func (b bot) send(ctx context.Context, room id.RoomID, content *event.MessageEventContent) {
	if _, err := b.client.SendMessageEvent(ctx, room, event.EventMessage, content); err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
	}
}
