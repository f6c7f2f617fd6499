package fund

import (
	"context"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// checkAt is the time of day, UTC, at which the ledger is looked through.
const checkAt = 3*time.Hour + 40*time.Minute

// nightly looks whether the ledger is whole. If it is not, coordinators are
// told, and nothing is written in it until they have seen to it.
func (d *desk) nightly(ctx context.Context, now time.Time) ([]bot.Post, error) {
	return Look(ctx, d.db, now)
}

// Look looks through the ledger, and returns what coordinators are to be told
// if something is wrong with it. It is done at every start and every night.
func Look(ctx context.Context, db *storage.DB, now time.Time) ([]bot.Post, error) {
	trouble, err := db.FundCheck(ctx, now)
	if err != nil || trouble == "" {
		return nil, err
	}
	all, err := db.AccountsWith(ctx, bot.Coordinator)
	var posts []bot.Post
	for _, a := range all {
		posts = append(posts, bot.Post{Key: fmt.Sprintf("fund/check/%s/%s/%s", now.UTC().Format(time.DateOnly), a.Site, a.User), Room: bot.Room{Site: a.Site}, To: a.User,
			Kind: bot.Say, Made: now, Rank: bot.Reminder, Loud: true, Text: wrong(trouble), Why: "The ledger of the fund is looked through every night and at every start."})
	}
	return posts, err
}

func wrong(trouble string) string {
	return fmt.Sprintf("**Something is wrong with the ledger of the fund**: %s. I write nothing more in it; everything else goes on. Please tell whoever runs me: the nightly backups show since when. `!fund check` looks again.", bot.Plain(trouble))
}

// check is `!fund check`.
func (d *desk) check(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	trouble, err := d.db.FundCheck(ctx, c.Received())
	if err != nil {
		return bot.Reply{}, err
	}
	if trouble != "" {
		return bot.Reply{Text: wrong(trouble)}, nil
	}
	n, hash, err := d.db.FundHead(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	var t strings.Builder
	fmt.Fprintf(&t, "The ledger is whole: %s, every sum agrees, and the chain is unbroken.", entriesWord(n))
	if n > 0 {
		fmt.Fprintf(&t, " The last one's seal is `%s`; whoever keeps a copy of it can tell later whether anything before it was changed.", hash)
	}
	return bot.Reply{Text: t.String()}, nil
}

func entriesWord(n int64) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}
