package about_test

import (
	"context"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/commands/about"
	"git.coop/cotech/wortley/storage"
)

func TestConversations(t *testing.T) {
	day := 24 * time.Hour
	p := &bottest.Player{Features: func(db *storage.DB) []bot.Feature {
		return []bot.Feature{about.New(db, about.Options{
			Version: "1.0", Operator: "Example Hosting", Retention: storage.Retention{Words: 30 * day, Rows: 365 * day},
			Keeps: []string{"which co-op you act for"},
			Check: map[string]func(context.Context, bot.Room, bot.User) ([]string, error){
				"discourse": func(context.Context, bot.Room, bot.User) ([]string, error) {
					return []string{"I may reply here."}, nil
				},
			},
		})}
	}}
	p.Run(t, "testdata/trust.txt")
}
