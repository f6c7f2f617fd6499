package news

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// How long an address may wait for its confirmation, after how long it may be
// asked again, and how many may wait at once: nobody is flooded with our mail.
const (
	confirmFor = 7 * 24 * time.Hour
	askAgain   = 24 * time.Hour
	maxAsked   = 60 // an hour
)

const subscribeKind = "news.subscribe"

// mail is `!news mail …`: getting the newsletter by mail, and ending that.
func (d *desk) mail(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if !d.Mail {
		return bot.Reply{}, bot.Errorf("I cannot send mail here. `!news here` brings the newsletter to a room.")
	}
	if !c.Direct {
		return bot.Reply{}, bot.Errorf("A mail address is nobody else's business: please say that to me directly.")
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(c.Args), " ")
	switch {
	case word == "":
		return d.subscriptions(ctx, person)
	case strings.EqualFold(word, "stop"):
		return d.stopMail(ctx, person)
	case strings.EqualFold(word, "code"):
		return d.confirmCode(ctx, person, strings.TrimSpace(rest), c.Now)
	}
	address, ok := readAddress(c.Args)
	if !ok {
		return bot.Reply{}, bot.Errorf("That is no mail address that I can use. Try `!news mail ana@example.org`.")
	}
	sent, err := d.subscribe(ctx, address, person, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	if !sent {
		return bot.Reply{Text: "I wrote to that address not long ago, or it gets the newsletter already. `!news mail` says which of yours do."}, nil
	}
	return bot.Reply{Text: fmt.Sprintf("I have written to %s. Please confirm with the link or the code in that mail, so that nobody else can sign you up.", bot.Plain(address))}, nil
}

func (d *desk) subscriptions(ctx context.Context, person int64) (bot.Reply, error) {
	all, err := d.db.SubscriptionsOf(ctx, person)
	if err != nil {
		return bot.Reply{}, err
	}
	var lines []string
	for _, s := range all {
		state := "gets the newsletter"
		if s.State == "asked" {
			state = "waits for your confirmation"
		}
		lines = append(lines, bot.Plain(s.Address)+" "+state)
	}
	if len(lines) == 0 {
		return bot.Reply{}, bot.Errorf("You get nothing by mail. `!news mail ana@example.org` changes that; I write to that address first.")
	}
	return bot.Reply{Text: strings.Join(lines, "; ") + ". `!news mail stop` ends it."}, nil
}

func (d *desk) stopMail(ctx context.Context, person int64) (bot.Reply, error) {
	all, err := d.db.SubscriptionsOf(ctx, person)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, s := range all {
		if err := d.db.DropSubscriber(ctx, s.ID); err != nil {
			return bot.Reply{}, err
		}
	}
	if len(all) == 0 {
		return bot.Reply{Text: "You get nothing by mail, as far as I know. Every newsletter that comes by mail has a link in it that ends it."}, nil
	}
	return bot.Reply{Text: "Done: no more newsletters by mail, and I have forgotten the address."}, nil
}

func (d *desk) confirmCode(ctx context.Context, person int64, code string, now time.Time) (bot.Reply, error) {
	all, err := d.db.SubscriptionsOf(ctx, person)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, s := range all {
		if s.State == "asked" && strings.EqualFold(codeOf(s), code) {
			return bot.Reply{Text: fmt.Sprintf("Thank you. %s gets the newsletter from now on.", bot.Plain(s.Address))}, d.confirmed(ctx, s, now)
		}
	}
	return bot.Reply{}, bot.Errorf("I do not know that code. It stands in the mail that I sent you; `!news mail <address>` sends a new one after a day.")
}

// codeOf is what people type who do not follow the link.
func codeOf(s storage.Subscriber) string { return s.Token[:8] }

// readAddress reads one bare mail address.
func readAddress(text string) (string, bool) {
	text = strings.TrimSpace(bot.Printable(text))
	a, err := mail.ParseAddress(text)
	if err != nil || len(a.Address) > 254 || a.Address != strings.Trim(text, "<>") || strings.ContainsAny(a.Address, " \"") {
		return "", false
	}
	_, domain, _ := strings.Cut(a.Address, "@")
	return a.Address, strings.Contains(domain, ".") && !strings.HasPrefix(domain, "[")
}

// subscribe writes an address down and promises the mail that asks it. It
// reports whether there is one to send.
func (d *desk) subscribe(ctx context.Context, address string, person int64, now time.Time) (bool, error) {
	if err := d.db.DropUnconfirmed(ctx, now.Add(-confirmFor)); err != nil {
		return false, err
	}
	s, known, err := d.db.SubscriberAt(ctx, address)
	if err != nil {
		return false, err
	}
	if known && (s.State == "confirmed" || now.Sub(s.Asked) < askAgain) {
		return false, nil
	}
	if n, err := d.db.AskedSince(ctx, now.Add(-time.Hour)); err != nil || n >= maxAsked {
		return false, err
	}
	if !known {
		s = storage.Subscriber{Address: address, Token: d.token()}
	}
	s.State, s.Asked, s.Person = "asked", now, person
	if err := d.db.SaveSubscriber(ctx, s); err != nil {
		return false, err
	}
	if s, _, err = d.db.SubscriberAt(ctx, address); err != nil {
		return false, err
	}
	return true, d.db.Promise(ctx, subscribeKind, strconv.FormatInt(s.ID, 10), now)
}

// askAddress is the mail that asks an address whether it wants the newsletter.
func (d *desk) askAddress(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	id, err := strconv.ParseInt(due.Ref, 10, 64)
	if err != nil {
		return nil, time.Time{}, err
	}
	s, ok, err := d.db.Subscriber(ctx, id)
	if err != nil || !ok || s.State != "asked" {
		return nil, time.Time{}, err
	}
	how := ""
	if d.BaseURL != "" {
		how = fmt.Sprintf("If that was you, please confirm it here: <%s/newsletter/confirm/%s>", d.BaseURL, s.Token)
	}
	if s.Person != 0 {
		if how != "" {
			how += "\n\nOr tell me so in the chat"
		} else {
			how = "If that was you, please tell me so in the chat"
		}
		how += fmt.Sprintf(", in a direct message: `!news mail code %s`", codeOf(s))
	}
	text := fmt.Sprintf("Somebody, probably you, would like this address to get the %s.\n\n%s\n\nIf it was not you, do nothing: nothing more will come.", bot.Plain(d.Title), how)
	return []bot.Post{{Key: fmt.Sprintf("news/subscribe/%d/%d", s.ID, s.Asked.Unix()), Room: bot.Room{Site: "mail"}, To: s.Address, Rank: bot.Answer,
		Title: "Please confirm: " + d.Title, Text: text, Why: "Somebody asked for the newsletter by mail."}}, time.Time{}, nil
}

func (d *desk) confirmed(ctx context.Context, s storage.Subscriber, now time.Time) error {
	s.State, s.Since, s.Bounces = "confirmed", now, 0
	return d.db.SaveSubscriber(ctx, s)
}

// token is what stands in the links of an address's mails.
func (d *desk) token() string {
	if d.Token != nil {
		return d.Token()
	}
	return strings.ToLower(rand.Text())
}

// subscribePage takes an address from the form. Its answer is the same
// whether or not the address is known.
func (d *desk) subscribePage(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, 4096)
	address, ok := readAddress(r.PostFormValue("address"))
	if !ok || !d.Mail {
		return note(w, http.StatusBadRequest, shownNote{Title: "That did not work", Text: "That is no mail address that can be used here. Please go back and try again."})
	}
	err := d.db.Do(r.Context(), func(ctx context.Context) error {
		_, err := d.subscribe(ctx, address, 0, time.Now())
		return err
	})
	if err != nil {
		return err
	}
	return note(w, http.StatusOK, shownNote{Title: "One more step", Text: "If that address does not get the newsletter yet, a mail is on its way to it. Please follow the link in it."})
}

