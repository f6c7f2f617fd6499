package discourse

import (
	"testing"
	"time"

	forum "git.coop/cotech/wortley/integrations/discourse"
)

// TestFloor tries what must not carry the floor over posts that have yet to
// appear: a copy has a new id and the time of what it was copied from.
func TestFloor(t *testing.T) {
	now := time.Date(2026, 1, 6, 14, 0, 0, 0, time.UTC)
	post := func(id int64, ago time.Duration, raw string) forum.Post {
		return forum.Post{ID: id, Username: "ana", Raw: raw, Created: now.Add(-ago)}
	}
	for _, c := range []struct {
		name  string
		posts []forum.Post
		want  int64
	}{
		{"settled", []forum.Post{post(11, 30*time.Minute, "a"), post(12, 20*time.Minute, "b"), post(13, time.Minute, "c")}, 12},
		{"copy of an old post", []forum.Post{post(11, 30*time.Minute, "a"), post(14, 3*time.Hour, "old")}, 11},
		{"copy of a post in sight", []forum.Post{post(11, 30*time.Minute, "a"), post(12, 20*time.Minute, "b"), post(15, 20*time.Minute, "b")}, 12},
		{"after one that has not settled", []forum.Post{post(11, 30*time.Minute, "a"), post(12, time.Minute, "b"), post(13, 20*time.Minute, "imported")}, 11},
		{"dated ahead", []forum.Post{post(11, -time.Hour, "a"), post(12, 20*time.Minute, "b")}, 12},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := position{Floor: 10, Made: now.Add(-time.Hour), Since: now.Add(-24 * time.Hour), At: now.Add(-time.Minute)}.clone()
			v := newView(p, now)
			for _, post := range c.posts {
				v.posts[post.ID] = post
				p.Items[post.ID] = item{Origin: origin(post)}
			}
			if p.advance(v, 100); p.Floor != c.want {
				t.Errorf("the floor is at %d, want %d", p.Floor, c.want)
			}
		})
	}
}
