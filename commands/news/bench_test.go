package news_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/commands/news"
	"git.coop/cotech/wortley/storage"
)

// BenchmarkDraft builds a newsletter of 200 items, from the rows to the text
// of `!news draft` and its file.
func BenchmarkDraft(b *testing.B) {
	db, err := storage.OpenMemory(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	now := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	issue, err := db.OpenIssue(b.Context(), "2026-12", now.AddDate(0, 0, 10))
	if err != nil {
		b.Fatal(err)
	}
	sections := []string{"Welcome", "Get involved", "News", "Dates", "Call notes"}
	for i := range 200 {
		if _, err := db.SaveNews(b.Context(), storage.NewsItem{Issue: issue.ID, Section: sections[i%len(sections)], State: storage.Accepted, Origin: "person",
			Title: fmt.Sprintf("Item %d of the month", i), Text: strings.Repeat("Some words about it, with https://example.org/a_b here. ", 8),
			Link: fmt.Sprintf("https://example.org/%d", i), Made: now}); err != nil {
			b.Fatal(err)
		}
	}
	draft := command(news.New(db, news.Options{}), "news", "draft")
	c := &bot.Call{Message: bot.Message{Time: now, Room: bot.Room{Site: "matrix", ID: "r"}}, Now: now, Person: bot.Person{Role: bot.Coordinator}}
	for b.Loop() {
		if err := db.Do(b.Context(), func(ctx context.Context) error {
			r, err := draft.Run(ctx, c)
			if err == nil && len(r.File.Data) < 80_000 {
				b.Fatalf("%d bytes", len(r.File.Data))
			}
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
}

func command(f bot.Feature, name, sub string) *bot.Command {
	for _, c := range f.Commands {
		for i := range c.Sub {
			if c.Name == name && c.Sub[i].Name == sub {
				return &c.Sub[i]
			}
		}
	}
	return nil
}
