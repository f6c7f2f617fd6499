package matrix

import (
	"context"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/format"
	"maunium.net/go/mautrix/id"
)

// content returns the type and the content of the event that says a post.
func (s *session) content(ctx context.Context, p bot.Post, encrypted bool) (event.Type, object, error) {
	switch p.Kind {
	case bot.React:
		return event.EventReaction, object{"m.relates_to": object{"rel_type": "m.annotation", "event_id": p.OfID, "key": p.Text}}, nil
	case bot.Image, bot.Attach:
		c, err := s.attach(ctx, p, encrypted)
		return event.EventMessage, c, err
	case bot.Edit:
		if len(p.Options) > 0 {
			return typePollEnd, pollEnd(p), nil
		}
		return event.EventMessage, edit(p, s.text(ctx, p)), nil
	case bot.Say:
		if len(p.Options) > 0 {
			c := poll(p)
			relate(c, p)
			return typePoll, c, nil
		}
		c := s.text(ctx, p)
		relate(c, p)
		return event.EventMessage, c, nil
	}
	return event.Type{}, nil, fmt.Errorf("%w: Matrix has no way to %q", bot.ErrNever, p.Kind)
}

// text returns a post's words. Markdown becomes HTML; HTML in it stays as
// it is written. Only those in Mentions are rung for, and never the room.
func (s *session) text(ctx context.Context, p bot.Post) object {
	c := object{"msgtype": "m.notice", "m.mentions": mentions(p)}
	if p.Loud {
		c["msgtype"] = "m.text"
	}
	w := s.t.rendered.of(s.withPills(ctx, p))
	c["body"] = w.plain
	if w.html != "" {
		c["format"], c["formatted_body"] = event.FormatHTML, w.html
	}
	return c
}

func mentions(p bot.Post) object {
	if len(p.Mentions) == 0 {
		return object{}
	}
	return object{"user_ids": p.Mentions}
}

// withPills turns the IDs of those who are rung for into links with their names.
func (s *session) withPills(ctx context.Context, p bot.Post) string {
	text := p.Text
	for _, user := range p.Mentions {
		if !strings.Contains(text, user) {
			continue
		}
		name, err := s.t.nameOf(ctx, user)
		if err != nil {
			name = user
		}
		text = strings.ReplaceAll(text, user, format.MarkdownMentionWithName(name, id.UserID(user)))
	}
	return text
}

// relate makes a post an answer, or a part of a thread.
// https://spec.matrix.org/v1.16/client-server-api/#threading
func relate(c object, p bot.Post) {
	reply := object{"event_id": p.ReplyTo}
	switch {
	case p.Room.Thread != "" && p.ReplyTo != "":
		c["m.relates_to"] = object{"rel_type": "m.thread", "event_id": p.Room.Thread, "m.in_reply_to": reply, "is_falling_back": false}
	case p.Room.Thread != "":
		c["m.relates_to"] = object{"rel_type": "m.thread", "event_id": p.Room.Thread, "m.in_reply_to": object{"event_id": p.Room.Thread}, "is_falling_back": true}
	case p.ReplyTo != "":
		c["m.relates_to"] = object{"m.in_reply_to": reply}
	}
}

// edit wraps a content so that it replaces what an earlier event says. An
// edit rings for nobody.
func edit(p bot.Post, fresh object) object {
	fresh["m.mentions"] = object{}
	c := object{
		"msgtype": fresh["msgtype"], "body": fmt.Sprint("* ", fresh["body"]), "m.mentions": object{},
		"m.new_content": fresh,
		"m.relates_to":  object{"rel_type": "m.replace", "event_id": p.OfID},
	}
	if html, ok := fresh["formatted_body"]; ok {
		c["format"], c["formatted_body"] = event.FormatHTML, fmt.Sprint("* ", html)
	}
	return c
}
