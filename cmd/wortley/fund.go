package main

import (
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/money"
	"git.coop/cotech/wortley/commands/fund"
)

// fund is what the fund is told.
func (c *Config) fund() fund.Options {
	f := c.Fund
	return fund.Options{Currency: f.Currency, Announce: place(f.Announce), Cap: f.Cap, Second: f.SecondAbove, Ask: f.AskAbove, ContributorsOnly: f.ContributorsOnly}
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
	note(!money.Known(f.Currency), "fund.currency", fmt.Sprintf("%q is no currency; want one like GBP", f.Currency))
	for key, text := range map[string]string{"fund.cap": f.Cap, "fund.second_above": f.SecondAbove, "fund.ask_above": f.AskAbove} {
		r := money.Read(text, f.Currency)
		note(text != "" && (!r.OK() || r.Amount.Currency != f.Currency), key, fmt.Sprintf("%q is no amount of the fund's currency; want one like £500", text))
	}
}
