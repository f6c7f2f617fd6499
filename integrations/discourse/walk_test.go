package discourse

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A shelf serves a feed as one generation of servers does. Its keys are all
// ids there are; only those with true can be seen by the account.
type shelf struct {
	ids    map[int64]bool
	kind   string // "old", "mid", "new"
	pages  int
	topGap int64 // ids used by others above the highest one
}

func (s *shelf) head() int64 {
	top := int64(0)
	for id := range s.ids {
		top = max(top, id)
	}
	return top + s.topGap
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.pages++
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	limit := before
	switch {
	case err != nil:
		limit = s.head()
	case s.kind == "new":
		limit = before - 1
	}
	var page []int64
	for id, visible := range s.ids {
		if visible && id <= limit && (s.kind != "old" || id > limit-50) {
			page = append(page, id)
		}
	}
	slices.Sort(page)
	slices.Reverse(page)
	page = page[:min(len(page), 50)]
	var items []string
	for _, id := range page {
		items = append(items, fmt.Sprintf(`{"id":%d,"topic_id":1,"raw":"post %d"}`, id, id))
	}
	always(200, `{"latest_posts":[`+strings.Join(items, ",")+`]}`)(w, r)
}

func above(ids map[int64]bool, floor int64) []int64 {
	var want []int64
	for id, visible := range ids {
		if visible && id > floor {
			want = append(want, id)
		}
	}
	slices.Sort(want)
	return want
}

func idsOf(posts []Post) []int64 {
	var ids []int64
	for _, p := range posts {
		ids = append(ids, p.ID)
	}
	return ids
}

// No post is missed on any server, however its ids lie and however few pages
// are read at a time.
func TestWalkMissesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := &shelf{ids: map[int64]bool{}, kind: rapid.SampledFrom([]string{"old", "mid", "new"}).Draw(rt, "server")}
		id := int64(0)
		for range rapid.IntRange(0, 12).Draw(rt, "runs") { // runs of posts, and stretches without any
			n := rapid.IntRange(1, 160).Draw(rt, "length")
			visible := rapid.Bool().Draw(rt, "visible")
			for range n {
				id += int64(rapid.IntRange(1, 2).Draw(rt, "step"))
				s.ids[id] = visible
			}
		}
		s.ids[id+1] = true
		floor := int64(rapid.IntRange(0, int(id)).Draw(rt, "floor"))
		c, _ := open(t, s.ServeHTTP)
		windows := s.kind == "old" || rapid.Bool().Draw(rt, "unsure")
		pages := rapid.IntRange(1, 5).Draw(rt, "pages")
		var got []int64
		from := int64(0)
		for n := 0; ; n++ {
			part, err := c.Walk(ctx, Walk{Feed: Public, From: from, Floor: floor, Pages: pages, Windows: windows})
			if err != nil {
				rt.Fatal(err)
			}
			got = append(got, idsOf(part.Posts)...)
			if part.Done {
				break
			}
			if n > 200 {
				rt.Fatalf("no end: lowest %d, floor %d, server %s", part.Lowest, floor, s.kind)
			}
			from = part.Lowest
		}
		slices.Sort(got)
		got = slices.Compact(got)
		if want := above(s.ids, floor); !slices.Equal(got, want) {
			rt.Errorf("%s server, floor %d: got %v, want %v", s.kind, floor, got, want)
		}
	})
}

func TestWalkIsCheapWhenNothingIsNew(t *testing.T) {
	for _, kind := range []string{"old", "mid", "new"} {
		s := &shelf{ids: map[int64]bool{}, kind: kind}
		for id := int64(1); id <= 300; id++ {
			s.ids[id] = true
		}
		c, _ := open(t, s.ServeHTTP)
		part, err := c.Walk(ctx, Walk{Feed: Public, Floor: 290, Windows: kind == "old"})
		if err != nil || s.pages != 1 || !part.Done || part.Highest != 300 || len(part.Posts) != 10 || part.Posts[0].ID != 291 {
			t.Errorf("%s: %d pages, %+v, %v", kind, s.pages, part, err)
		}
	}
}

