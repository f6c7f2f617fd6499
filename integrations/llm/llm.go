// Package llm asks a language model, wherever one speaks the protocol of
// OpenAI, for two small things: a summary of a thread, and the same sentence in
// plainer words. It is off unless a server is configured, and everything works
// without it: [Extract] picks a summary from the thread's own sentences.
//
// The model is taken to be hijacked: instructions and data reach it in one
// stream, and what people write may be instructions. So it gets text and
// returns data. It has no tools, no secrets, and sees no names and no ids of
// people, rooms or posts, only the numbers 1, 2, 3. Nothing it says is passed
// on unchecked: each point of a summary has to cite a post and quote words that
// stand in it; points with numbers, links, mentions, marks or commands are
// dropped. What is left is labelled, and the
// caller has a person confirm it.
//
// What is told to people about amounts, dates, votes and decisions comes from
// the database, never from here. A caller must not mix posts that not all
// readers of the summary may read.
package llm

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	openai "github.com/sashabaranov/go-openai" // the protocol that most servers speak
)

// Errors of [Client.ByModel] and [Client.Rephrase].
var (
	ErrOff         = errors.New("no language model is configured")
	ErrBudget      = errors.New("today's budget for the language model is used up")
	ErrUnavailable = errors.New("the language model is not available")
	ErrUnusable    = errors.New("what the language model answered cannot be used")
)

// Config says which model is asked. URL and Model are needed.
type Config struct {
	URL   string // "http://localhost:11434/v1/"; requests go to URL/chat/completions
	Key   string // a secret; "" where none is needed
	Model string

	Timeout time.Duration // for one summary, with all tries; 60 s if 0
	Daily   int           // requests a day, tries included; 100 if 0. It is counted in memory, from the start of the program
	Client  *http.Client  // http.DefaultTransport if nil; redirects are never followed

	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error // between tries
}

// A Client asks one model. A nil Client is a bot without one.
type Client struct {
	Config
	api *openai.Client

	mu   sync.Mutex // guards what follows
	day  string
	used int
	kept map[string]Summary // by version of a thread
}

// New returns a client, or an error if the address cannot be used.
func New(c Config) (*Client, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil, errors.New("llm: want an address that begins with https://")
	}
	if c.Model == "" {
		return nil, errors.New("llm: a model is needed")
	}
	c.Timeout = cmp.Or(c.Timeout, time.Minute)
	c.Daily = cmp.Or(c.Daily, 100)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	api := openai.DefaultConfig(c.Key)
	api.BaseURL = u.String()
	for len(api.BaseURL) > 0 && api.BaseURL[len(api.BaseURL)-1] == '/' {
		api.BaseURL = api.BaseURL[:len(api.BaseURL)-1]
	}
	api.HTTPClient = guarded(c.Client)
	return &Client{Config: c, api: openai.NewClientWithConfig(api), kept: map[string]Summary{}}, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// spend takes one request from today's budget.
func (c *Client) spend() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if today := c.Now().UTC().Format(time.DateOnly); today != c.day {
		c.day, c.used = today, 0
	}
	if c.used >= c.Daily {
		return ErrBudget
	}
	c.used++
	return nil
}
