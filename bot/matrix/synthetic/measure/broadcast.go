package measure

import (
	"context"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot/matrix/synthetic"
)

// reading is how long somebody looks at what the bot asks before they say yes.
const reading = 500 * time.Millisecond

const notice = "The tool library opens on Friday"

// broadcast has the bot say one thing in all rooms, under a limit, and
// perhaps answer commands meanwhile.
func (r *runner) broadcast(ctx context.Context, res *Result) error {
	refused := r.srv.Stats().Refusals
	begun, err := r.order(ctx)
	if err != nil {
		return err
	}
	b := &Broadcast{Rooms: len(r.rooms), Least: max(0, float64(len(r.rooms)-r.sc.LimitBurst)/r.sc.LimitRate)}
	res.Broadcast = b
	err = r.follow(ctx, b, begun)
	if err == nil && r.sc.AskEvery > 0 {
		err = r.settle(ctx)
	}
	b.Refusals = r.srv.Stats().Refusals - refused
	return err
}

// order tells the bot to broadcast, and says yes when it asks, if that is its
// way. The limit begins with the last of these, whose time it returns.
func (r *runner) order(ctx context.Context) (begun time.Time, err error) {
	line := synthetic.Line{Room: r.rooms[0], Sender: synthetic.Person(0), Text: strings.ReplaceAll(r.set.Say, "{text}", notice)}
	if r.set.Confirm == "" {
		r.trouble()
		begun = time.Now()
		r.srv.SayAll([]synthetic.Line{line})
		return begun, nil
	}
	asked, err := r.answerTo(ctx, r.srv.SayAll([]synthetic.Line{line})[0])
	if err != nil {
		return begun, fmt.Errorf("measure: %s does not ask for a confirmation of %q: %w", r.bot.bot.Name, line.Text, err)
	}
	if err := pause(ctx, reading); err != nil {
		return begun, err
	}
	r.trouble()
	begun = time.Now()
	reply := map[string]any{"m.in_reply_to": map[string]string{"event_id": asked.ID}}
	r.srv.Send(asked.Room, line.Sender, "m.room.message", map[string]any{"msgtype": "m.text", "body": r.set.Confirm, "m.relates_to": reply})
	return begun, nil
}

// answerTo waits for the answer to a message.
func (r *runner) answerTo(ctx context.Context, id string) (synthetic.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		for _, a := range r.srv.Answers() {
			if a.To == id {
				return a, nil
			}
		}
		if err := pause(ctx, time.Millisecond); err != nil {
			return synthetic.Answer{}, err
		}
	}
}

// follow watches the rooms until all are reached or nothing has come for long.
func (r *runner) follow(ctx context.Context, b *Broadcast, begun time.Time) error {
	reached := map[string]bool{}
	last, nextAsk := begun, begun
	from := 0
	for {
		var posts []synthetic.Post
		for posts, from = r.srv.Posts(from); len(posts) > 0; posts = posts[1:] {
			if p := posts[0]; strings.Contains(p.Text, notice) {
				if reached[p.Room] {
					b.Twice++
				}
				reached[p.Room] = true
				last = p.At
			}
		}
		b.Reached, b.Seconds = len(reached), last.Sub(begun).Seconds()
		r.shake(b.Reached)
		still := time.Since(last)
		if b.Reached == b.Rooms && still > time.Second || still > r.set.Quiet {
			return nil
		}
		if b.Reached < b.Rooms && r.sc.AskEvery > 0 && !time.Now().Before(nextAsk) {
			r.say(1, 0)
			nextAsk = nextAsk.Add(r.sc.AskEvery)
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
}

// shake ends the bot in the middle of a broadcast, as often as the scenario
// wants it, and starts it again.
func (r *runner) shake(reached int) {
	r.mu.Lock()
	now := r.sc.Ends > r.ends && reached >= r.sc.EndEvery*(r.ends+1) && r.busy == 0
	if now {
		r.ends++
		r.busy++
	}
	r.mu.Unlock()
	if now {
		if !r.sc.Gently {
			r.bot.end(false)
		}
		go r.restart()
	}
}
