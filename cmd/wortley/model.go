package main

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
	"git.coop/cotech/wortley/integrations/llm"
)

// modelSettings say which language model is asked, if any.
type modelSettings struct {
	URL     string `yaml:"url" doc:"A server that speaks OpenAI's protocol, as http://localhost:11434/v1/; no language model is used if it is left out. Whoever runs it reads the forum threads that it is to summarise."`
	Key     string `yaml:"key" secret:"yes" doc:"What it wants to be shown, if anything."`
	Model   string `yaml:"model" doc:"The name of the model there."`
	Daily   int    `yaml:"daily" default:"50" doc:"Requests a day at most; afterwards summaries are picked from the thread's own sentences, as they are without a model."`
	Seconds int    `yaml:"seconds" default:"60" doc:"How long one summary may take, second tries included."`
}

func (c *Config) checkModel(note func(bad bool, key, text string)) {
	m := c.LLM
	note(m.URL != "" && !isWebAddress(m.URL), "llm.url", "want an address that begins with https://, or http:// on this machine")
	note(m.URL != "" && m.Model == "", "llm.model", "the name of a model is needed")
	note(m.Daily < 1, "llm.daily", "want at least 1; leave llm.url out to use no model")
	note(m.Seconds < 1 || m.Seconds > 600, "llm.seconds", "want 1 to 600")
}

// model is the language model, nil if none is configured. Its methods work
// all the same.
func (c *Config) model() (*llm.Client, error) {
	m := c.LLM
	if m.URL == "" {
		return nil, nil
	}
	client, err := llm.New(llm.Config{URL: m.URL, Key: m.Key, Model: m.Model, Daily: m.Daily, Timeout: time.Duration(m.Seconds) * time.Second})
	if err != nil {
		return nil, operatorError{err}
	}
	return client, nil
}

// summariser proposes a short text for the forum thread that a link leads to,
// and says in brackets where it is from. Somebody confirms it.
func (p *program) summariser(model *llm.Client) func(ctx context.Context, link string) (string, error) {
	return func(ctx context.Context, link string) (string, error) {
		t, err := p.thread(ctx, link)
		if err != nil {
			return "", err
		}
		return proposed(model.Summarise(ctx, t)), nil
	}
}

// proposed is a summary with its label, "" if it says nothing.
func proposed(s llm.Summary) string {
	if len(s.Points) == 0 {
		return ""
	}
	return s.Text() + " (" + s.Label() + ")"
}

// thread reads the forum topic that a link leads to. It refuses what not
// everybody on the forum may read: a summary goes to everybody.
func (p *program) thread(ctx context.Context, link string) (t llm.Thread, err error) {
	client, id := p.topicAt(link)
	if client == nil {
		return t, bot.Errorf("That link leads to no thread of a forum that I am on.")
	}
	topic, err := client.Topic(ctx, id, 1)
	if errors.Is(err, forum.ErrNotFound) {
		return t, bot.Errorf("That thread is gone, or I may not read it.")
	}
	if err != nil {
		return t, err
	}
	categories, err := client.Categories(ctx)
	if err != nil {
		return t, err
	}
	if i := slices.IndexFunc(categories, func(c forum.Category) bool { return c.ID == topic.CategoryID }); topic.Private() || !topic.Visible || i < 0 || categories[i].Restricted {
		return t, bot.Errorf("Not everybody on the forum may read that thread, so nothing of it goes into the newsletter.")
	}
	posts := topic.Posts
	if len(topic.Stream) > len(posts) {
		end, err := client.TopicEnd(ctx, id)
		if err != nil {
			return t, err
		}
		posts = append(posts, end.Posts...)
	}
	t.Title = topic.Title
	seen := map[int64]bool{}
	for _, post := range posts {
		if seen[post.ID] {
			continue
		}
		seen[post.ID] = true
		if post.Type == forum.Regular && !post.Hidden && post.Deleted == nil {
			t.Posts = append(t.Posts, llm.Post{ID: strconv.FormatInt(post.ID, 10), Text: forum.Text(post.Cooked)})
		}
	}
	return t, nil
}

// topicPath is where a topic is found: t/slug/12, t/12, t/slug/12/3.
var topicPath = regexp.MustCompile(`^t/(?:[^/]*[^/0-9][^/]*/)?([0-9]{1,18})(?:/[0-9]+)?/?$`)

// topicAt returns the forum and the number of the topic that a link leads to,
// a nil client if it leads to none.
func (p *program) topicAt(link string) (*forum.Client, int64) {
	link, _, _ = strings.Cut(link, "?")
	link, _, _ = strings.Cut(link, "#")
	for _, f := range p.Forums {
		rest, ok := strings.CutPrefix(link, strings.TrimRight(f.URL, "/")+"/")
		m := topicPath.FindStringSubmatch(rest)
		if !ok || m == nil {
			continue
		}
		client, err := f.client(p.Config)
		id, bad := strconv.ParseInt(m[1], 10, 64)
		if err == nil && bad == nil {
			return client, id
		}
	}
	return nil, 0
}

// playedSummary is what conversations are played with.
func playedSummary(_ context.Context, link string) (string, error) {
	if !strings.Contains(link, "/t/") {
		return "", bot.Errorf("That link leads to no thread of a forum that I am on.")
	}
	return "Three co-ops would share a stall at the fair. Somebody has to ask for the price. (sentences picked from 3 posts)", nil
}
