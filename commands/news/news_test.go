package news_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/commands"
	"git.coop/cotech/wortley/commands/news"
	"git.coop/cotech/wortley/storage"
)

// player plays with the settings that a conversation makes.
func player() *bottest.Player {
	o := news.Options{Pace: bot.Pace{PerSecond: 0.2, Burst: 10}}
	o.Summarise = func(_ context.Context, link string) (string, error) {
		if !strings.Contains(link, "/t/") {
			return "", bot.Errorf("That link leads to no thread of a forum that I am on.")
		}
		return "Three co-ops would share a stall at the fair. Somebody has to ask for the price. (sentences picked from 3 posts)", nil
	}
	tokens := 0
	o.Token = func() string { tokens++; return fmt.Sprintf("token%03d-of-an-address", tokens) }
	return &bottest.Player{
		Features: func(db *storage.DB) []bot.Feature { return commands.All(db, commands.Options{News: o}) },
		Set:      func(_ *bot.Options, key, value string) error { return set(&o, key, value) },
	}
}

func set(o *news.Options, key, value string) error {
	switch key {
	case "newsletter.forums":
		o.Forums = strings.Split(value, ",")
	case "newsletter.title":
		o.Title = value
	case "broadcasts.second_coop":
		o.SecondCoop = value == "yes"
	case "broadcasts.everywhere":
		o.Everywhere = value == "yes"
	case "broadcasts.undo":
		n, err := strconv.Atoi(value)
		o.UndoFor = time.Duration(n) * time.Minute
		return err
	case "mail.host":
		o.Mail = true
	case "webhooks.slack.kind":
		o.Webhooks = []string{"slack"}
	case "web.base_url":
		o.BaseURL = value
	default:
		return fmt.Errorf("no setting called %q", key)
	}
	return nil
}

// TestConversations plays each file with settings of its own.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		player().Run(t, file)
	}
}
