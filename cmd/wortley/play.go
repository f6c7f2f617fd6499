package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/commands"
	"git.coop/cotech/wortley/commands/about"
	"git.coop/cotech/wortley/commands/calendar"
	"git.coop/cotech/wortley/commands/whohas"
	"git.coop/cotech/wortley/integrations/directory"
	"git.coop/cotech/wortley/storage"
)

type playCmd struct {
	Files []string `arg:"" predictor:"file" help:"Conversation files."`
	Check bool     `help:"Say nothing where the bot answers as it is written; fail, and show the difference, where it does not."`
	JSON  bool     `name:"json" help:"Print one JSON object a line for everything that was said: at, place, from, kind, text, of, mentions, notice, asked."`
}

// Run plays conversation files on a false clock.
func (p *playCmd) Run(a *app) error {
	differ := false
	for _, file := range p.Files {
		err := p.play(a, file)
		if errors.Is(err, bottest.ErrDiffers) {
			fmt.Fprintln(a.out, err)
			differ = true
			continue
		}
		if err != nil {
			return fmt.Errorf("play: %w", err)
		}
	}
	if differ {
		return errSaid
	}
	return nil
}

func (p *playCmd) play(a *app, file string) error {
	player := newPlayer()
	if p.Check {
		return player.Check(a.ctx, file)
	}
	text, lines, err := player.Play(a.ctx, file)
	if err != nil {
		return err
	}
	if !p.JSON {
		_, err := fmt.Fprint(a.out, text)
		return err
	}
	out := json.NewEncoder(a.out)
	out.SetEscapeHTML(false)
	for _, l := range lines {
		if err := out.Encode(asJSON(l)); err != nil {
			return err
		}
	}
	return nil
}

// newPlayer plays one conversation with the real features, and the settings
// that its own lines change.
func newPlayer() *bottest.Player {
	c := defaults()
	c.Limits.PerPerson = 0
	return &bottest.Player{
		Features: func(db *storage.DB) []bot.Feature {
			o := commands.Options{Retention: c.retention(), About: about.Options{Version: "played"}, Feed: c.feeds(), Minutes: c.minutes(), Calendar: calendar.Options{BaseURL: c.Web.BaseURL}, News: c.newsletter()}
			o.Feed.Forums = c.playedForums()
			o.Fund = c.fund()
			o.Meeting.Events = c.Meetings.Events
			o.News.Summarise = playedSummary
			o.News.Token = counted("token%03d-of-an-address")
			return commands.All(db, o)
		},
		Import: importInto,
		Set: func(o *bot.Options, key, value string) error {
			c.begin(key)
			s, ok := c.setting(key)
			if !ok {
				return fmt.Errorf("no setting called %q", key)
			}
			if err := s.set(value); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			o.Names, o.HelpInRooms, o.PerPerson, o.Ignore = []string{c.Name}, c.HelpInRooms, c.Limits.PerPerson, c.Ignore
			return nil
		},
	}
}

// counted makes codes that are the same each time a conversation is played.
func counted(form string) func() string {
	n := 0
	return func() string {
		n++
		return fmt.Sprintf(form, n)
	}
}

// importInto brings in what a file holds: the fund's books or members by
// their names, a directory otherwise.
func importInto(ctx context.Context, db *storage.DB, path string) error {
	switch base := filepath.Base(path); {
	case filepath.Ext(base) == ".journal" || filepath.Ext(base) == ".ledger":
		return importBooks(ctx, db, path)
	case base == "members.csv":
		return importMembers(ctx, db, path)
	}
	entries, _, err := directory.Read(path)
	if err != nil {
		return err
	}
	return whohas.Load(ctx, db, entries)
}

// playedLine is a line as --json prints it. The names are a promise.
type playedLine struct {
	At       string   `json:"at"` // RFC 3339, UTC
	Place    string   `json:"place"`
	From     string   `json:"from"`
	Kind     string   `json:"kind"` // said, edited, deleted, reacted
	Text     string   `json:"text"` // the emoji of a reaction
	Of       string   `json:"of"`   // the text of the message it is about
	Mentions []string `json:"mentions"`
	Notice   bool     `json:"notice"`
	Asked    bool     `json:"asked"`
}

func asJSON(l bottest.Line) playedLine {
	p := playedLine{At: l.At.UTC().Format(time.RFC3339), Place: l.Place, From: l.From, Kind: l.Kind, Text: l.Text, Of: l.Of,
		Mentions: append([]string{}, l.Mentions...), Notice: l.Notice, Asked: l.Asked}
	if l.Emoji != "" {
		p.Text = l.Emoji
	}
	if emoji, off := strings.CutPrefix(l.Emoji, "-"); off {
		p.Kind, p.Text = "deleted", emoji
	}
	return p
}
