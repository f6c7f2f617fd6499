package main

import (
	"context"
	"fmt"
	"strings"
	"time"

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

// summariser proposes a short text for a longer one, whose paragraphs may be
// posts of a thread, and says in brackets where it is from. Somebody confirms it.
func summariser(model *llm.Client) func(ctx context.Context, title, text string) (string, error) {
	return func(ctx context.Context, title, text string) (string, error) {
		t := llm.Thread{Title: title}
		for i, p := range strings.Split(text, "\n\n") {
			t.Posts = append(t.Posts, llm.Post{ID: fmt.Sprint(i), Text: p})
		}
		s := model.Summarise(ctx, t)
		if len(s.Points) == 0 {
			return "", nil
		}
		label := s.Label()
		if s.Note != "" {
			label += "; " + s.Note
		}
		return s.Text() + " (" + label + ")", nil
	}
}