func TestWalkWhereTheHeadCannotBeSeen(t *testing.T) {
	s := &shelf{ids: map[int64]bool{100: true, 130: true, 160: true}, kind: "old", topGap: 80}
	c, _ := open(t, s.ServeHTTP)
	part, err := c.Walk(ctx, Walk{Feed: Public, Floor: 100, Windows: true})
	if err != nil || !part.Blind || len(part.Posts) != 0 {
		t.Errorf("without a hint: %+v, %v", part, err)
	}
	part, err = c.Walk(ctx, Walk{Feed: Public, Floor: 100, Windows: true, Top: 170})
	if err != nil || !part.Blind || !part.Done || !slices.Equal(idsOf(part.Posts), []int64{130, 160}) {
		t.Errorf("with a hint: %v, %+v, %v", idsOf(part.Posts), part, err)
	}
	s = &shelf{ids: map[int64]bool{}, kind: "new"}
	c, _ = open(t, s.ServeHTTP)
	if part, err = c.Walk(ctx, Walk{Feed: Public}); err != nil || part.Blind || !part.Done {
		t.Errorf("an empty forum: %+v, %v", part, err)
	}
}

func TestWalkProvesNothingAfterAnError(t *testing.T) {
	s := &shelf{ids: map[int64]bool{}, kind: "new"}
	for id := int64(1); id <= 300; id++ {
		s.ids[id] = true
	}
	c, f := open(t, nil)
	f.serve = func(w http.ResponseWriter, r *http.Request) {
		if len(f.asked) > 1 {
			w.Header().Set("Set-Cookie", "dosp=1")
		}
		s.ServeHTTP(w, r)
	}
	if part, err := c.Walk(ctx, Walk{Feed: Public, Floor: 10}); err == nil || part.Posts != nil || part.Done || part.Lowest != 0 {
		t.Errorf("%+v, %v", part, err)
	}
}

func TestGenerations(t *testing.T) {
	for _, tt := range []struct {
		kind, version, tags, want string
		status                    int
	}{
		{"old", "3.1.0.beta2", "tags-old.json", "old", 200},
		{"mid", "3.5.0", "tags-old.json", "old", 200}, // no gaps in its ids: cannot be told from an old one
		{"mid with gaps", "3.5.0", "tags-old.json", "mid", 200},
		{"new", "3.5.0", "tags-old.json", "mid", 200},
		{"new", "2026.8.0", "tags.json", "new", 200},
		{"new", "2026.8.0", "", "new", 404}, // tagging is off
		{"new", "2026.1.0", "", "mid", 404},
		{"new", "", "", "mid", 404},
	} {
		s := &shelf{ids: map[int64]bool{}, kind: tt.kind}
		for id := int64(1); id <= 60; id++ {
			s.ids[id] = true
		}
		if s.kind == "mid with gaps" {
			s.ids[30] = false
		}
		c, _ := open(t, func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/about.json":
				always(200, `{"about":{"title":"Hub","version":"`+tt.version+`"}}`)(w, r)
			case "/tags.json":
				body := "{}"
				if tt.tags != "" {
					body = recorded(t, tt.tags)
				}
				always(tt.status, body)(w, r)
			case "/posts.json":
				s.ServeHTTP(w, r)
			case "/posts/60.json":
				always(200, `{"id":60,"topic_id":1}`)(w, r)
			default:
				always(404, `{}`)(w, r)
			}
		})
		g, err := c.Generation(ctx)
		if err != nil || g.String() != tt.want || g.Version != tt.version {
			t.Errorf("%s %s: %+v is %s, want %s; %v", tt.kind, tt.version, g, g, tt.want, err)
		}
	}
}

// A post deleted between the two requests of the probe is no proof.
func TestGenerationIsNotFooledByADeletion(t *testing.T) {
	s := &shelf{ids: map[int64]bool{1: true, 2: true}, kind: "old"}
	c, _ := open(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/posts.json" {
			always(404, `{}`)(w, r)
			return
		}
		s.ServeHTTP(w, r)
		s.ids[2] = false
	})
	if g, err := c.Generation(ctx); err != nil || !g.Windows {
		t.Errorf("%+v, %v", g, err)
	}
}
