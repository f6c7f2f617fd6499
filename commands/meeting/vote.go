package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// A ballot is what somebody says about a poll's options; "" takes back.
type ballot map[int]string

// readBallot reads "1 2", "1, 2 !maybe 3 no 4", "A yes, B maybe", "all",
// "none of them": numbers take the answer said before them, or behind them
// where no answer has been said. It reports false if there is anything else.
func readBallot(words, said string, options []storage.PollOption) (ballot, bool) {
	b := ballot{}
	var waiting []int
	answer := said
	put := func(ns []int, a string) {
		for _, n := range ns {
			b[n] = a
		}
	}
	for _, word := range strings.FieldsFunc(strings.ToLower(words), func(r rune) bool { return strings.ContainsRune(" ,;.:!&+\n", r) }) {
		switch word {
		case "yes", "y", "ok", "✅", "👍":
			answer = "yes"
		case "maybe", "ifneedbe", "if-need-be", "🤔", "needbe":
			answer = "maybe"
		case "no", "n", "not", "❌", "👎":
			answer = "no"
		case "and", "option", "options", "for", "if", "need", "be", "can", "i", "do", "of", "them":
			continue
		case "all", "any", "both":
			for _, o := range options {
				if !o.Dropped {
					waiting = append(waiting, o.N)
				}
			}
			if answer != "" {
				put(waiting, answer)
				waiting = nil
			}
			continue
		case "none":
			for _, o := range options {
				if !o.Dropped {
					b[o.N] = "no"
				}
			}
			continue
		default:
			n, ok := optionNumber(word, options)
			if !ok {
				return nil, false
			}
			if answer != "" && said != "" {
				b[n] = answer
			} else {
				waiting = append(waiting, n)
			}
			continue
		}
		if said == "" {
			put(waiting, answer) // "1 yes, 2 maybe"
			waiting = nil
		}
	}
	if len(waiting) > 0 && said == "" && answer != "" && len(b) == 0 {
		put(waiting, answer) // "yes 1 2"
		waiting = nil
	}
	return b, len(b) > 0 && len(waiting) == 0
}

// optionNumber reads "2", "#2", "B" or 2️⃣.
func optionNumber(word string, options []storage.PollOption) (int, bool) {
	n, ok := keycap(word)
	if !ok {
		word = strings.Trim(word, "#()")
		if len(word) == 1 && word[0] >= 'a' && word[0] <= 'i' {
			n = int(word[0]-'a') + 1
		} else {
			n, _ = strconv.Atoi(word)
		}
	}
	there := slices.ContainsFunc(options, func(o storage.PollOption) bool { return o.N == n && !o.Dropped })
	return n, there
}

// keycap reads the emoji of a number, with or without its variation selector.
func keycap(s string) (int, bool) {
	s = strings.ReplaceAll(s, "\uFE0F", "")
	if len(s) == 4 && s[1:] == "\u20e3" && s[0] >= '1' && s[0] <= '9' {
		return int(s[0] - '0'), true
	}
	return 0, false
}

// votesByWord is `!yes 1 2` and the like. It reports false if the words are
// about a meeting, not about a poll.
func (d *desk) votesByWord(ctx context.Context, c *bot.Call, said string) (bot.Reply, bool, error) {
	_, toPoll, err := d.repliedTo(ctx, c, "poll/")
	if err != nil {
		return bot.Reply{}, false, err
	}
	_, toMeeting, err := d.repliedTo(ctx, c, "meeting/")
	if err != nil || toMeeting {
		return bot.Reply{}, false, err
	}
	p, g, words, err := d.pollOf(ctx, c)
	if err != nil {
		return bot.Reply{}, false, nil // no group or no poll: it is about a meeting, or refused there
	}
	if words == "" && !toPoll {
		_, meets, err := d.db.NextMeeting(ctx, g.ID, c.Now)
		if err != nil || meets {
			return bot.Reply{}, false, err
		}
	}
	if _, _, named, err := d.named(ctx, c, g, words); err != nil || named {
		return bot.Reply{}, false, err // "!yes 18 Dec"
	}
	b, ok := readBallot(words, said, p.Options)
	if !ok && !toPoll && words != "" && !strings.ContainsAny(words, "123456789") {
		return bot.Reply{}, false, nil // "!no sorry, I am ill"
	}
	if !ok {
		return bot.Reply{}, true, bot.Errorf("Which of the dates? Try `!%s 1`, or several at once: `!yes 1 2 !maybe 3`. `!poll` shows them.", said)
	}
	r, err := d.vote(ctx, c, g, p, b)
	if err != nil {
		return r, true, err
	}
	r.Text = "Noted: " + b.String() + "."
	return r, true, nil
}

