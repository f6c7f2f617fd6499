package webhook

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
)

// judge says what an answer means for the post, in the words of [bot.Transport].
func judge(resp *http.Response, answer []byte) error {
	switch code := resp.StatusCode; {
	case code < 300:
		return nil
	case code == http.StatusTooManyRequests:
		return &bot.WaitError{For: waitFor(resp, answer, time.Minute)}
	case code >= 500 && resp.Header.Get("Retry-After") != "":
		return &bot.WaitError{For: waitFor(resp, answer, time.Minute)}
	case code == http.StatusGatewayTimeout:
		return fmt.Errorf("%s (%w)", resp.Status, bot.ErrUnknown)
	case code >= 500, code == http.StatusRequestTimeout:
		return fmt.Errorf("%s: %s", resp.Status, words(answer))
	}
	return fmt.Errorf("%s: %s (%w)", resp.Status, words(answer), bot.ErrNever)
}

// waitFor is how long the place wants to be left alone: by the header in
// seconds or as a date, or in Discord's answer; an hour at most.
func waitFor(resp *http.Response, answer []byte, otherwise time.Duration) time.Duration {
	wait := otherwise
	var body struct {
		After float64 `json:"retry_after"` // seconds
	}
	h := resp.Header.Get("Retry-After")
	if s, err := strconv.ParseFloat(h, 64); err == nil && s >= 0 {
		wait = time.Duration(s * float64(time.Second))
	} else if at, err := http.ParseTime(h); err == nil {
		wait = time.Until(at)
	}
	if json.Unmarshal(answer, &body) == nil && body.After > 0 {
		wait = max(time.Duration(min(body.After, 3600)*float64(time.Second)), 0)
	}
	return min(max(wait, time.Second), time.Hour)
}

// words are the first words of an answer, on one line.
func words(answer []byte) string {
	text := strings.Join(strings.Fields(bot.Printable(strings.ToValidUTF8(string(answer), ""))), " ")
	return bot.Clip(text, 200)
}
