package mail

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	gomail "github.com/wneessen/go-mail"
)

// Bounced begins why a mail was given up if the relay said at once that there
// is no such address, so that whoever counts can tell it from other refusals.
const Bounced = "bounced: "

// judge says what a failed try means for the post, in the words of [bot.Transport].
func (t *Transport) judge(p bot.Post, err error) error {
	said := without(err, p.To)
	var s *gomail.SendError
	known := errors.As(err, &s)
	var reason gomail.SendErrReason = gomail.ErrAmbiguous
	if known {
		reason = s.Reason
	}
	switch {
	case errors.Is(err, errNoRelay), reason == gomail.ErrSMTPMailFrom, reason == gomail.ErrConnCheck:
		// The next mail would fare no better.
		t.Log.Warn("the mail server cannot be used", "err", said)
		return &bot.WaitError{For: max(bot.Backoff(p.Tries), time.Minute), All: true}
	case reason == gomail.ErrSMTPRcptTo && s.ErrorCode() >= 500:
		return fmt.Errorf("%s%s (%w)", Bounced, said, bot.ErrNever)
	case s != nil && s.ErrorCode() >= 500:
		return fmt.Errorf("mail: refused: %s (%w)", said, bot.ErrNever)
	case t.Now().Sub(p.Made) > t.GiveUp:
		return fmt.Errorf("mail: not taken for days: %s (%w)", said, bot.ErrNever)
	case reason == gomail.ErrSMTPDataClose && s.ErrorCode() == 0:
		t.Log.Warn("it is unknown whether a mail was taken; it is sent again, and may come twice", "key", p.Key)
		return fmt.Errorf("mail: %s (%w)", said, bot.ErrUnknown)
	}
	return fmt.Errorf("mail: %s", said)
}

// without returns an error's text without the address it is about, which has
// no business in a log.
func without(err error, address string) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	text, _, _ = strings.Cut(text, ", affected ") // go on to name recipient and message
	if address == "" {
		return bot.Clip(text, 300)
	}
	for _, a := range []string{"<" + address + ">", address, strings.ToLower(address)} {
		text = strings.ReplaceAll(text, a, "the address")
	}
	return bot.Clip(text, 300)
}
