package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// seriesTheme is `!series theme`.
func (d *desk) seriesTheme(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	s, g, words, err := d.oneSeries(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	r := when.Read(words, when.Options{Now: c.Time, Zone: zone(g, c.Zone)})
	if r.Kind != when.AgendaCycle || r.Every < 1 || r.Every > 24 {
		return bot.Reply{}, bot.Errorf("Which theme, and how often? Try `!series theme every 3rd meeting is strategy, the others project work`.")
	}
	before := s
	s.Every, s.Theme, s.Otherwise = r.Every, bot.Clip(r.Theme, maxTitle), bot.Clip(r.Otherwise, maxTitle)
	if _, err := d.db.SaveSeries(ctx, s); err != nil {
		return bot.Reply{}, err
	}
	now, err := d.themeOf(ctx, s, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("%s: every %d meetings the theme is %s. It is counted over meetings held, so one that is put off does not eat the turn. Next time: %s.", name(g), s.Every, bot.Plain(s.Theme), bot.Plain(now))
	return bot.Reply{Text: text, Did: []bot.Effect{{What: "gave a series of " + g.Name + " themes", Undo: &bot.Act{Name: "series.was", Data: packed(seriesWish{before})}}}}, nil
}

// seriesWas undoes a change of a series' words.
func (d *desk) seriesWas(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	var w seriesWish
	if err := json.Unmarshal([]byte(data), &w); err != nil {
		return bot.Reply{}, err
	}
	_, err := d.db.SaveSeries(ctx, w.Series)
	return bot.Reply{}, err
}

// themeOf is the theme of a series' next meeting: counted over the meetings
// that were held, or are over and nobody has said otherwise.
func (d *desk) themeOf(ctx context.Context, s storage.Series, now time.Time) (string, error) {
	if s.Every == 0 {
		return "", nil
	}
	past, err := d.db.MeetingsOf(ctx, s.ID, s.Made.AddDate(-10, 0, 0))
	if err != nil {
		return "", err
	}
	held := 0
	for _, m := range past {
		if m.End.Before(now) && (m.State == storage.Held || m.State == storage.Booked) {
			held++
		}
	}
	if (held+1)%s.Every == 0 {
		return s.Theme, nil
	}
	if s.Otherwise != "" {
		return s.Otherwise, nil
	}
	return fmt.Sprintf("as usual (%d more until %s)", s.Every-1-held%s.Every, s.Theme), nil
}
