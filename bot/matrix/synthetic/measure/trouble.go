package measure

import (
	"context"
	"fmt"

	"git.coop/cotech/wortley/bot/matrix/synthetic"
)

// trouble makes the troubles of the scenario begin; outages and ends of the
// bot come with the answers.
func (r *runner) trouble() {
	r.srv.BoundSyncs(r.sc.MaxEvents)
	r.srv.LimitTimelines(r.sc.TimelineLimit)
	r.srv.DelaySends(r.sc.SendDelay)
	r.srv.FailShare(synthetic.Sends, r.sc.SendFaults)
	r.srv.FailShare(synthetic.Syncs, r.sc.SyncFaults)
	r.srv.LimitSends(r.sc.LimitRate, r.sc.LimitBurst)
}

// onAnswer is called with each answer before the bot is told that it arrived.
func (r *runner) onAnswer(a synthetic.Answer) {
	outage, end := r.take(a)
	select {
	case r.news <- struct{}{}:
	default:
	}
	if outage {
		go r.outage()
	}
	if end {
		if !r.sc.Gently {
			r.bot.end(false) // now: it will not learn that this answer arrived
		}
		go r.restart()
	}
}

// take notes an answer and says what is to happen now.
func (r *runner) take(a synthetic.Answer) (outage, end bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = a.At
	q := r.asked[a.To]
	if q == nil || q.answered {
		return false, false
	}
	q.answered = true
	r.change.notice(a, q.skill)
	r.count++
	if t := r.sc.Trouble; t.Outages > r.outages && r.count >= t.OutageEvery*(r.outages+1) && r.busy == 0 {
		r.outages++
		r.busy++
		outage = true
	}
	if t := r.sc.Trouble; t.Ends > r.ends && r.count >= t.EndEvery*(r.ends+1) && r.busy == 0 {
		r.ends++
		r.busy++
		end = true
	}
	return outage, end
}

// outage takes the server away for a while.
func (r *runner) outage() {
	r.srv.Down()
	err := pause(context.Background(), r.sc.Away)
	if r.set.Txns == "lost" {
		r.srv.ForgetTxns()
	}
	r.srv.Rewind(r.sc.Rewind)
	if err == nil {
		err = r.srv.Up()
	}
	r.over(err)
}

// restart ends the bot, if it has not been killed, and starts it again.
func (r *runner) restart() {
	r.bot.end(true)
	r.over(r.bot.start())
}

// over ends an outage or a restart.
func (r *runner) over(err error) {
	if err != nil {
		r.fail(fmt.Errorf("measure: %w", err))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy--
}

// fail remembers the first thing that could not be done.
func (r *runner) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure == nil {
		r.failure = err
	}
}
