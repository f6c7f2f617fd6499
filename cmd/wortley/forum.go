package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
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

	made *forum.Client
}

// forumKey is the group in which forums are, each under a name of its own.
const forumKey = "forums."

// newForum returns a forum with its defaults.
func newForum() *Forum {
	f := &Forum{}
	setDefaults(fields(valueOf(f), ""))
	return f
}

// begin adds the forum that a key is about, if there is none of that name
// yet. It reports whether the key is about a forum at all.
func (c *Config) begin(key string) bool {
	rest, ok := strings.CutPrefix(key, forumKey)
	name, _, _ := strings.Cut(rest, ".")
	if !ok || !forumName(name) {
		return false
	}
	if c.Forums == nil {
		c.Forums = map[string]*Forum{}
	}
	if c.Forums[name] == nil {
		c.Forums[name] = newForum()
	}
	return true
}

func forumName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9') })
}

// beginFromEnvironment adds the forums that variables are about:
// WORTLEY_FORUMS_HUB_URL begins hub.
func (c *Config) beginFromEnvironment(set map[string]string) {
	for variable := range set {
		rest, ok := strings.CutPrefix(variable, "WORTLEY_FORUMS_")
		for _, s := range fields(valueOf(&Forum{}), "") {
			field := "_" + strings.ToUpper(s.Key)
			if name, is := strings.CutSuffix(strings.TrimSuffix(rest, "_FILE"), field); ok && is {
				c.begin(forumKey + strings.ToLower(name))
			}
		}
	}
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
		all = append(all, discourse.New(name, client, discourse.Options{Username: f.Username, Every: time.Duration(f.Every) * time.Second, Log: log}))
	}
	return all, nil
}
