package matrix

import (
	"git.coop/cotech/wortley/bot"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/event/cmdschema"
	"maunium.net/go/mautrix/id"
)

// descriptions are state events that tell clients which commands the bot
// knows, so that they can complete them. They go with the creation of a
// direct room, where they cost no request; in rooms of other people each would
// be one, and the bot seldom has the right.
// https://github.com/matrix-org/matrix-spec-proposals/pull/4391
func descriptions(owner id.UserID, features []bot.Feature) []*event.Event {
	var all []*event.Event
	for _, f := range features {
		for _, c := range f.Commands {
			if c.Hidden {
				continue
			}
			d := &cmdschema.EventContent{Command: c.Name, Aliases: c.Aliases, Description: extensible(c.Short)}
			if c.Usage != "" || len(c.Sub) > 0 {
				d.TailParam = "words"
				d.Parameters = []*cmdschema.Parameter{{Key: "words", Schema: cmdschema.PrimitiveTypeString.Schema(), Optional: true, Description: extensible(c.Usage)}}
			}
			key := d.StateKey(owner)
			all = append(all, &event.Event{Type: event.StateMSC4391BotCommand, StateKey: &key, Content: event.Content{Parsed: d}})
		}
	}
	return all
}

func extensible(text string) *event.ExtensibleTextContainer {
	if text == "" {
		return nil
	}
	return event.MakeExtensibleText(text)
}
