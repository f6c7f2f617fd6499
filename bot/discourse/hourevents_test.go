package discourse_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"git.coop/cotech/wortley/bot/discourse/discoursetest"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

// happen lets one thing happen.
func (w *world) happen() {
	if len(w.later) > 0 && w.rng.IntN(3) == 0 {
		w.later[0]()
		w.later = w.later[1:]
		return
	}
	all := []func(){w.mention, w.mention, w.newTopic, w.message, w.chat, w.thread, w.late, w.editedIn, w.reply, w.held, w.idle,
		w.change, w.takeBack, w.split, w.move, w.copy, w.restore, w.early, w.rearrange, w.publish, w.trouble, w.trouble}
	all[w.rng.IntN(len(all))]()
}

func (w *world) mention() {
	w.asked(w.f.Say(w.somebody(), w.topic(), "@wortley echo "+w.word(1)).ID)
}

func (w *world) newTopic() {
	k := w.f.NewTopic(w.somebody(), w.general, w.word(1)+" is what this is about", "@wortley echo "+w.lastWord(), "news")
	w.topics = append(w.topics, k.ID)
}

func (w *world) message() {
	if len(w.pms) < 3 {
		w.pms = append(w.pms, w.f.PM(w.somebody(), "About "+w.word(1), "echo "+w.lastWord(), "wortley").ID)
		return
	}
	pm := w.pms[w.rng.IntN(len(w.pms))]
	by := w.f.PostsIn(pm)[0].UserID
	for _, name := range []string{"ana", "ben", "cyn"} {
		if w.f.User(name).ID == by {
			w.asked(w.f.Say(name, pm, "echo "+w.word(1)).ID)
		}
	}
}

func (w *world) chat() { w.f.ChatSay("ana", w.shed, "!echo "+w.word(1)) }

// thread has somebody go on where the bot answered in the channel with threads.
func (w *world) thread() {
	m := w.f.ChatSay("ben", w.threads, "@wortley echo "+w.word(1))
	if w.mode != discoursetest.Old {
		w.later = append(w.later, func() { w.f.ChatReply("ana", m.ID, "!echo "+w.word(1)) })
	}
}

func (w *world) late() {
	_, show := w.f.SayLate(w.somebody(), w.topic(), "@wortley echo "+w.word(0))
	word, begun := w.lastWord(), time.Now()
	w.f.Say(w.somebody(), w.topic(), "Something between the two.")
	w.later = append([]func(){func() {
		show()
		switch late := time.Since(begun) >= 9*time.Minute; {
		case !late:
			w.want[word] = 1
		case w.up.After(begun): // it depends on how long the bot had looked before it was stopped
			w.want[word] = perhaps
		}
	}}, w.later...)
}

// editedIn adds the mention to a post later, sometimes much later.
func (w *world) editedIn() {
	by := w.somebody()
	p := w.f.Say(by, w.topic(), "I have a question, I think.")
	edit := func() { w.f.Edit(by, p.ID, "I have a question: @wortley echo "+w.word(1)) }
	if w.rng.IntN(2) == 0 {
		w.later = append(w.later, edit)
		return
	}
	w.later = append(w.later, w.idle, w.idle, w.idle, w.idle, func() { time.Sleep(12 * time.Minute); edit() })
}

// reply answers one of the bot's posts without a mention.
func (w *world) reply() {
	ours := w.f.PostsBy("wortley")
	if len(ours) == 0 {
		return
	}
	p := ours[len(ours)-1]
	if k := w.f.Topic(p.TopicID); !k.PM && k.DeletedAt == nil && !k.Unlisted && !p.UserDeleted {
		w.f.Reply(w.somebody(), p.TopicID, p.Number, "!echo "+w.word(1))
	}
}

// held is a command that a moderator lets through after a while.
func (w *world) held() {
	c, err := forum.New(forum.Config{URL: w.f.URL(), Writer: forum.NewKey(w.f.Key("mo")), Username: "mo", Transport: w.f.RoundTripper()})
	if err == nil {
		_, err = c.Create(context.Background(), forum.NewPost{TopicID: w.topic(), Raw: "@wortley echo " + w.word(0) + ", if I may ask."})
	}
	if q := w.f.Queue(); len(q) > 0 {
		word := w.lastWord()
		w.later = append(w.later, func() { w.f.Approve(q[len(q)-1].ID); w.want[word] = 1 })
	}
	_ = err // it is held, or the forum is in trouble
}

func (w *world) idle() {}

// some takes one of the posts that were answered, and forgets it.
func (w *world) some() (id int64, word string, ok bool) {
	if len(w.heard) == 0 {
		return 0, "", false
	}
	i := w.rng.IntN(len(w.heard))
	id = w.heard[i]
	w.heard = slices.Delete(w.heard, i, i+1)
	return id, w.words[id], true
}

