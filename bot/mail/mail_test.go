package mail_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/mail"
	"git.coop/cotech/wortley/storage"
)

var made = time.Date(2026, 1, 6, 14, 0, 0, 0, time.UTC)

func transport(t testing.TB, r *relay, change func(*mail.Options)) *mail.Transport {
	t.Helper()
	o := mail.Options{Host: "127.0.0.1", Port: r.addr.Port, TLS: "off", From: "Network news <news@network.example>", Timeout: 5 * time.Second,
		Now: func() time.Time { return made.Add(time.Minute) }}
	if change != nil {
		change(&o)
	}
	tr, err := mail.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func letter() bot.Post {
	return bot.Post{Key: "news/7/mail/1", Room: bot.Room{Site: "mail"}, To: "zoe@example.org", Kind: bot.Say, Rank: bot.Broadcast,
		Title: "January news — a gathering", Text: "Hello **all**,\n\n- [Spring gathering](https://hub.example/t/1)\n- a pound: £5 \\<b>\n\n" + strings.Repeat("a long line ", 100),
		Made: made, Tries: 1}
}

// read takes a mail apart: its headers, and its parts in order.
func read(t *testing.T, text []byte) (netmail.Header, []string, []string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		t.Fatalf("content type %q, %v", kind, err)
	}
	var kinds, parts []string
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return m.Header, kinds, parts
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		body := io.Reader(p)
		if p.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			body = quotedprintable.NewReader(p)
		}
		words, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		kinds, parts = append(kinds, kind), append(parts, string(words))
	}
}

func TestLetter(t *testing.T) {
	r := newRelay(t)
	tr := transport(t, r, func(o *mail.Options) {
		o.Bounces, o.ReplyTo = "bounces@network.example", "editor@network.example"
		o.Unsubscribe = func(p bot.Post) string { return "https://bot.example/news/stop?t=" + bot.TxnID(p.To) }
	})
	id, err := tr.Send(t.Context(), letter())
	if err != nil {
		t.Fatal(err)
	}
	all := r.all()
	if len(all) != 1 || all[0].to != "zoe@example.org" || all[0].from != "bounces@network.example" {
		t.Fatalf("the relay took %d mails, %q from %q", len(all), all[0].to, all[0].from)
	}
	h, kinds, parts := read(t, all[0].text)
	link := "https://bot.example/news/stop?t=" + bot.TxnID("zoe@example.org")
	for name, want := range map[string]string{
		"Message-Id": id, "Reply-To": "<editor@network.example>", "List-Unsubscribe": "<" + link + ">", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Auto-Submitted": "auto-generated", "Precedence": "bulk", "To": "<zoe@example.org>", "X-Mailer": "", "User-Agent": "",
		"Date": "Tue, 06 Jan 2026 14:00:00 +0000",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if s, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject")); err != nil || s != "January news — a gathering" {
		t.Errorf("subject %q, %v", s, err)
	}
	if strings.Join(kinds, " ") != "text/plain text/html" {
		t.Fatalf("parts are %v; want plain text first", kinds)
	}
	for i, want := range []string{
		"Hello all,\r\n\r\n- Spring gathering (https://hub.example/t/1)\r\n- a pound: £5 <b>",
		`<p>Hello <strong>all</strong>,</p>`,
	} {
		if !strings.Contains(parts[i], want) && !strings.Contains(parts[i], strings.ReplaceAll(want, "\r\n", "\n")) {
			t.Errorf("part %d is %q; want %q in it", i, parts[i], want)
		}
		if !strings.Contains(parts[i], link) {
			t.Errorf("part %d does not say how to end it", i)
		}
	}
	for line := range strings.SplitSeq(string(all[0].text), "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line has %d letters", len(line))
		}
	}
}

func TestOutcomes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		relay  func(*relay)
		change func(*bot.Post)
		never  bool
		wait   bool
		again  bool
		says   string
	}{
		{name: "no such address", relay: func(r *relay) { r.refuse["zoe@example.org"] = refusal(550, 5, "no zoe@example.org here") }, never: true, says: "bounced: sending SMTP RCPT TO command: 550 \"5.1.1 no the address here\""},
		{name: "greylisted", relay: func(r *relay) { r.refuse["zoe@example.org"] = refusal(451, 4, "try later") }, again: true, says: "451"},
		{name: "greylisted for days", relay: func(r *relay) { r.refuse["zoe@example.org"] = refusal(451, 4, "try later") },
			change: func(p *bot.Post) { p.Made = made.Add(-5 * 24 * time.Hour) }, never: true, says: "not taken for days"},
		{name: "words refused", relay: func(r *relay) { r.data = refusal(554, 5, "spam") }, never: true, says: "refused"},
		{name: "full", relay: func(r *relay) { r.data = refusal(452, 4, "disk full") }, again: true, says: "452"},
		{name: "sender refused", relay: func(r *relay) { r.sender = refusal(553, 5, "who are you") }, wait: true},
		{name: "relay wants a login", relay: func(r *relay) { r.password = "secret" }, wait: true},
		{name: "no address", change: func(p *bot.Post) { p.To = "zoe" }, never: true, says: "no address"},
		{name: "a hostile address", change: func(p *bot.Post) { p.To = "zoe@example.org\r\nBcc: all@example.org" }, never: true},
		{name: "taking back", change: func(p *bot.Post) { p.Kind = bot.Withdraw }, never: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRelay(t)
			if tt.relay != nil {
				tt.relay(r)
			}
			p := letter()
			if tt.change != nil {
				tt.change(&p)
			}
			_, err := transport(t, r, nil).Send(t.Context(), p)
			var wait *bot.WaitError
			switch {
			case err == nil:
				t.Fatal("it was sent")
			case errors.Is(err, bot.ErrNever) != tt.never, errors.As(err, &wait) != tt.wait, errors.Is(err, bot.ErrUnknown):
				t.Errorf("got %v", err)
			case wait != nil && !wait.All:
				t.Error("only one address waits; all of them would fail")
			case !strings.Contains(err.Error(), tt.says):
				t.Errorf("got %q, want %q in it", err, tt.says)
			case strings.Contains(err.Error(), "zoe"):
				t.Errorf("the address is in %q, and would be in the log", err)
			}
			if n := len(r.all()); n != 0 {
				t.Errorf("%d mails went out", n)
			}
		})
	}
}

