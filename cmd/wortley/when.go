package main

import (
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
)

type whenCmd struct {
	Now     moment   `placeholder:"TIME" help:"When it is said, as in 2026-01-06T14:00; now if left out."`
	Anchor  []anchor `sep:"none" placeholder:"NAME=DATE" help:"A named day that the phrase may count from, as in \"board meeting=2026-02-03\". Any number of them."`
	Meeting span     `placeholder:"START/END" help:"The meeting that is being changed."`
	Passive bool     `help:"Running text: only what is surely a date."`
	JSON    bool     `name:"json" help:"Print JSON. It is what is printed anyway."`
	Phrase  []string `arg:"" help:"What somebody said."`
}

// Run prints how a phrase is read, as one JSON object.
func (w *whenCmd) Run(a *app) error {
	o := when.Options{Now: w.Now.Time, Anchors: map[string]when.Date{}, Passive: w.Passive}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	for _, n := range w.Anchor {
		o.Anchors[n.name] = n.date
	}
	if !w.Meeting.Start.IsZero() {
		o.Meeting = &w.Meeting.Span
	}
	text, err := when.ReadJSON(strings.Join(w.Phrase, " "), o)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "%s\n", text)
	return err
}

// A moment on the command line is RFC 3339, or wall time in London.
type moment struct{ time.Time }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (m *moment) UnmarshalText(text []byte) (err error) {
	s := string(text)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if m.Time, err = time.ParseInLocation(layout, s, bot.London()); err == nil {
			return nil
		}
	}
	return fmt.Errorf("%q is no time; want one like 2026-01-06T14:00", s)
}

// An anchor is NAME=DATE.
type anchor struct {
	name string
	date when.Date
}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (n *anchor) UnmarshalText(text []byte) error {
	name, day, ok := strings.Cut(string(text), "=")
	date, err := when.ParseDate(strings.TrimSpace(day))
	if !ok || strings.TrimSpace(name) == "" || err != nil {
		return fmt.Errorf("%q is no named day; want one like \"board meeting=2026-02-03\"", text)
	}
	n.name, n.date = strings.TrimSpace(name), date
	return nil
}

// A span is START/END; END may be left out.
type span struct{ when.Span }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (s *span) UnmarshalText(text []byte) error {
	start, end, _ := strings.Cut(string(text), "/")
	var from, to moment
	if err := from.UnmarshalText([]byte(start)); err != nil {
		return err
	}
	if end != "" {
		if err := to.UnmarshalText([]byte(end)); err != nil {
			return err
		}
	}
	s.Start, s.End = from.Time, to.Time
	return nil
}