func (w *world) author(id int64) string {
	for _, name := range []string{"ana", "ben", "cyn"} {
		if w.f.User(name).ID == w.f.Post(id).UserID {
			return name
		}
	}
	return "mo"
}

func (w *world) change() {
	if id, word, ok := w.some(); ok {
		w.want[word] = 0
		w.f.Edit(w.author(id), id, "@wortley echo "+w.word(1))
	}
}

func (w *world) takeBack() {
	if id, word, ok := w.some(); ok {
		w.want[word] = 0
		w.f.TakeBack(id)
	}
}

func (w *world) split() {
	if id, _, ok := w.some(); ok && !w.f.Topic(w.f.Post(id).TopicID).PM {
		w.f.Split(w.events, fmt.Sprintf("Split off number %d of them", id), id)
	}
}

func (w *world) move() {
	if id, _, ok := w.some(); ok && !w.f.Topic(w.f.Post(id).TopicID).PM && w.f.Post(id).Number > 1 {
		w.f.Move(w.topic(), id)
	}
}

func (w *world) copy() {
	if id, _, ok := w.some(); ok && !w.f.Topic(w.f.Post(id).TopicID).PM {
		w.f.Copy(w.topic(), id)
	}
}

// longAgo reports whether the bot has looked for long enough to know that
// what was made then was not there.
func (w *world) longAgo(made time.Time) bool {
	return made.After(w.up) && time.Since(made) > 16*time.Minute
}

// restore brings back a command that the bot never saw, long after.
func (w *world) restore() {
	p := w.f.Say(w.somebody(), w.topic(), "@wortley echo "+w.word(0))
	w.f.Delete(p.ID)
	w.later = append(w.later, w.idle, w.idle, func() {
		if w.longAgo(p.CreatedAt) {
			w.f.Recover(p.ID)
		}
	})
}

// early is a message between others that becomes a public topic.
func (w *world) early() {
	k := w.f.PM("ana", "Between us "+w.word(0), "@wortley echo "+w.lastWord(), "ben")
	w.later = append(w.later, w.idle, w.idle, w.idle, func() {
		if w.longAgo(k.CreatedAt) {
			w.f.MakePublic(k.ID, w.general)
			w.public[k.ID] = true
		}
	})
}

// publish turns a message with the bot into a topic.
func (w *world) publish() {
	if len(w.pms) == 3 {
		w.f.MakePublic(w.pms[0], w.general)
		w.public[w.pms[0]] = true
		w.pms = w.pms[1:]
	}
}

func (w *world) rearrange() {
	k := w.topic()
	switch w.rng.IntN(4) {
	case 0:
		w.f.Retag(k, "a", fmt.Sprint("b", w.rng.IntN(9)))
	case 1:
		w.f.Recategorise(k, w.events)
	case 2:
		w.f.Retitle(k, fmt.Sprintf("Renamed for the %dth time", w.rng.IntN(1e6)))
	case 3:
		w.f.Unlist(k)
		w.later = append(w.later, func() { w.f.Relist(k) })
	}
}

// trouble makes the forum behave badly for a while.
func (w *world) trouble() {
	limits := discoursetest.Limits429
	switch w.rng.IntN(9) {
	case 0:
		w.f.ReadOnly(true)
		w.later = append([]func(){func() { w.f.ReadOnly(false) }}, w.later...)
	case 1:
		w.f.StripKey(true)
		w.later = append([]func(){func() { w.f.StripKey(false) }}, w.later...)
	case 2, 3:
		w.f.FailNext(limits[w.rng.IntN(len(limits))], 1)
	case 4:
		w.f.FailNextOn("GET", []discoursetest.Fault{discoursetest.ServerError, discoursetest.BadGateway, discoursetest.Overload, discoursetest.Truncated,
			discoursetest.CutBefore, discoursetest.HangBefore, discoursetest.LoggedOut, discoursetest.Cached}[w.rng.IntN(8)], 1+w.rng.IntN(3))
	case 5:
		w.f.FailNextOn("POST /posts.json", []discoursetest.Fault{discoursetest.CutBefore, discoursetest.CutAfter, discoursetest.GatewayLate,
			discoursetest.Truncated, discoursetest.HangAfter, discoursetest.Overload}[w.rng.IntN(6)], 1)
	case 6:
		w.f.FailNextOn("POST /chat", []discoursetest.Fault{discoursetest.CutBefore, discoursetest.CutAfter, discoursetest.GatewayLate, discoursetest.Truncated}[w.rng.IntN(4)], 1)
	case 7:
		_ = w.f.Restart()
	case 8:
		if w.mode < discoursetest.Newest && w.rng.IntN(4) == 0 {
			w.mode++
			w.f.SetMode(w.mode)
		}
	}
}
