package discoursetest

import (
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// The places a post is shown in differ in what they say about it.
type postPlace int

const (
	inList   postPlace = iota // /posts.json and /private-posts.json
	inStream                  // a topic
	alone                     // /posts/ID.json, replies, likes
	written                   // the answer to a new or changed post
)

// showPost returns a post as an account sees it.
func (c *call) showPost(p *Post, place postPlace) obj {
	o := c.postBase(p)
	maps.Copy(o, c.postRights(p))
	t := c.s.Topics[p.TopicID]
	switch place {
	case inList:
		o["topic_title"], o["topic_html_title"] = t.Title, html.EscapeString(t.Title)
		o["category_id"] = orNil(t.CategoryID)
		if c.o.Mode == Newest {
			o["excerpt"], o["truncated"] = excerpt(p.Cooked, 300), len(p.Cooked) > 2000
		} else {
			drop(o, "bookmarked", "badges_granted", "posts_count", "post_url")
		}
	case inStream:
		o["link_counts"], o["read"] = []any{}, true
		drop(o, "posts_count", "post_url", "raw", "badges_granted", "flair_group_id")
		if c.in.flag("include_raw") && c.showsRaw(p) {
			o["raw"] = p.Raw
		}
	case written:
		o["draft_sequence"] = 0
	}
	if c.o.Mode == Old {
		drop(o, "posts_count", "post_url", "badges_granted", "can_see_hidden_post", "flair_group_id")
	}
	if !c.showsRaw(p) {
		delete(o, "raw")
	}
	return o
}

func (c *call) postBase(p *Post) obj {
	u, t := c.s.Users[p.UserID], c.s.Topics[p.TopicID]
	o := obj{
		"id": p.ID, "name": u.Name, "username": u.Username, "avatar_template": avatar(u),
		"created_at": stamp(p.CreatedAt), "cooked": c.cookedFor(p), "raw": p.Raw, "post_number": p.Number,
		"post_type": p.Type, "posts_count": len(c.s.ByTopic[t.ID]), "updated_at": stamp(p.UpdatedAt),
		"reply_count": c.replyCount(p), "reply_to_post_number": orNil(int64(p.ReplyTo)), "quote_count": 0,
		"incoming_link_count": 0, "reads": 1, "readers_count": 0, "score": 0, "yours": u == c.user,
		"topic_id": t.ID, "topic_slug": t.Slug, "display_username": u.Name, "primary_group_name": nil,
		"flair_name": nil, "flair_url": nil, "flair_bg_color": nil, "flair_color": nil, "flair_group_id": nil,
		"badges_granted": []any{}, "version": p.Version, "user_title": orNull(u.Title), "bookmarked": false,
		"moderator": u.Moderator, "admin": u.Admin, "staff": u.staff(), "user_id": u.ID, "hidden": p.Hidden,
		"trust_level": u.TrustLevel, "deleted_at": stampOf(p.DeletedAt), "user_deleted": p.UserDeleted,
		"edit_reason": orNull(p.EditReason), "wiki": p.Wiki, "reviewable_id": 0, "reviewable_score_count": 0,
		"reviewable_score_pending_count": 0, "post_url": c.postPath(p), "actions_summary": c.likes(p),
	}
	if to := c.postAt(t.ID, p.ReplyTo); p.ReplyTo != 0 && to != nil && p.ReplyTo != p.Number-1 {
		o["reply_to_user"] = c.replyTo(to)
	}
	if c.s.Settings.ReactionsEnabled {
		o["reactions"] = c.reactions(p)
	}
	if p.ActionCode != "" {
		o["action_code"] = p.ActionCode
	}
	return o
}

func (c *call) replyTo(to *Post) obj {
	u := c.s.Users[to.UserID]
	o := obj{"id": u.ID, "username": u.Username, "name": u.Name, "avatar_template": avatar(u)}
	if c.o.Mode != Newest {
		delete(o, "id")
	}
	return o
}

func (c *call) postRights(p *Post) obj {
	own := c.user != nil && (c.user.ID == p.UserID || c.user.staff())
	staff := c.user.staff()
	return obj{
		"can_edit": own && p.DeletedAt == nil, "can_delete": own && p.Number > 1, "can_recover": staff && p.DeletedAt != nil || own && p.UserDeleted,
		"can_see_hidden_post": own, "can_wiki": staff, "can_view_edit_history": true,
	}
}

// cookedFor is the text, or what is shown in its place while it is hidden.
func (c *call) cookedFor(p *Post) string {
	if p.Hidden && !c.user.staff() {
		return "<p>This post was flagged by the community and is temporarily hidden.</p>"
	}
	return p.Cooked
}

func (c *call) showsRaw(p *Post) bool {
	return !p.Hidden || c.user.staff() || c.user != nil && c.user.ID == p.UserID
}

func (c *call) likes(p *Post) []obj {
	like := obj{"id": 2}
	if len(p.Likes) > 0 {
		like["count"] = len(p.Likes)
	}
	if c.user == nil {
		return []obj{}
	}
	if at, liked := p.Likes[c.user.ID]; liked {
		like["acted"], like["can_undo"] = true, c.now().Sub(at) < likeUndo
	} else if p.UserID != c.user.ID {
		like["can_act"] = true
	}
	if len(like) == 1 {
		return []obj{}
	}
	return []obj{like}
}

func (c *call) replyCount(p *Post) int { return len(c.repliesTo(p)) }

func (c *call) repliesTo(p *Post) []*Post {
	var out []*Post
	for _, id := range c.s.ByTopic[p.TopicID] {
		if q := c.s.Posts[id]; q.ReplyTo == p.Number && q.ReplyTo != 0 && q.DeletedAt == nil && c.seesPost(c.user, q) {
			out = append(out, q)
		}
	}
	slices.SortFunc(out, func(a, b *Post) int { return a.Number - b.Number })
	return out
}

func (f *Forum) topicPath(t *Topic) string { return fmt.Sprintf("%s/t/%s/%d", f.o.Base, t.Slug, t.ID) }

func (f *Forum) postPath(p *Post) string {
	return fmt.Sprintf("%s/%d", f.topicPath(f.s.Topics[p.TopicID]), p.Number)
}

func avatar(u *User) string {
	return fmt.Sprintf("/letter_avatar_proxy/v4/letter/%s/ac8455/{size}.png", strings.ToLower(u.Username[:1]))
}

// briefUser is how an account is shown beside what it wrote.
func briefUser(u *User) obj {
	return obj{"id": u.ID, "username": u.Username, "name": u.Name, "avatar_template": avatar(u)}
}

// excerpt is the text of cooked HTML, cut at n characters.
func excerpt(cooked string, n int) string {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(cooked))
	if err != nil {
		return ""
	}
	doc.Find("aside.quote").Remove()
	r := []rune(strings.Join(strings.Fields(doc.Text()), " "))
	if len(r) > n {
		return html.EscapeString(string(r[:n])) + "&hellip;"
	}
	return html.EscapeString(string(r))
}

func orNil(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
