package discourse

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

// reactions compares the reactions on a message with those that were told,
// by emoji and name, and returns what is new, without its room, and what is
// told now. Where the forum does not name everybody, nobody is taken off.
func reactions(of int64, told map[string]string, list []forum.Reaction, self string, now time.Time) (news []bot.Message, on map[string]string) {
	on = maps.Clone(told)
	there, more := map[string]bool{}, map[string]bool{}
	for _, r := range list {
		more[r.Emoji] = r.Count > len(r.Users)
		for _, u := range r.Users {
			key := r.Emoji + " " + u.Username
			there[key] = true
			if on[key] != "" || strings.EqualFold(u.Username, self) {
				continue
			}
			if on == nil {
				on = map[string]string{}
			}
			on[key] = postID(of) + "-" + short(key) + strconv.FormatInt(now.UnixMilli(), 36)
			news = append(news, bot.Message{ID: on[key], Kind: bot.Reacted, Of: postID(of), Text: emoji(r.Emoji), From: userOf(u), Time: now})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(on)) {
		name, user, _ := strings.Cut(key, " ")
		if there[key] || more[name] {
			continue
		}
		news = append(news, bot.Message{ID: on[key] + "-off", Kind: bot.Deleted, Of: on[key], From: bot.User{ID: user, Name: user}, Time: now})
		delete(on, key)
	}
	return news, on
}

// touched tells of reactions to one of the bot's own posts. Who put them is
// asked for when their number is another.
func (t *Transport) touched(ctx context.Context, batch *bot.Batch, next *position, v *view, p forum.Post) error {
	s := next.Seen[p.ID]
	counts := countsOf(p)
	if counts == s.Counts || !v.mayAsk() {
		return nil
	}
	list, err := t.client.Reactors(ctx, p)
	if errors.Is(err, forum.ErrNotFound) || errors.Is(err, forum.ErrForbidden) {
		list, err = nil, nil // it is not for us to know
	}
	if err != nil {
		return err
	}
	var news []bot.Message
	news, s.On = reactions(p.ID, s.On, list, t.Username, t.Now().UTC())
	for _, m := range news {
		m.Room = t.room(p.TopicID)
		batch.Messages = append(batch.Messages, m)
	}
	s.Counts = counts
	next.Seen[p.ID] = s
	return nil
}

// countsOf tells the reactions to a post apart from others, "" if there are none.
func countsOf(p forum.Post) string {
	var all []string
	for _, r := range p.Reactions {
		all = append(all, fmt.Sprintf("%s%d", r.Emoji, r.Count))
	}
	if n := p.Likes(); n > 0 {
		all = append(all, strconv.Itoa(n))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}
