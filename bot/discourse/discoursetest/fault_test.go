package discoursetest

import (
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

func ladder(s *stage) (Topic, obj) {
	topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.")
	return topic, obj{"topic_id": topic.ID, "raw": "Ben has it, as far as I know."}
}

// Behaviour 5: what goes wrong, and what was done all the same.
func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		kind   Fault
		done   bool // the post is there afterwards
		status int  // 0: no answer
	}{
		{CutBefore, false, 0}, {CutAfter, true, 0}, {Truncated, true, 0}, {Twice, true, 200},
		{ServerError, false, 500}, {BadGateway, false, 502}, {GatewayLate, true, 504}, {Overload, false, 503},
	} {
		each(t, func(s *stage) {
			topic, say := ladder(s)
			s.FailNextOn("POST /posts", tt.kind, 1)
			s.get("wortley", "/latest.json").want(200)
			a, err := s.do(s.request("wortley", "POST", "/posts.json", say))
			if tt.status == 0 != (err != nil) || err == nil && a.status != tt.status {
				t.Errorf("fault %d: answer %v, error %v", tt.kind, a, err)
			}
			s.equal("posts", len(s.Posts(topic.ID)), map[bool]int{false: 1, true: 2}[tt.done])
			s.ask("wortley", "POST", "/posts.json", say).want(200)
			s.equal("posts after the same request again", len(s.Posts(topic.ID)), 2)
		})
	}
}

func TestHanging(t *testing.T) {
	for kind, posts := range map[Fault]int{HangBefore: 1, HangAfter: 2} {
		s := set(t, Options{Mode: Newest})
		topic, say := ladder(s)
		s.FailNext(kind, 1)
		r := s.request("wortley", "POST", "/posts.json", say)
		answered := make(chan error)
		go func() { _, err := s.do(r); answered <- err }()
		for len(s.Requests()) == 0 || len(s.Posts(topic.ID)) < posts {
			runtime.Gosched() // the request is on its way to the forum
		}
		s.Stop()
		if err := <-answered; err == nil {
			t.Errorf("fault %d was answered", kind)
		}
		s.equal("posts", len(s.Posts(topic.ID)), posts)
	}
}

// A retry while the first attempt is still running is not recognised: both
// post. Once the first has finished the same request gets its answer.
func TestStalledAttempt(t *testing.T) {
	s := set(t, Options{Mode: Newest})
	topic, say := ladder(s)
	s.FailNext(Stall, 1)
	first := make(chan int64)
	r := s.request("wortley", "POST", "/posts.json", say)
	go func() {
		a, err := s.do(r)
		if err != nil {
			first <- 0
			return
		}
		first <- int64(a.get("id").(float64))
	}()
	for s.Stalled() == 0 {
		runtime.Gosched()
	}
	second := s.ask("wortley", "POST", "/posts.json", say).want(200).num("id")
	s.equal("released", s.ReleaseStalled(), 1)
	s.holds("two posts of one text", <-first != second)
	s.equal("posts", len(s.Posts(topic.ID)), 3)
	s.ask("wortley", "POST", "/posts.json", say).want(200)
	s.equal("posts after a third attempt", len(s.Posts(topic.ID)), 3)
}

// The answer looks fine and is meant for somebody else.
func TestStrippedKey(t *testing.T) {
	for kind, sign := range map[Fault][2]string{Stripped: {"Set-Cookie", "dosp=1; Path=/"}, LoggedOut: {"Discourse-Logged-Out", "1"}, Cached: {"X-Discourse-Cached", "true"}} {
		each(t, func(s *stage) {
			office := s.NewTopic("mod", 3, "The safe", "The code is 1234.")
			s.equal("seen", s.get("mod", "/posts.json").ids("latest_posts")[0], s.Posts(office.ID)[0].ID)
			s.FailNext(kind, 1)
			a := s.get("mod", "/posts.json").want(200)
			s.equal(sign[0], a.header.Get(sign[0]), sign[1])
			s.holds("private posts are left out", a.ids("latest_posts")[0] != s.Posts(office.ID)[0].ID)
			s.StripKey(true)
			s.get("mod", "/notifications.json").want(403)
			s.get("mod", "/private-posts.json").want(404)
			s.StripKey(false)
			s.equal(sign[0], s.get("mod", "/posts.json").header.Get(sign[0]), "")
		})
	}
}

func TestRestart(t *testing.T) {
	for _, m := range Modes {
		file := filepath.Join(t.TempDir(), "forum.json")
		s := set(t, Options{Mode: m, File: file})
		topic, say := ladder(s)
		id, show := s.SayLate("ben", topic.ID, "I do.")
		s.ask("wortley", "POST", "/posts.json", say).want(200)
		before, url := s.get("wortley", "/posts.json").raw, s.URL()
		if err := s.Restart(); err != nil {
			t.Fatal(err)
		}
		s.equal("address", s.URL(), url)
		s.equal("posts", string(s.get("wortley", "/posts.json").raw), string(before))
		s.clock.Add(time.Minute)
		s.ask("wortley", "POST", "/posts.json", say).want(200)
		s.equal("the answer was remembered", len(s.Posts(topic.ID)), 2)
		show()
		s.get("wortley", "/posts/"+itoa64(id)+".json").want(200)
		s.Stop()

		again, err := Open(Options{Mode: m, File: file, Clock: s.clock.Now, Addr: s.addr})
		if err != nil {
			t.Fatal(err)
		}
		s.Forum = again
		s.equal("posts in the file", len(again.Posts(topic.ID)), 3)
		s.get("wortley", "/posts/"+itoa64(id)+".json").want(200)
		again.Stop()
	}
}
