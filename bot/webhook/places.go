package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/markdown"
)

// A place is a kind of hook.
type place struct {
	check func(h Hook) error
	call  func(h Hook, p bot.Post) (call, error)
	id    func(answer []byte) string // the message's ID; nil where none is told
}

var places = map[string]place{
	"slack":      {call: slack},
	"mattermost": {call: mattermost},
	"rocketchat": {call: rocketChat},
	"discord":    {call: discord, id: discordID},
	"talk":       {call: talk, check: func(h Hook) error { _, err := talkAddress(h); return err }},
}

// Kinds returns what a [Hook] can be.
func Kinds() []string { return slices.Sorted(maps.Keys(places)) }

var errTakeBack = fmt.Errorf("what was said through a hook cannot be taken back there (%w)", bot.ErrNever)

// sayable refuses what only people's clients can do.
func sayable(p bot.Post) error {
	switch p.Kind {
	case bot.Withdraw, bot.React:
		return errTakeBack
	}
	return nil
}

// written is a post as Markdown, with its title above it.
func written(p bot.Post, correction bool) string {
	text := p.Text
	if p.Title != "" {
		text = "**" + bot.Plain(p.Title) + "**\n\n" + text
	}
	if correction && p.Kind == bot.Edit {
		text = "*Correction:* " + text
	}
	if p.File != nil {
		text += "\n\n(With a file that cannot be sent here: " + bot.Plain(p.File.Name) + ".)"
	}
	return text
}

// The limits of the places, in letters.
const (
	slackMost      = 40000
	mattermostMost = 16383
	rocketMost     = 5000
	discordMost    = 2000
	discordEmbeds  = 4096
	talkMost       = 32000
)

// fit shortens a text at the end of a line, and says so.
func fit(text string, most int) string {
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	const note = "\n… (shortened: too long for this place)"
	cut := string(r[:most-len([]rune(note))])
	if i := strings.LastIndexByte(cut, '\n'); i > len(cut)/2 {
		cut = cut[:i]
	}
	return cut + note
}

// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
func slack(h Hook, p bot.Post) (call, error) {
	return call{method: http.MethodPost, url: h.URL, body: map[string]any{
		"text": fit(markdown.Slack(written(p, true)), slackMost), "mrkdwn": true, "unfurl_links": false, "unfurl_media": false,
	}}, sayable(p)
}

// https://developers.mattermost.com/integrate/webhooks/incoming
func mattermost(h Hook, p bot.Post) (call, error) {
	return call{method: http.MethodPost, url: h.URL, body: map[string]any{"text": fit(hushed(written(p, true)), mattermostMost)}}, sayable(p)
}

// https://docs.rocket.chat/docs/integrations
func rocketChat(h Hook, p bot.Post) (call, error) {
	return call{method: http.MethodPost, url: h.URL, body: map[string]any{"text": fit(hushed(written(p, true)), rocketMost)}}, sayable(p)
}

// https://docs.discord.com/developers/resources/webhook
func discord(h Hook, p bot.Post) (call, error) {
	u, err := url.Parse(h.URL)
	if err != nil {
		return call{}, bot.ErrNever
	}
	c := call{method: http.MethodPost}
	q := u.Query()
	switch {
	case p.Kind == bot.React:
		return call{}, errTakeBack
	case p.Kind == bot.Edit || p.Kind == bot.Withdraw:
		c.method = map[bot.PostKind]string{bot.Edit: http.MethodPatch, bot.Withdraw: http.MethodDelete}[p.Kind]
		u = u.JoinPath("messages", p.OfID)
	default:
		q.Set("wait", "true") // it is answered with the message, and refusals are told
	}
	u.RawQuery = q.Encode()
	c.url = u.String()
	if p.Kind != bot.Withdraw {
		c.body = discordBody(hushed(written(p, false)))
	}
	return c, nil
}

// discordBody puts a long text below the message, where there is more room.
func discordBody(text string) map[string]any {
	body := map[string]any{"content": text, "embeds": []any{}, "allowed_mentions": map[string]any{"parse": []string{}},
		"flags": 1 << 2} // no previews of links
	if len([]rune(text)) > discordMost {
		body["content"], body["flags"] = "", 0
		body["embeds"] = []any{map[string]any{"description": fit(text, discordEmbeds)}}
	}
	return body
}

func discordID(answer []byte) string {
	var m struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(answer, &m) // an answer without one is as good as none
	return m.ID
}

// talkAddress turns https://cloud.example/call/<token> into where bots post.
func talkAddress(h Hook) (string, error) {
	u, err := url.Parse(h.URL)
	if err != nil {
		return "", errors.New("want the address of the conversation")
	}
	dir, token := path.Split(strings.TrimRight(u.Path, "/"))
	base, ok := strings.CutSuffix(strings.TrimRight(dir, "/"), "/call")
	if !ok || token == "" {
		return "", errors.New("want the address of the conversation, as in https://cloud.example/call/<token>")
	}
	u.Path, u.RawQuery, u.Fragment = strings.TrimSuffix(base, "/index.php")+"/ocs/v2.php/apps/spreed/api/v1/bot/"+token+"/message", "", ""
	return u.String(), nil
}

// https://nextcloud-talk.readthedocs.io/en/latest/bots/#sending-a-chat-message
func talk(h Hook, p bot.Post) (call, error) {
	to, err := talkAddress(h)
	if err != nil {
		return call{}, err
	}
	text := fit(hushed(written(p, true)), talkMost)
	reference := sha256.Sum256([]byte(p.Key))
	// The random part is new for each key, and the same at each try.
	random := sha256.Sum256([]byte("random/" + h.Secret + "/" + p.Key))
	nonce := hex.EncodeToString(random[:])
	mac := hmac.New(sha256.New, []byte(h.Secret))
	mac.Write([]byte(nonce + text))
	return call{method: http.MethodPost, url: to, header: map[string]string{
		"OCS-APIRequest": "true", "X-Nextcloud-Talk-Bot-Random": nonce, "X-Nextcloud-Talk-Bot-Signature": hex.EncodeToString(mac.Sum(nil)),
	}, body: map[string]any{"message": text, "referenceId": hex.EncodeToString(reference[:]), "silent": true}}, sayable(p)
}

// joiner after an @ keeps it from ringing, and is not seen.
const joiner = "\u200d"

// hushed makes names with an @ ring for nobody. Addresses of mail are left.
func hushed(text string) string {
	var b strings.Builder
	last := ' '
	for _, r := range text {
		b.WriteRune(r)
		if r == '@' && !(last == '_' || last >= '0' && last <= '9' || last >= 'a' && last <= 'z' || last >= 'A' && last <= 'Z') {
			b.WriteString(joiner)
		}
		last = r
	}
	return b.String()
}
