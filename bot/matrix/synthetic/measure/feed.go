package measure

import (
	"context"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot/matrix/synthetic"
)

// say says commands all at once, among as much chatter, and remembers them.
// It returns the event id of the last command.
func (r *runner) say(commands, chatter int) string {
	var lines []synthetic.Line
	var skills []string // "" for chatter
	total := commands + chatter
	for i := range total {
		skill := ""
		text := "I will bring the ladder on Thursday, unless it rains"
		if i*commands/total != (i+1)*commands/total { // evenly spread
			skill = r.skill()
			text = r.command(skill)
		}
		n := (len(r.ids) + i) % len(r.rooms)
		lines = append(lines, synthetic.Line{Room: r.rooms[n], Sender: synthetic.Person(n + i/len(r.rooms)%5), Text: text})
		skills = append(skills, skill)
	}
	r.mu.Lock() // an answer may come before SayAll returns
	defer r.mu.Unlock()
	r.last = time.Now()
	var last string
	for i, id := range r.srv.SayAll(lines) {
		if skills[i] == "" {
			continue
		}
		r.asked[id] = &question{skill: skills[i]}
		r.ids = append(r.ids, id)
		last = id
	}
	return last
}

// skill draws what is asked about: all the same while a change is awaited.
func (r *runner) skill() string {
	if r.change.waiting() {
		return r.set.Directory.Skills[0]
	}
	return r.set.Directory.Skills[r.random.IntN(len(r.set.Directory.Skills))]
}

// forget begins a new list of questions.
func (r *runner) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked, r.ids, r.count, r.last = map[string]*question{}, nil, 0, time.Now()
}

func (r *runner) answered() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count
}

// askAndWait says one command and waits for its answer.
func (r *runner) askAndWait(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	id := r.say(1, 0)
	for {
		r.mu.Lock()
		done := r.asked[id].answered
		r.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-r.news:
		case <-ctx.Done():
			return fmt.Errorf("no answer within %v", limit)
		}
	}
}

// feed says the commands of the scenario in its way.
func (r *runner) feed(ctx context.Context) error {
	switch r.sc.Feed {
	case AtOnce:
		r.say(r.sc.Commands, r.sc.Chatter)
	case Paced:
		return r.pace(ctx)
	default:
		for range r.sc.Commands {
			if r.askAndWait(ctx, r.set.Quiet) != nil && ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return nil
}

// pace says so many commands a second, whether or not they are answered.
func (r *runner) pace(ctx context.Context) error {
	begun := time.Now()
	for said := 0; said < r.sc.Commands; {
		due := min(r.sc.Commands, int(time.Since(begun).Seconds()*r.sc.Rate)+1)
		for ; said < due; said++ {
			if r.sc.Change && said == r.sc.Commands/2 {
				r.changeDirectory(ctx)
			}
			r.say(1, 0)
		}
		if err := pause(ctx, time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// settle returns when all is answered and has stayed so for a while, or when
// nothing has been answered for long.
func (r *runner) settle(ctx context.Context) error {
	after := time.Second // for answers that come twice
	if r.sc.Ends > 0 || r.sc.Outages > 0 {
		after = 3 * time.Second
	}
	for {
		r.mu.Lock()
		still := time.Since(r.last)
		all, busy := r.count == len(r.ids), r.busy > 0
		r.mu.Unlock()
		if !busy && (still > r.set.Quiet || all && still > after) {
			return nil
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}
