// Package mail is a [bot.Transport] that only sends: posts to people by mail,
// through one SMTP server.
//
// A mail is a [bot.Post] with Room{Site: "mail"} and To, the address. Title is
// the subject; Text is sent as plain text first, with HTML beside it; a File is
// attached. An edit cannot change what has arrived: it goes out as a new mail,
// "Correction: …", that answers the first. Nothing can be taken back.
//
// Posts of rank [bot.Broadcast] are marked as bulk mail. If Options.Unsubscribe
// has an address for a post, the mail offers it in its last lines and in the
// headers of RFC 2369 and RFC 8058, so that mail programs show a button.
//
// The Message-ID is made from the post's key, the same at each try. A relay
// that cuts the connection after it has taken a mail, and before it says so,
// gets it once more: receiving servers may notice by the Message-ID that it
// came before, but not all do. That is the one way in which somebody can get a
// mail twice.
//
// The relay signs (DKIM); it has to sign both unsubscribe headers.
package mail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"time"

	"git.coop/cotech/wortley/bot"
	gomail "github.com/wneessen/go-mail" // writes MIME and talks SMTP
)

// Site is the name of the transport, as in [bot.Room].
const Site = "mail"

// Options say through which server mail goes out. Host and From are needed.
type Options struct {
	Host     string
	Port     int    // 587, or 465 with TLS "on", if 0
	TLS      string // "starttls" (if ""), "on" from the first byte, "off"
	User     string // "" to send without a login
	Password string

	From    string // "CoTech news <news@example.org>"
	ReplyTo string // "" for From
	Bounces string // the envelope's sender, to which relays return what they cannot deliver; "" for From

	// Unsubscribe returns where the person a post is for can end such mail
	// with one click, an https address of their own; "" if there is none. It
	// is asked at each try, and must give the same answer. A POST there ends
	// it, a GET only shows a button (RFC 8058).
	Unsubscribe func(p bot.Post) string

	Timeout time.Duration // for all of one mail; 5 minutes if 0, for relays think long
	GiveUp  time.Duration // after so long nothing is tried again; 4 days if 0
	Now     func() time.Time
	Log     *slog.Logger
}

// A Transport sends mail.
type Transport struct {
	Options
	from   *mail.Address
	client *gomail.Client
	lines  chan struct{} // as many connections at a time
}

// connections are open at a time; relays shut out who opens many.
const connections = 4

// New returns a transport, or an error if the options cannot be used.
func New(o Options) (*Transport, error) {
	from, err := mail.ParseAddress(o.From)
	if err != nil {
		return nil, fmt.Errorf("mail: sender %q: %w", o.From, err)
	}
	for _, a := range []string{o.ReplyTo, o.Bounces} {
		if _, err := mail.ParseAddress(a); a != "" && err != nil {
			return nil, fmt.Errorf("mail: address %q: %w", a, err)
		}
	}
	o.Timeout = cmp.Or(o.Timeout, 5*time.Minute)
	o.GiveUp = cmp.Or(o.GiveUp, 4*24*time.Hour)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	client, err := newClient(o)
	if err != nil {
		return nil, fmt.Errorf("mail: server %s: %w", o.Host, err)
	}
	return &Transport{Options: o, from: from, client: client, lines: make(chan struct{}, connections)}, nil
}

func newClient(o Options) (*gomail.Client, error) {
	// Our headers are ASCII. A relay told otherwise (SMTPUTF8) would have to
	// return mail to servers that do not know it.
	all := []gomail.Option{gomail.WithTimeout(o.Timeout), gomail.WithoutNoop(), gomail.WithoutSMTPUTF8()}
	switch o.TLS {
	case "on":
		all = append(all, gomail.WithSSL(), gomail.WithPort(cmp.Or(o.Port, 465)))
	case "off":
		all = append(all, gomail.WithTLSPolicy(gomail.NoTLS), gomail.WithPort(cmp.Or(o.Port, 25)))
	case "starttls", "":
		all = append(all, gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithPort(cmp.Or(o.Port, 587)))
	default:
		return nil, fmt.Errorf("TLS %q; want starttls, on or off", o.TLS)
	}
	if o.User != "" {
		auth := gomail.SMTPAuthAutoDiscover
		if o.TLS == "off" {
			auth = gomail.SMTPAuthPlainNoEnc // for a relay on this machine
		}
		all = append(all, gomail.WithSMTPAuth(auth), gomail.WithUsername(o.User), gomail.WithPassword(o.Password))
	}
	return gomail.NewClient(o.Host, all...)
}

// Name implements [bot.Transport].
func (t *Transport) Name() string { return Site }

// Receive implements [bot.Transport]: nothing ever comes.
func (t *Transport) Receive(ctx context.Context, _ string, deliver func(context.Context, bot.Batch) error) error {
	return bot.SendOnly(ctx, deliver)
}

// Send implements [bot.Transport]. The ID is the Message-ID.
func (t *Transport) Send(ctx context.Context, p bot.Post) (string, error) {
	m, id, err := t.message(p)
	if err != nil {
		return "", err
	}
	select {
	case t.lines <- struct{}{}:
		defer func() { <-t.lines }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if err := t.deliver(ctx, m); err != nil && !m.IsDelivered() {
		return "", t.judge(p, err)
	}
	return id, nil
}

// deliver hands one mail to the relay.
func (t *Transport) deliver(ctx context.Context, m *gomail.Msg) error {
	dial, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	relay, err := t.client.DialToSMTPClientWithContext(dial)
	if err != nil {
		return errors.Join(errNoRelay, err)
	}
	defer t.client.CloseWithSMTPClient(relay)
	return t.client.SendWithSMTPClient(relay, m)
}

// errNoRelay: it did not come to the mail.
var errNoRelay = errors.New("the mail server cannot be used")

// Check connects to the relay, logs in and leaves again.
func (t *Transport) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	relay, err := t.client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return t.client.CloseWithSMTPClient(relay)
}
