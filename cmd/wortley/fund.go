package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/money"
	"git.coop/cotech/wortley/commands/fund"
)

// fund is what the fund is told.
func (c *Config) fund() fund.Options {
	f := c.Fund
	return fund.Options{Currency: f.Currency, Zone: c.location(), Announce: place(f.Announce), Topics: place(f.Topics), Cap: f.Cap, Second: f.SecondAbove, Ask: f.AskAbove, ContributorsOnly: f.ContributorsOnly}
}

// place is the room that a setting names: "!abc:example.org" on Matrix,
// "hub:42" on a forum.
func place(s string) bot.Room {
	name, id, forum := strings.Cut(s, ":")
	switch {
	case s == "":
		return bot.Room{}
	case forum && !strings.HasPrefix(s, "!"):
		return bot.Room{Site: "discourse/" + name, ID: id}
	}
	return bot.Room{Site: "matrix", ID: s}
}

func (c *Config) checkFund(note func(bad bool, key, text string)) {
	f := c.Fund
	name, id, forum := strings.Cut(f.Announce, ":")
	note(f.Announce != "" && !strings.HasPrefix(f.Announce, "!") && (!forum || !shortName(name) || id == ""), "fund.announce",
		fmt.Sprintf("%q is neither a Matrix room like !abc:example.org nor a place on a forum like hub:42", f.Announce))
	forumAt, category, _ := strings.Cut(f.Topics, ":")
	note(f.Topics != "" && (!shortName(forumAt) || !strings.HasPrefix(category, "category/")), "fund.topics",
		fmt.Sprintf("%q is no category of a forum; want one like hub:category/7", f.Topics))
	note(!money.Known(f.Currency), "fund.currency", fmt.Sprintf("%q is no currency; want one like GBP", f.Currency))
	for key, text := range map[string]string{"fund.cap": f.Cap, "fund.second_above": f.SecondAbove, "fund.ask_above": f.AskAbove} {
		r := money.Read(text, f.Currency)
		note(text != "" && (!r.OK() || r.Amount.Currency != f.Currency), key, fmt.Sprintf("%q is no amount of the fund's currency; want one like £500", text))
	}
}

// lookAtFund looks through the fund's ledger before anything is written in it.
// If something is wrong coordinators are told, and everything else goes on.
func (p *program) lookAtFund(ctx context.Context) error {
	posts, err := fund.Look(ctx, p.db, time.Now())
	if err != nil {
		return err
	}
	if trouble, _, err := p.db.FundTrouble(ctx); err != nil {
		return err
	} else if trouble != "" {
		p.log.Error("the ledger of the fund is not whole; nothing is written in it", "trouble", trouble, "told", len(posts))
	}
	return p.db.Do(ctx, func(ctx context.Context) error { return p.db.Owe(ctx, posts...) })
}
