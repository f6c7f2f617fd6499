package discoursetest

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// Behaviour 1: keys, names, scopes, and one answer to all that is wrong.
func TestKeysAndScopes(t *testing.T) {
	each(t, func(s *stage) {
		wrong := s.request("ana", "GET", "/session/current.json", nil)
		wrong.Header.Set("Api-Username", "ben")
		name, err := s.do(wrong)
		if err != nil {
			t.Fatal(err)
		}
		s.equal("status of a foreign name", name.status, 403)
		key := s.get("no such key", "/session/current.json").want(403)
		reader := s.Key("wortley", "global:read")
		scope := s.ask(reader, "POST", "/posts.json", obj{"topic_id": 1, "raw": "This is a reply to it."}).want(403)
		s.SetUser("mod", func(u *User) { u.Suspended = true })
		gone := s.get("mod", "/latest.json").want(403)
		for _, other := range []*reply{key, scope, gone} {
			s.equal("answer", string(other.raw), string(name.raw))
		}
		s.equal("kind", name.str("error_type"), "invalid_access")

		s.equal("a single-user key needs no name", s.get(reader, "/session/current.json").want(200).str("current_user.username"), "wortley")
		site := s.SiteKey()
		s.get(site, "/session/current.json").want(403)
		asBen := s.request(site, "GET", "/session/current.json", nil)
		asBen.Header.Set("Api-Username", "ben")
		ben, _ := s.do(asBen)
		s.equal("a site key speaks for anybody", ben.str("current_user.username"), "ben")
		s.Revoke(reader)
		s.get(reader, "/latest.json").want(403)
	})
}

func TestNarrowScopes(t *testing.T) {
	s := set(t, Options{Mode: Newest})
	topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.")
	other := s.NewTopic("ana", s.general.ID, "Who has the drill?", "I need it too.")
	writer := s.Key("wortley", "topics:write="+itoa64(topic.ID), "posts:edit", "chat:create_message")
	s.ask(writer, "POST", "/posts.json", obj{"topic_id": topic.ID, "raw": "Ben has it, as far as I know."}).want(200)
	s.ask(writer, "POST", "/posts.json", obj{"topic_id": other.ID, "raw": "Nobody has it, as far as I know."}).want(403)
	s.get(writer, "/latest.json").want(403)
	scopes := s.get(writer, "/session/scopes.json").want(200)
	s.equal("first scope", scopes.str("scopes.0.resource")+":"+scopes.str("scopes.0.action"), "topics:write")
	s.equal("second scope", scopes.str("scopes.1.resource")+":"+scopes.str("scopes.1.action"), "posts:edit")
}

func TestUserKeys(t *testing.T) {
	s := set(t, Options{Limits: RealLimits()})
	r := s.request("", "GET", "/session/current.json", nil)
	r.Header.Set("User-Api-Key", s.UserKey("ben"))
	for range 20 {
		a, err := s.do(r)
		if err != nil {
			t.Fatal(err)
		}
		s.equal("name", a.want(200).str("current_user.username"), "ben")
	}
	a, err := s.do(r)
	if err != nil {
		t.Fatal(err)
	}
	s.equal("code", a.want(429).header.Get("Discourse-Rate-Limit-Error-Code"), "user_api_key_limiter_60_secs")
	s.get("ana", "/session/current.json").want(200)
}

// A key in the address counts for feeds and nothing else.
func TestKeyInAddress(t *testing.T) {
	each(t, func(s *stage) {
		s.Change(func(set *Settings) { set.LoginRequired = true })
		s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.")
		q := "?api_key=" + s.keys["ana"] + "&api_username=ana"
		s.equal("kind", s.get("", "/latest.json"+q).want(403).str("error_type"), "not_logged_in")
		for _, feed := range []string{"/latest.rss", "/posts.rss", "/c/general/2.rss", "/t/who-has-the-ladder/4.rss"} {
			s.contains(feed, string(s.get("", feed+q).want(200).raw), "Who has the ladder?")
			s.get("", feed).want(403)
		}
	})
}

