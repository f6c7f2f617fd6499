package matrix

import (
	"context"
	"log/slog"

	"git.coop/cotech/wortley/bot"
	"github.com/rs/zerolog"
	"github.com/tidwall/gjson"
)

// quietLog returns a log for mautrix that passes warnings on, without the
// bodies of requests.
func quietLog(log *slog.Logger) zerolog.Logger {
	return zerolog.New(passOn{log}).Level(zerolog.WarnLevel)
}

// passOn writes zerolog's lines to slog. It implements [zerolog.LevelWriter].
type passOn struct{ log *slog.Logger }

// passed are the fields that are passed on; all others may hold words.
var passed = []string{"error", "room_id", "user_id", "event_id", "session_id", "sender", "device_id", "method", "status_code", "component"}

func (p passOn) Write(line []byte) (int, error) { return p.WriteLevel(zerolog.WarnLevel, line) }

func (p passOn) WriteLevel(level zerolog.Level, line []byte) (int, error) {
	to := slog.LevelWarn
	if level >= zerolog.ErrorLevel {
		to = slog.LevelError
	}
	ctx := context.Background()
	if !p.log.Enabled(ctx, to) {
		return len(line), nil
	}
	fields := gjson.ParseBytes(line)
	var attrs []slog.Attr
	for _, name := range passed {
		if v := fields.Get(name); v.Exists() {
			attrs = append(attrs, slog.String(name, bot.Clip(v.String(), 200)))
		}
	}
	p.log.LogAttrs(ctx, to, "mautrix: "+fields.Get("message").String(), attrs...)
	return len(line), nil
}
