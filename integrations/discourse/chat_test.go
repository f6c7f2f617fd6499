package discourse

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A room serves the messages of a channel as Chat does, with what happens
// when the message that is paged from has expired or was trashed.
type chatRoom struct {
	ids     []int64 // ascending
	expired map[int64]bool
	trashed map[int64]bool
	pages   int
}

func (r *chatRoom) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.pages++
	q := req.URL.Query()
	if q.Get("page_size") != "50" {
		always(400, `{"errors":["page_size"]}`)(w, req)
		return
	}
	target, err := strconv.ParseInt(q.Get("target_message_id"), 10, 64)
	if err == nil && r.expired[target] {
		always(404, `{}`)(w, req)
		return
	}
	ids, older, newer := r.ids, false, false
	switch {
	case err == nil && q.Get("direction") == "past":
		at, _ := slices.BinarySearch(ids, target)
		ids = ids[:at]
		older, ids = len(ids) > 50, ids[max(len(ids)-50, 0):]
	case err == nil:
		if at, found := slices.BinarySearch(ids, target); !r.trashed[target] {
			if found {
				at++
			}
			ids = ids[at:]
		}
		newer, ids = len(ids) > 50, ids[:min(len(ids), 50)]
	default:
		older, ids = len(ids) > 50, ids[max(len(ids)-50, 0):]
	}
	var items []string
	for _, id := range ids {
		items = append(items, fmt.Sprintf(`{"id":%d,"message":"m%d"}`, id, id))
	}
	always(200, fmt.Sprintf(`{"messages":[%s],"meta":{"can_load_more_past":%v,"can_load_more_future":%v}}`, strings.Join(items, ","), older, newer))(w, req)
}

func chatIDs(messages []ChatMessage) (ids []int64) {
	for _, m := range messages {
		ids = append(ids, m.ID)
	}
	return ids
}

func TestChatSinceMissesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := &chatRoom{expired: map[int64]bool{}, trashed: map[int64]bool{}}
		id := int64(0)
		for range rapid.IntRange(1, 400).Draw(rt, "messages") {
			id += int64(rapid.IntRange(1, 3).Draw(rt, "step"))
			r.ids = append(r.ids, id)
		}
		at := rapid.IntRange(0, len(r.ids)-1).Draw(rt, "read up to")
		after := r.ids[at]
		switch rapid.IntRange(0, 2).Draw(rt, "what became of it") {
		case 1:
			r.expired[after] = true
			r.ids = slices.Delete(slices.Clone(r.ids), at, at+1)
		case 2:
			r.trashed[after] = true
			r.ids = slices.Delete(slices.Clone(r.ids), at, at+1)
		}
		c, _ := open(t, r.ServeHTTP)
		var got []int64
		cursor := after
		pages := rapid.IntRange(1, 10).Draw(rt, "pages")
		for n := 0; ; n++ {
			part, done, err := c.ChatSince(ctx, ChatPlace{3, 0}, cursor, pages)
			if err != nil {
				rt.Fatal(err)
			}
			got = append(got, chatIDs(part)...)
			if len(part) > 0 {
				cursor = part[len(part)-1].ID
			}
			if done {
				break
			}
			if len(part) == 0 {
				pages *= 2 // nothing could be proved in so few
			}
			if n > 20 {
				rt.Fatal("no end")
			}
		}
		want := slices.DeleteFunc(slices.Clone(r.ids), func(id int64) bool { return id <= after })
		if !slices.Equal(got, want) {
			rt.Errorf("after %d: got %v, want %v", after, got, want)
		}
	})
}

func TestChatSinceKeepsWhatIsSure(t *testing.T) {
	r := &chatRoom{}
	for id := int64(1); id <= 200; id++ {
		r.ids = append(r.ids, id)
	}
	c, f := open(t, nil)
	f.serve = func(w http.ResponseWriter, req *http.Request) {
		if len(f.asked) == 3 {
			always(502, "")(w, req)
			return
		}
		r.ServeHTTP(w, req)
	}
	got, done, err := c.ChatSince(ctx, ChatPlace{3, 0}, 10, 0)
	if err != nil || done || len(got) != 100 || got[99].ID != 110 {
		t.Errorf("%d messages, done %v, %v", len(got), done, err)
	}
	f.serve = always(404, `{}`)
	if _, _, err := c.ChatSince(ctx, ChatPlace{3, 0}, 10, 0); !errors.Is(err, ErrNotFound) {
		t.Errorf("not a member: %v", err)
	}
}

func TestFindChat(t *testing.T) {
	at := time.Date(2026, 1, 6, 14, 0, 0, 0, time.UTC)
	c, _ := open(t, always(200, `{"messages":[
		{"id":1,"message":"Done.","created_at":"2026-01-06T13:59:59Z","user":{"username":"wortley"}},
		{"id":2,"message":"Done.\n","created_at":"2026-01-06T14:00:01Z","user":{"username":"Wortley"}},
		{"id":3,"message":"Done.","created_at":"2026-01-06T14:00:02Z","user":{"username":"ana"}},
		{"id":4,"message":"Gone.","created_at":"2026-01-06T14:00:03Z","deleted_at":"2026-01-06T14:00:04Z","user":{"username":"wortley"}}],"meta":{}}`))
	for _, tt := range []struct {
		text  string
		since time.Time
		id    int64
	}{{"Done.", at, 2}, {"Done.", at.Add(time.Hour), 0}, {"Gone.", at, 0}, {"Other.", at, 0}} {
		m, err := c.FindChat(ctx, ChatPlace{3, 0}, tt.text, tt.since)
		if m.ID != tt.id || (tt.id == 0) != errors.Is(err, ErrNotFound) {
			t.Errorf("%q since %v: %d, %v; want %d", tt.text, tt.since, m.ID, err, tt.id)
		}
	}
}