// String says a ballot: "1 and 2 yes, 3 if need be".
func (b ballot) String() string {
	var said []string
	for _, k := range []struct{ answer, label string }{{"yes", "yes"}, {"maybe", "if need be"}, {"no", "no"}, {"", "taken back"}} {
		var ns []int
		for n, a := range b {
			if a == k.answer {
				ns = append(ns, n)
			}
		}
		slices.Sort(ns)
		var words []string
		for _, n := range ns {
			words = append(words, itoa(n))
		}
		if len(words) > 0 {
			said = append(said, list(words)+" "+k.label)
		}
	}
	return strings.Join(said, ", ")
}

// voted is what somebody had said about a poll's options before.
type voted struct {
	Poll int64
	Old  ballot
}

// vote notes a ballot. When everybody has voted, the poll is decided at once.
func (d *desk) vote(ctx context.Context, c *bot.Call, g storage.Group, p storage.Poll, b ballot) (bot.Reply, error) {
	if p.State != storage.PollOpen || !c.Now.Before(p.Closes) {
		return bot.Reply{}, bot.Errorf("That vote is over. `!next` shows what came of it.")
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	old, err := d.ballotOf(ctx, p, person)
	if err != nil {
		return bot.Reply{}, err
	}
	before := ballot{}
	for n, answer := range b {
		before[n] = old[n]
		if err := d.db.SetVote(ctx, p.ID, n, person, answer, c.Time); err != nil {
			return bot.Reply{}, err
		}
	}
	r := bot.Reply{Did: []bot.Effect{{What: fmt.Sprintf("voted on a date of %s: %s", g.Name, b), Undo: &bot.Act{Name: "poll.voted", Data: packed(voted{p.ID, before})}}}}
	missing, _, err := d.missing(ctx, g, p, c.Now)
	if err != nil {
		return r, err
	}
	if len(missing) == 0 && p.Quorum > 0 {
		if r.Posts, err = d.closePoll(ctx, g, p, c.Now); err != nil || r.Posts != nil {
			return r, err
		}
	}
	r.Posts, err = d.refreshPoll(ctx, g, p, stamp(c), c.Now, "")
	return r, err
}

func (d *desk) ballotOf(ctx context.Context, p storage.Poll, person int64) (ballot, error) {
	votes, err := d.db.Votes(ctx, p.ID)
	b := ballot{}
	for _, v := range votes {
		if v.Person == person {
			b[v.N] = v.Answer
		}
	}
	return b, err
}

// unvote undoes a ballot.
func (d *desk) unvote(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var v voted
	if err := json.Unmarshal([]byte(data), &v); err != nil {
		return bot.Reply{}, err
	}
	p, g, err := d.pollByID(ctx, strconv.FormatInt(v.Poll, 10))
	if err != nil {
		return bot.Reply{}, err
	}
	r, err := d.vote(ctx, c, g, p, v.Old)
	return bot.Reply{Posts: r.Posts}, err
}

// touchPoll hears of a reaction to a poll: a number says yes to its option;
// ✅, 🤔 and ❌ answer for all options, and ❌ leaves those that one has said
// yes to. A vote in a Matrix poll is all its numbers at once.
func (d *desk) touchPoll(ctx context.Context, c *bot.Call, key, emoji string, on bool) (bot.Reply, error) {
	parts := strings.SplitN(key, "/", 4)
	if len(parts) < 4 || parts[2] != "ask" {
		return bot.Reply{}, nil
	}
	p, g, err := d.pollByID(ctx, parts[1])
	if err != nil || p.State != storage.PollOpen || !c.Now.Before(p.Closes) {
		return bot.Reply{}, err
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	old, err := d.ballotOf(ctx, p, person)
	if err != nil {
		return bot.Reply{}, err
	}
	b := ballot{}
	if n, ok := keycap(emoji); ok {
		if _, there := optionNumber(itoa(n), p.Options); there {
			b[n] = "yes"
			if !on {
				b[n] = ""
			}
		}
	} else if numbers, ok := chosen(emoji, p.Options); ok && on {
		b = numbers
	} else if said := answer(emoji); said != "" {
		for _, o := range p.Options {
			if o.Dropped || on && old[o.N] == "yes" && said != "yes" || !on && old[o.N] != said {
				continue
			}
			b[o.N] = said
			if !on {
				b[o.N] = ""
			}
		}
	}
	for n, a := range b {
		if old[n] == a {
			delete(b, n)
		}
	}
	if len(b) == 0 {
		return bot.Reply{}, nil
	}
	r, err := d.vote(ctx, c, g, p, b)
	return bot.Reply{Posts: r.Posts}, err
}

// chosen reads the vote in a Matrix poll: the numbers of what was chosen, ""
// if nothing is any more.
func chosen(text string, options []storage.PollOption) (ballot, bool) {
	b := ballot{}
	for _, o := range options {
		if !o.Dropped {
			b[o.N] = ""
		}
	}
	for _, word := range strings.Fields(text) {
		n, err := strconv.Atoi(word)
		if _, there := b[n]; err != nil || !there {
			return nil, false
		}
		b[n] = "yes"
	}
	return b, true
}
