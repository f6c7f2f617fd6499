package discourse_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/discourse"
	"git.coop/cotech/wortley/bot/discourse/discoursetest"
	forum "git.coop/cotech/wortley/integrations/discourse"
	"git.coop/cotech/wortley/storage"
)

// A recorder answers a question that was asked before as it was answered
// then, so that benchmarks do not measure the forum.
type recorder struct {
	forum http.RoundTripper
	known map[string][]byte
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	url := req.URL.String()
	if body, ok := r.known[url]; ok {
		return &http.Response{StatusCode: http.StatusOK, Request: req, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body))}, nil
	}
	res, err := r.forum.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	r.known[url] = body
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// benchForum is a forum with topics of ten posts each, of about the length
// that people write.
func benchForum(b *testing.B, posts int, c *clock) (*discoursetest.Forum, *recorder) {
	b.Helper()
	f := discoursetest.New(b, discoursetest.Options{Mode: discoursetest.Newest, Silent: true, Clock: c.now})
	f.AddUser("ana", discoursetest.User{})
	f.AddUser("wortley", discoursetest.User{TrustLevel: 4})
	general := f.AddCategory("General", discoursetest.Category{}).ID
	text := strings.Repeat("We met last week and talked about the shed, the ladder and who has the key to it. ", 8)
	var topic int64
	for i := range posts {
		if i%10 == 0 {
			topic = f.NewTopic("ana", general, fmt.Sprintf("Minutes of meeting %d", i), text).ID
		} else {
			f.Say("ana", topic, fmt.Sprintf("%d. %s", i, text))
		}
	}
	return f, &recorder{f.RoundTripper(), map[string][]byte{}}
}

func benchTransport(b *testing.B, f *discoursetest.Forum, r http.RoundTripper, c *clock) *discourse.Transport {
	b.Helper()
	key := forum.NewKey(f.Key("wortley"))
	client, err := forum.New(forum.Config{URL: f.URL(), Reader: key, Writer: key, Username: "wortley", Transport: r,
		Governor: forum.NewGovernor(forum.Pace{PerMinute: 1_000_000, Now: c.now})})
	if err != nil {
		b.Fatal(err)
	}
	return discourse.New("hub", client, discourse.Options{Username: "wortley", Every: 1, Now: c.now})
}

// BenchmarkPoll is a look at a forum whose newest fifty posts were there at
// the look before.
func BenchmarkPoll(b *testing.B) {
	c := newClock()
	f, r := benchForum(b, 0, c)
	tr := benchTransport(b, f, r, c)
	at := lookAt(b, tr, "", 1, nil)
	c.pass(time.Minute)
	f2, r2 := benchForum(b, 55, c)
	tr = benchTransport(b, f2, r2, c)
	at = lookAt(b, tr, at, 2, nil) // they are known now
	b.ReportAllocs()
	b.ResetTimer()
	begun := processorTime(b)
	lookAt(b, tr, at, b.N, nil)
	reportProcessorTime(b, begun)
}

// BenchmarkCatchUp reads 10,000 posts that were written while the bot was
// away, and writes down what it keeps of them.
func BenchmarkCatchUp(b *testing.B) {
	const posts = 10_000
	c := newClock()
	f, r := benchForum(b, 0, c)
	at := lookAt(b, benchTransport(b, f, r, c), "", 1, nil)
	c.pass(time.Minute)
	f, r = benchForum(b, posts, c)
	c.pass(time.Hour)
	tr := benchTransport(b, f, r, c)
	read := func() {
		db, err := storage.Open(b.Context(), filepath.Join(b.TempDir(), "bot.db"), storage.Options{})
		if err != nil {
			b.Fatal(err)
		}
		defer db.Close()
		n := 0
		lookAt(b, tr, at, posts, func(batch bot.Batch) bool {
			if err := db.Deliver(b.Context(), tr.Name(), batch); err != nil {
				b.Fatal(err)
			}
			n += len(batch.Items)
			return n >= posts
		})
	}
	read() // the recorder asks the forum
	b.ReportAllocs()
	b.ResetTimer()
	begun := processorTime(b)
	for range b.N {
		read()
	}
	reportProcessorTime(b, begun)
}

// lookAt receives n batches from a position, or until done.
func lookAt(b *testing.B, tr *discourse.Transport, from string, n int, done func(bot.Batch) bool) string {
	b.Helper()
	err := tr.Receive(b.Context(), from, func(_ context.Context, batch bot.Batch) error {
		from = batch.Position
		if n--; n <= 0 || done != nil && done(batch) {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		b.Fatal(err)
	}
	return from
}

// processorTime is what the process has used so far. Where other programs run
// beside a benchmark it says more than the clock.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func reportProcessorTime(b *testing.B, begun time.Duration) {
	b.ReportMetric(float64(processorTime(b)-begun)/float64(b.N)/1e6, "cpu-ms/op")
}
