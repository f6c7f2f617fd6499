package main

import (
	"context"
	"log/slog"
	netmail "net/mail"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/mail"
	"git.coop/cotech/wortley/bot/webhook"
)

// mailSettings say how mail goes out.
type mailSettings struct {
	Host     string `yaml:"host" doc:"The SMTP server that takes the bot's mail and signs it; no mail is sent if it is left out."`
	Port     int    `yaml:"port" default:"587" doc:"Its port."`
	TLS      string `yaml:"tls" default:"starttls" doc:"starttls, on (from the first byte, as on port 465), or off for a server on this machine."`
	User     string `yaml:"user" doc:"The account on that server; none to send without a login."`
	Password string `yaml:"password" secret:"yes" doc:"Its password."`
	From     string `yaml:"from" doc:"Who mail is from, as Network news <news@example.org>."`
	ReplyTo  string `yaml:"reply_to" doc:"Where answers to it go; to the sender if it is left out."`
	Bounces  string `yaml:"bounces" doc:"Where servers return what they cannot deliver; to the sender if it is left out."`
}

func (c *Config) checkMail(note func(bad bool, key, text string)) {
	m := c.Mail
	if m.Host == "" {
		return
	}
	note(m.Port < 1 || m.Port > 65535, "mail.port", "want a port from 1 to 65535")
	note(!oneOf(m.TLS, "starttls", "on", "off"), "mail.tls", "want starttls, on or off")
	note(!isMailAddress(m.From), "mail.from", "want an address, as in Network news <news@example.org>")
	note(m.ReplyTo != "" && !isMailAddress(m.ReplyTo), "mail.reply_to", "want an address")
	note(m.Bounces != "" && !isMailAddress(m.Bounces), "mail.bounces", "want an address")
	note(m.User != "" && m.Password == "", "mail.password", "there is a user, but no password")
}

func isMailAddress(s string) bool {
	_, err := netmail.ParseAddress(s)
	return err == nil
}

// mailer is the transport for mail, nil if none is configured. unsubscribe is
// as in [mail.Options].
func (c *Config) mailer(log *slog.Logger, unsubscribe func(bot.Post) string) (*mail.Transport, error) {
	m := c.Mail
	if m.Host == "" {
		return nil, nil
	}
	t, err := mail.New(mail.Options{Host: m.Host, Port: m.Port, TLS: m.TLS, User: m.User, Password: m.Password,
		From: m.From, ReplyTo: m.ReplyTo, Bounces: m.Bounces, Unsubscribe: unsubscribe, Log: log})
	if err != nil {
		return nil, operatorError{err}
	}
	return t, nil
}

// A Webhook is a channel elsewhere that posts are sent to.
type Webhook struct {
	Kind   string `yaml:"kind" example:"slack" doc:"What lives there: slack, mattermost, rocketchat, discord, or talk for Nextcloud Talk."`
	URL    string `yaml:"url" secret:"yes" example:"https://hooks.example.org/services/abc" doc:"The address of the incoming webhook as that place gave it; for talk that of the conversation, as https://cloud.example.org/call/abcd1234."`
	Secret string `yaml:"secret" secret:"yes" doc:"For talk: the secret with which the bot was installed."`
}

// webhookKey is the group in which webhooks are, each under a name of its own.
const webhookKey = "webhooks."

func (c *Config) checkWebhooks(note func(bad bool, key, text string)) {
	for name, w := range c.Webhooks {
		key := webhookKey + name + "."
		note(!oneOf(w.Kind, webhook.Kinds()...), key+"kind", "want one of "+strings.Join(webhook.Kinds(), ", "))
		note(!isWebAddress(w.URL), key+"url", "want an address that begins with https://")
		note(w.Kind == "talk" && w.Secret == "", key+"secret", "Nextcloud Talk needs the secret with which the bot was installed")
	}
}

// hooks is the transport for webhooks, nil if none is configured.
func (c *Config) hooks(log *slog.Logger) (*webhook.Transport, error) {
	var all []webhook.Hook
	for _, name := range named(c.Webhooks) {
		w := c.Webhooks[name]
		all = append(all, webhook.Hook{Name: name, Kind: w.Kind, URL: w.URL, Secret: w.Secret})
	}
	if len(all) == 0 {
		return nil, nil
	}
	t, err := webhook.New(webhook.Options{Hooks: all, Log: log})
	if err != nil {
		return nil, operatorError{err}
	}
	return t, nil
}

// sendOnly are the transports that only send.
func (c *Config) sendOnly(log *slog.Logger, unsubscribe func(bot.Post) string) (all []bot.Transport, err error) {
	m, err := c.mailer(log, unsubscribe)
	if err != nil {
		return nil, err
	}
	if m != nil {
		all = append(all, m)
	}
	h, err := c.hooks(log)
	if h != nil {
		all = append(all, h)
	}
	return all, err
}

// outgoing checks the mail server and the webhooks, sending nothing.
func (f *findings) outgoing(ctx context.Context, c *Config) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	m, err := c.mailer(slog.New(slog.DiscardHandler), nil)
	switch {
	case err != nil:
		f.lacks("%s", err)
	case m != nil:
		if err := m.Check(ctx); err != nil {
			f.lacks("%s", err)
			break
		}
		f.fine("mail: %s lets the bot in, and it writes as %s", c.Mail.Host, c.Mail.From)
	}
	h, err := c.hooks(slog.New(slog.DiscardHandler))
	if err != nil {
		f.lacks("%s", err)
	}
	if h == nil {
		return
	}
	for _, name := range named(c.Webhooks) {
		if err := h.Reach(ctx, name); err != nil {
			f.lacks("webhook %s: %s", name, err)
			continue
		}
		f.fine("webhook %s: its server answers; only a post shows whether the address is right", name)
	}
}
