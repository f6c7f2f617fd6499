package fund

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/money"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

const day = 24 * time.Hour

// p0 is no time at all.
var p0 time.Time

// name is how a proposal is called: "**#7 A website**".
func name(p storage.FundProposal) string {
	return fmt.Sprintf("**#%d %s**", p.ID, bot.Plain(p.Title))
}

// sum says an amount of a proposal's.
func sum(p storage.FundProposal, minor int64) string { return p.Amount(minor).String() }

// sayUntil says a moment twice: in the room's zone and in UTC.
func sayUntil(t time.Time, zone *time.Location) string {
	return when.Say(t, zone) + t.UTC().Format(" (15:04 UTC)")
}

// sayAsOf says a moment for the end of an answer: "Tue 6 Jan 2026, 14:00 GMT".
func sayAsOf(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon 2 Jan 2006, 15:04 MST")
}

// sayLeft says how long is left: "12 days", "5 hours", "40 minutes".
func sayLeft(d time.Duration) string {
	switch {
	case d >= 2*day:
		return plural(int64(d/day), "day")
	case d >= 2*time.Hour:
		return plural(int64(d/time.Hour), "hour")
	case d > time.Minute:
		return plural(int64(d/time.Minute), "minute")
	}
	return "less than a minute"
}

func plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// percent is part of whole to the nearest whole percent, "40 %".
func percent(part, whole int64) string {
	n, err := money.MulDiv(part, 100, whole)
	if err != nil {
		return "0 %"
	}
	return fmt.Sprintf("%d %%", n)
}

// progress says how far a proposal is: "£1,150.00 of £1,500.00, £350.00 to go".
func progress(p storage.FundProposal) string {
	text := fmt.Sprintf("%s of %s", sum(p, p.Pledged), sum(p, p.Target))
	switch {
	case p.State != storage.FundOpen && p.State != storage.FundSucceeded:
		return text
	case p.Left() == 0:
		return text + ", fully pledged"
	case p.Minimum < p.Target && p.Pledged >= p.Minimum:
		return text + fmt.Sprintf(", past its minimum of %s", sum(p, p.Minimum))
	case p.Minimum < p.Target:
		return text + fmt.Sprintf(", %s to its minimum of %s", sum(p, p.Minimum-p.Pledged), sum(p, p.Minimum))
	}
	return text + fmt.Sprintf(", %s to go", sum(p, p.Left()))
}

// power says how much of the promises is one co-op's, because the worry is power.
func power(p storage.FundProposal) string {
	if p.Coops == 0 {
		return "nobody has pledged yet"
	}
	return fmt.Sprintf("%s, the largest %s", plural(int64(p.Coops), "co-op"), percent(p.Largest, p.Pledged))
}

// capWords says the cap, in every answer about pledges.
func capWords(currency string, limit int64) string {
	if limit == 0 {
		return "Cap per co-op: none agreed."
	}
	return fmt.Sprintf("Cap per co-op: %s a proposal.", money.Amount{Minor: limit, Currency: currency})
}

// states are what has become of a proposal: "it …".
var states = map[storage.FundState]string{
	storage.FundOpen: "is open", storage.FundSucceeded: "succeeded", storage.FundFailed: "did not reach its minimum", storage.FundBlocked: "was blocked",
	storage.FundCancelled: "was cancelled", storage.FundSettled: "was settled", storage.FundReported: "was settled and reported",
}

// state says what has become of a proposal: "it …".
func state(p storage.FundProposal) string {
	switch {
	case p.State == storage.FundFailed && p.Kind == storage.FundSpend:
		return "was declined"
	case p.State == storage.FundSucceeded && p.Kind == storage.FundSpend:
		return "was approved"
	}
	return states[p.State]
}

// upper begins s with a capital, lower without one.
func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func lower(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

// quote says a reason in people's own words, as a sentence.
func quote(reason string) string {
	last := reason[strings.LastIndexByte(reason, ' ')+1:]
	if !strings.ContainsAny(reason[len(reason)-1:], ".!?") && !strings.Contains(last, "://") {
		reason += "."
	}
	return "“" + bot.Plain(reason) + "”"
}

// sayLink says an address as it is; what is none is made plain.
func sayLink(s string) string {
	if l, err := readLink(s); err == nil {
		return l
	}
	return bot.Plain(s)
}

// tidy makes what a person typed one line of plain words, at most so many letters.
func tidy(s string, most int) string {
	s = strings.Join(strings.Fields(bot.Printable(strings.ToValidUTF8(s, ""))), " ")
	return bot.Clip(strings.Trim(s, "\"“”‘’ "), most)
}
