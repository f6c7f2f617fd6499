// Command raw is a yardstick: a bot without a library. It reads /sync with
// gjson, answers from a map, and sends with eight workers, each with its share
// of the rooms. It keeps nothing and promises nothing; what it does for an
// answer is about the least that can be done.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/tidwall/gjson"

	"git.coop/cotech/wortley/bot/matrix/synthetic/yardstick"
)

const workers = 8

func main() {
	c := yardstick.Flags()
	if c.Import {
		return // it reads the directory at every start
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, c); err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "raw:", err)
		os.Exit(1)
	}
}

// owners is who lists a skill.
type owners struct {
	count int
	names []string // the first
}

// task is one message to send.
type task struct{ room, to, text string }

type bot struct {
	yardstick.Config
	known map[string]*owners // by skill in lower case
	queue [workers]chan task
	http  *http.Client
}

func run(ctx context.Context, c yardstick.Config) error {
	b := &bot{Config: c, known: map[string]*owners{}, http: &http.Client{
		Timeout:   60 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: workers + 1},
	}}
	err := yardstick.ReadDirectory(c.Directory, func(coop string, skills []string) error {
		for _, skill := range skills {
			b.learn(strings.ToLower(skill), coop)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range b.queue {
		b.queue[i] = make(chan task, 4096)
		go b.work(ctx, i)
	}
	return b.listen(ctx)
}

func (b *bot) learn(skill, coop string) {
	o := b.known[skill]
	if o == nil {
		o = &owners{}
		b.known[skill] = o
	}
	o.count++
	if len(o.names) < yardstick.Shown {
		o.names = append(o.names, strings.Clone(coop))
	}
}

// listen reads /sync until ctx ends. What is there at the start is old.
func (b *bot) listen(ctx context.Context) error {
	since := ""
	for ctx.Err() == nil {
		body, err := b.do(ctx, http.MethodGet, "/sync?timeout=30000&since="+since, nil)
		if err != nil {
			select {
			case <-time.After(50 * time.Millisecond):
			case <-ctx.Done():
			}
			continue
		}
		if since != "" {
			b.read(ctx, body)
		}
		since = gjson.GetBytes(body, "next_batch").Str
	}
	return ctx.Err()
}

func (b *bot) read(ctx context.Context, body []byte) {
	gjson.GetBytes(body, "rooms.join").ForEach(func(room, joined gjson.Result) bool {
		joined.Get("timeline.events").ForEach(func(_, e gjson.Result) bool {
			if e.Get("type").Str != "m.room.message" || e.Get("sender").Str == b.User {
				return true
			}
			name, about, _ := yardstick.Command(e.Get("content.body").Str)
			switch name {
			case "whohas":
				b.give(ctx, task{room.Str, e.Get("event_id").Str, b.answer(about)})
			case "broadcast":
				b.broadcast(ctx, about)
			}
			return true
		})
		return true
	})
}

func (b *bot) answer(skill string) string {
	o := b.known[strings.ToLower(skill)]
	if o == nil {
		o = &owners{}
	}
	return yardstick.Answer(skill, o.count, o.names)
}

func (b *bot) broadcast(ctx context.Context, text string) {
	body, err := b.do(ctx, http.MethodGet, "/joined_rooms", nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, "raw:", err)
		return
	}
	for _, room := range gjson.GetBytes(body, "joined_rooms").Array() {
		b.give(ctx, task{room.Str, "", text})
	}
}

// give hands a task to the worker of its room.
func (b *bot) give(ctx context.Context, t task) {
	hash := fnv.New32a()
	hash.Write([]byte(t.room))
	select {
	case b.queue[hash.Sum32()%workers] <- t:
	case <-ctx.Done():
	}
}

func (b *bot) work(ctx context.Context, n int) {
	start := time.Now().UnixNano()
	for i := 0; ; i++ {
		select {
		case t := <-b.queue[n]:
			path := fmt.Sprintf("/rooms/%s/send/m.room.message/%d-%d-%d", url.PathEscape(t.room), start, n, i)
			if _, err := b.do(ctx, http.MethodPut, path, t.content()); err != nil {
				fmt.Fprintln(os.Stderr, "raw:", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

func (t task) content() []byte {
	quoted, _ := json.Marshal(t.text) // a string always has a JSON form
	content := fmt.Appendf(nil, `{"msgtype":"m.notice","body":%s`, quoted)
	if t.to != "" {
		content = fmt.Appendf(content, `,"m.relates_to":{"m.in_reply_to":{"event_id":%q}}`, t.to)
	}
	return append(content, '}')
}

func (b *bot) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, b.Homeserver+"/_matrix/client/v3"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+b.Token)
	resp, err := b.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s", method, path, resp.Status)
	}
	return answer, err
}