// holder finds whose token it is, or says that it is nobody's.
func (d *desk) holder(w http.ResponseWriter, r *http.Request) (storage.Subscriber, bool, error) {
	s, ok, err := d.db.SubscriberBy(r.Context(), r.PathValue("token"))
	if err == nil && !ok {
		err = note(w, http.StatusNotFound, shownNote{Title: "This link no longer works", Text: "The address has been taken off already, or the link is not complete."})
	}
	return s, ok, err
}

// askConfirm shows a button: a program that follows links confirms nothing.
func (d *desk) askConfirm(w http.ResponseWriter, r *http.Request) error {
	s, ok, err := d.holder(w, r)
	if err != nil || !ok {
		return err
	}
	return note(w, http.StatusOK, shownNote{Title: d.Title + " by mail", Text: "Shall " + s.Address + " get it?", Action: "/newsletter/confirm/" + s.Token, Button: "Yes, send it to me"})
}

func (d *desk) confirmPage(w http.ResponseWriter, r *http.Request) error {
	s, ok, err := d.holder(w, r)
	if err != nil || !ok {
		return err
	}
	if s.State != "confirmed" {
		if err := d.confirmed(r.Context(), s, time.Now()); err != nil {
			return err
		}
	}
	return note(w, http.StatusOK, shownNote{Title: "Thank you", Text: s.Address + " gets the next newsletter. Each one has a link that ends it."})
}

// askLeave shows a button: RFC 8058 wants that a GET changes nothing.
func (d *desk) askLeave(w http.ResponseWriter, r *http.Request) error {
	s, ok, err := d.holder(w, r)
	if err != nil || !ok {
		return err
	}
	return note(w, http.StatusOK, shownNote{Title: "No more newsletters?", Text: s.Address + " would get no more newsletters, and would be forgotten here.",
		Action: "/newsletter/leave/" + s.Token, Button: "Take me off the list"})
}

// leavePage takes an address off, from the button or with one click in a
// mail program. Again is no mistake.
func (d *desk) leavePage(w http.ResponseWriter, r *http.Request) error {
	s, ok, err := d.db.SubscriberBy(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	if ok {
		if err := d.db.LeaveSubscriber(r.Context(), s); err != nil {
			return err
		}
	} else if left, err := d.db.HasLeft(r.Context(), r.PathValue("token")); err != nil || !left {
		if err != nil {
			return err
		}
		return note(w, http.StatusNotFound, shownNote{Title: "This link does not work", Text: "Nobody here has this link. Perhaps it is not complete."})
	}
	return note(w, http.StatusOK, shownNote{Title: "Done", Text: "You get no more newsletters by mail, and the address is forgotten here."})
}