// Behaviour 2: JSON must be asked for; the forum may live in a folder.
func TestFormat(t *testing.T) {
	s := set(t, Options{Mode: Mid, Base: "/forum"})
	plain := s.request("ana", "GET", "/latest", nil)
	plain.Header.Del("Accept")
	page, err := s.do(plain)
	if err != nil {
		t.Fatal(err)
	}
	s.contains("type", page.header.Get("Content-Type"), "text/html")
	s.contains("page", string(page.raw), "Discourse "+Mid.Version())
	s.get("ana", "/latest").want(200).ids("topic_list.topics")
	plain = s.request("ana", "GET", "/latest.json", nil)
	plain.Header.Del("Accept")
	asked, _ := s.do(plain)
	asked.want(200).ids("topic_list.topics")

	topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "Ask @ben.")
	s.contains("mention", s.Posts(topic.ID)[0].Cooked, `href="/forum/u/ben"`)
	s.contains("redirect", s.get("ana", "/t/-/"+itoa64(topic.ID)+".json").want(301).header.Get("Location"), "/forum/t/who-has-the-ladder/")
	outside, err := http.Get(strings.TrimSuffix(s.URL(), "/forum") + "/latest.json")
	if err != nil {
		t.Fatal(err)
	}
	outside.Body.Close()
	s.equal("outside the folder", outside.StatusCode, 404)
}

func TestBodyOfGet(t *testing.T) {
	each(t, func(s *stage) {
		want := map[Mode]int{Old: 413, Mid: 200, Newest: 200}[s.Mode()]
		s.ask("ana", "GET", "/latest.json", obj{"page": 0}).want(want)
	})
}

// Behaviour 3: read-only mode.
func TestReadOnly(t *testing.T) {
	each(t, func(s *stage) {
		topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.")
		say := obj{"topic_id": topic.ID, "raw": "Ben has it, as far as I know."}
		s.equal("header", s.get("ana", "/latest.json").header.Get("Discourse-Readonly"), "")
		s.ReadOnly(true)
		s.equal("header", s.get("ana", "/latest.json").want(200).header.Get("Discourse-Readonly"), "true")
		a := s.ask("mod", "POST", "/posts.json", say).want(503)
		s.equal("header of a refusal", a.header.Get("Discourse-Readonly"), "true")
		s.equal("kind", a.str("error_type"), "read_only")
		s.ReadOnly(false)
		s.StaffWritesOnly(true)
		s.ask("ana", "POST", "/posts.json", say).want(503)
		s.ask("mod", "POST", "/posts.json", say).want(200)
		s.StaffWritesOnly(false)
		s.equal("posts", len(s.Posts(topic.ID)), 2)
	})
}

// Behaviour 4: the budget of the whole site.
func TestSiteBudget(t *testing.T) {
	s := set(t, Options{Limits: Limits{AdminPerMinute: 60}})
	for i := range 60 {
		s.get([]string{"ana", "ben"}[i%2], "/session/current.json").want(200)
		s.clock.Add(500 * time.Millisecond)
	}
	a := s.get("wortley", "/session/current.json").want(429)
	s.equal("code", a.header.Get("Discourse-Rate-Limit-Error-Code"), "admin_api_key_rate_limit")
	s.equal("Retry-After", a.header.Get("Retry-After"), 30)
	s.equal("wait_seconds", a.num("extras.wait_seconds"), 30)
	s.get("", "/latest.json").want(200) // anonymous visitors have no part in it
	s.clock.Add(30 * time.Second)
	s.get("wortley", "/session/current.json").want(200)
}

func TestAddressLimitIsAggressive(t *testing.T) {
	s := set(t, Options{Limits: Limits{IPPer10s: 2}})
	s.get("", "/latest.json").want(200)
	s.get("", "/latest.json").want(200)
	for range 6 {
		a := s.get("", "/latest.json").want(429)
		s.contains("type", a.header.Get("Content-Type"), "text/plain")
		s.equal("code", a.header.Get("Discourse-Rate-Limit-Error-Code"), "ip_10_secs_limit")
		s.clock.Add(3 * time.Second) // refused requests count, so the door stays shut
	}
	s.clock.Add(10 * time.Second)
	s.get("", "/latest.json").want(200)
}

func TestShapesOf429(t *testing.T) {
	each(t, func(s *stage) {
		shapes := map[string]bool{}
		for _, k := range Limits429 {
			s.FailNext(k, 1)
			a := s.get("ana", "/latest.json").want(429)
			shape := a.header.Get("Content-Type")
			if m, isObject := a.body.(map[string]any); isObject {
				for _, key := range []string{"errors", "failed", "extras"} {
					switch m[key].(type) {
					case string:
						shape += " " + key + " text"
					case nil:
					default:
						shape += " " + key
					}
				}
			}
			shapes[shape+" "+map[bool]string{true: "Retry-After"}[a.header.Get("Retry-After") != ""]+" "+a.header.Get("Discourse-Rate-Limit-Error-Code")] = true
			s.get("ana", "/latest.json").want(200)
		}
		s.equal("different shapes", len(shapes), len(Limits429))
		s.FailNext(Overload, 1)
		over := s.get("", "/latest.json").want(503)
		s.contains("type", over.header.Get("Content-Type"), "text/plain")
		s.equal("Retry-After", over.header.Get("Retry-After"), "")
	})
}
