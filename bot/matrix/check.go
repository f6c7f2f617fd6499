package matrix

import (
	"context"
	"fmt"
	"math"

	"git.coop/cotech/wortley/bot"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// Check says what the bot may do in a room, and what a person may there.
// What is missing is named with the setting and the value that would do.
func (t *Transport) Check(ctx context.Context, in bot.Room, asker string) ([]string, error) {
	s, err := t.session(ctx)
	if err != nil {
		return nil, err
	}
	room := id.RoomID(in.ID)
	mine, levels, err := s.powerOf(ctx, room, s.user)
	if err != nil {
		return nil, fmt.Errorf("matrix: check %s: %w", room, refusedCall(err))
	}
	lines := []string{fmt.Sprintf("My power here is %s.", power(mine))}
	for _, right := range []struct {
		what    string
		setting string
		needs   int
	}{
		{"speak", "events → " + s.messageType(room), levels.GetEventLevel(event.Type{Type: s.messageType(room), Class: event.MessageEventType})},
		{"react", "events → m.reaction", levels.GetEventLevel(event.EventReaction)},
		{"take back what I said", "events → m.room.redaction", levels.GetEventLevel(event.EventRedaction)},
	} {
		if mine >= right.needs {
			lines = append(lines, fmt.Sprintf("✅ I may %s.", right.what))
			continue
		}
		lines = append(lines, fmt.Sprintf("⛔ I may not %s: `%s` is %d. Give me that power, or lower the setting to %d.", right.what, right.setting, right.needs, mine))
	}
	lines = append(lines, s.encryptionLine(ctx, room))
	if asker != "" {
		theirs := levels.GetUserLevel(id.UserID(asker))
		lines = append(lines, fmt.Sprintf("Your power here is %s; changing settings takes %d, inviting people %d.", power(theirs), levels.GetEventLevel(event.StatePowerLevels), levels.Invite()))
	}
	return lines, nil
}

// messageType is what the room's power levels call the bot's messages.
func (s *session) messageType(room id.RoomID) string {
	if s.t.rooms.get(room).encrypted {
		return typeSealed
	}
	return typeMessage
}

func (s *session) encryptionLine(ctx context.Context, room id.RoomID) string {
	switch encrypted, err := s.encrypted(ctx, room); {
	case err != nil:
		return "⛔ The server does not tell me whether this room is encrypted, so I say nothing here."
	case encrypted && s.keys == nil:
		return "⛔ This room is encrypted, and I have encryption switched off, so I can neither read nor speak here."
	case encrypted:
		s.t.state.mu.Lock()
		defer s.t.state.mu.Unlock()
		return "🔒 This room is encrypted. My device is verified by its owner: " + s.t.state.verified + "."
	}
	return "This room is not encrypted."
}

// power returns a level in words. Creators of newer rooms have no limit.
func power(level int) string {
	if level == math.MaxInt {
		return "without limit (creator)"
	}
	return fmt.Sprint(level)
}