func TestNoRelay(t *testing.T) {
	r := newRelay(t)
	tr := transport(t, r, func(o *mail.Options) { o.Port = 1 })
	var wait *bot.WaitError
	if _, err := tr.Send(t.Context(), letter()); !errors.As(err, &wait) || !wait.All || wait.For < 45*time.Second {
		t.Errorf("got %v, %v", err, wait)
	}
	if err := tr.Check(t.Context()); err == nil {
		t.Error("nothing is wrong")
	}
	if err := transport(t, r, nil).Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestUnknownOutcome cuts the connection after the mail was taken: it is
// unknown, and the next try is the same mail to whoever looks.
func TestUnknownOutcome(t *testing.T) {
	r := newRelay(t)
	r.cut = 1
	tr := transport(t, r, nil)
	if _, err := tr.Send(t.Context(), letter()); !errors.Is(err, bot.ErrUnknown) {
		t.Fatalf("got %v", err)
	}
	if _, err := tr.Send(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	all := r.all()
	if len(all) != 2 || header(all[0].text, "Message-ID") == "" || header(all[0].text, "Message-ID") != header(all[1].text, "Message-ID") {
		t.Errorf("%d mails, of which the Message-IDs are %q and %q", len(all), header(all[0].text, "Message-ID"), header(all[1].text, "Message-ID"))
	}
}

func TestCorrection(t *testing.T) {
	r := newRelay(t)
	tr := transport(t, r, nil)
	p := letter()
	p.Key, p.Kind, p.Of, p.OfID, p.Rank = "news/7/mail/1/e1", bot.Edit, "news/7/mail/1", "<first@network.example>", bot.Answer
	p.Title = "A line\r\nBcc: all@example.org"
	if _, err := tr.Send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	h, _, _ := read(t, r.all()[0].text)
	if h.Get("Subject") != "Correction: A line Bcc: all@example.org" || h.Get("In-Reply-To") != "<first@network.example>" || h.Get("Bcc") != "" || h.Get("Precedence") != "" {
		t.Errorf("headers are %v", h)
	}
}

func TestUnsubscribeNeedsHTTPS(t *testing.T) {
	r := newRelay(t)
	tr := transport(t, r, func(o *mail.Options) {
		o.Unsubscribe = func(bot.Post) string { return "http://bot.example/stop" }
	})
	if _, err := tr.Send(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	if h, _, parts := read(t, r.all()[0].text); h.Get("List-Unsubscribe") != "" || strings.Contains(parts[0], "bot.example") {
		t.Errorf("it offers what mail programs refuse: %v", h)
	}
}

func TestAttachment(t *testing.T) {
	r := newRelay(t)
	p := letter()
	p.Kind, p.File = bot.Attach, &bot.File{Name: "dates.ics", MIME: "text/calendar", Data: []byte("BEGIN:VCALENDAR")}
	if _, err := transport(t, r, nil).Send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	_, kinds, _ := read(t, r.all()[0].text)
	if strings.Join(kinds, " ") != "multipart/alternative text/calendar" {
		t.Errorf("parts are %v", kinds)
	}
}

func TestWrongOptions(t *testing.T) {
	for _, o := range []mail.Options{{Host: "x", From: "nobody"}, {Host: "x", From: "a@b.example", Bounces: "?"}, {Host: "x", From: "a@b.example", TLS: "maybe"}, {From: "a@b.example"}} {
		if _, err := mail.New(o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}

// TestThroughTheBot sends to a hundred people, of whom some do not exist.
func TestThroughTheBot(t *testing.T) {
	r := newRelay(t)
	r.refuse["nobody3@example.org"] = refusal(550, 5, "no such user")
	db, err := storage.Open(t.Context(), t.TempDir()+"/bot.db", storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for n := range 100 {
		p := letter()
		p.Key, p.To = fmt.Sprintf("news/7/mail/%d", n), fmt.Sprintf("person%d@example.org", n)
		if n == 3 {
			p.To = "nobody3@example.org"
		}
		if err := db.Owe(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	b := bot.New(db, bot.Options{}, []bot.Transport{transport(t, r, nil)}, nil)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- b.Run(ctx) }()
	deadline := time.After(30 * time.Second)
	for b.Stats.Sent.Load()+b.Stats.Failed.Load() < 100 {
		select {
		case <-deadline:
			t.Fatal("it takes too long")
		case <-time.After(5 * time.Millisecond):
		}
	}
	stop()
	if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	times := map[string]int{}
	for _, m := range r.all() {
		times[m.to]++
	}
	if len(times) != 99 {
		t.Errorf("%d people got it, want 99", len(times))
	}
	for who, n := range times {
		if n != 1 {
			t.Errorf("%s got it %d times", who, n)
		}
	}
	var who, note string
	if err := db.QueryRow(t.Context(), `SELECT person, note FROM outbox WHERE state = 'given up'`).Scan(&who, &note); err != nil || who != "nobody3@example.org" || !strings.HasPrefix(note, mail.Bounced) {
		t.Errorf("given up: %q, %q, %v", who, note, err)
	}
}
