package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/discourse"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

// A Forum is a Discourse forum the bot is on.
type Forum struct {
	URL       string `yaml:"url" example:"https://forum.example.org" doc:"The forum's address, with its folder if it lives in one."`
	Username  string `yaml:"username" default:"wortley" doc:"The bot's account there: an ordinary one, never staff."`
	ReaderKey string `yaml:"reader_key" secret:"yes" doc:"A single-user API key of that account for reading."`
	WriterKey string `yaml:"writer_key" secret:"yes" doc:"Another one for writing. doctor says which scopes each has to have."`
	Every     int    `yaml:"every" default:"20" doc:"Seconds between two looks at what is new."`
	Chat      bool   `yaml:"chat" default:"yes" doc:"Whether the bot is in the forum's chat too, where it has one: in channels that its account has joined, and in direct chats."`

	made *forum.Client
}

func (c *Config) checkForums(note func(bad bool, key, text string)) {
	for name, f := range c.Forums {
		key := forumKey + name + "."
		note(!isWebAddress(f.URL), key+"url", "want an address that begins with https://")
		note(f.Username == "", key+"username", "the bot needs an account there")
		note(f.ReaderKey == "", key+"reader_key", "a key is needed to read what only members see")
		note(f.WriterKey == "", key+"writer_key", "a key is needed to answer")
		note(f.Every < 5, key+"every", "want at least 5 seconds: forums shut out who asks more often")
	}
}

// client returns the forum's client. There is one for all who ask, so that
// together they ask no faster than the forum allows.
func (f *Forum) client(c *Config) (_ *forum.Client, err error) {
	if f.made != nil {
		return f.made, nil
	}
	by := cmp.Or(c.Operator, "no operator named")
	f.made, err = forum.New(forum.Config{URL: f.URL, Username: f.Username, Reader: forum.NewKey(f.ReaderKey), Writer: forum.NewKey(f.WriterKey),
		UserAgent: fmt.Sprintf("wortley/%s (%s)", cmp.Or(release, "development"), by)})
	return f.made, err
}

// forums are the transports of the forums that are configured, by name.
func (c *Config) forums(log *slog.Logger) ([]bot.Transport, error) {
	var all []bot.Transport
	for _, name := range slices.Sorted(maps.Keys(c.Forums)) {
		f := c.Forums[name]
		client, err := f.client(c)
		if err != nil {
			return nil, operatorError{fmt.Errorf("forums.%s: %w", name, err)}
		}
		site := discourse.New(name, client, discourse.Options{Username: f.Username, Every: time.Duration(f.Every) * time.Second, Log: log})
		if all = append(all, site); f.Chat {
			all = append(all, site.Chat())
		}
	}
	return all, nil
}
