package matrix

import (
	"fmt"
	"strconv"
	"strings"

	"git.coop/cotech/wortley/bot"
	"maunium.net/go/mautrix/event"
)

// Polls are written under the names that clients know, those of the proposal
// https://github.com/matrix-org/matrix-spec-proposals/pull/3381. Votes are
// read under these and the final ones.
const plainText = "org.matrix.msc1767.text"

var (
	typePoll    = event.EventUnstablePollStart
	typePollEnd = event.Type{Type: "org.matrix.msc3381.poll.end", Class: event.MessageEventType}
)

// poll returns the content that asks. Clients without polls show its text,
// with the numbers that can be typed or reacted with.
func poll(p bot.Post) object {
	question, _ := render(p.Text)
	answers := make([]object, len(p.Options))
	var fallback strings.Builder
	fallback.WriteString(question)
	for i, option := range p.Options {
		answers[i] = object{"id": strconv.Itoa(i + 1), plainText: option}
		fmt.Fprintf(&fallback, "\n%d. %s", i+1, option)
	}
	return object{
		plainText: fallback.String(),
		"org.matrix.msc3381.poll.start": object{
			"kind":           "org.matrix.msc3381.poll.disclosed",
			"max_selections": len(p.Options),
			"question":       object{plainText: question, "body": question, "msgtype": "m.text"},
			"answers":        answers,
		},
		"m.mentions": mentions(p),
	}
}

// pollEnd returns the content that ends a poll.
func pollEnd(p bot.Post) object {
	last, _ := render(p.Text)
	return object{
		plainText:                     last,
		"org.matrix.msc3381.poll.end": object{},
		"m.relates_to":                object{"rel_type": "m.reference", "event_id": p.OfID},
		"m.mentions":                  object{},
	}
}
