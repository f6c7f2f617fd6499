package discourse

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
)

type reactorsAnswer struct {
	Reactions *[]struct {
		Emoji string     `json:"id"`
		Count int        `json:"count"`
		Users []ChatUser `json:"users"`
	} `json:"reaction_users"`
}

func (a *reactorsAnswer) ok() bool { return a.Reactions != nil }

type likersAnswer struct {
	Users *[]ChatUser `json:"post_action_users"`
	Total int         `json:"total_rows_post_action_users"` // 0 if all are there
}

func (a *likersAnswer) ok() bool { return a.Users != nil }

// Reactors returns who put which emoji on a post: likes only, as "heart",
// where the forum has no plugin for more. It makes no request for a post
// without any.
func (c *Client) Reactors(ctx context.Context, p Post) ([]Reaction, error) {
	if len(p.Reactions) > 0 {
		var a reactorsAnswer
		if err := c.get(ctx, fmt.Sprintf("list reactions to post %d", p.ID), fmt.Sprintf("discourse-reactions/posts/%d/reactions-users.json", p.ID), nil, &a); err != nil {
			return nil, err
		}
		var all []Reaction
		for _, r := range *a.Reactions {
			all = append(all, Reaction{Emoji: r.Emoji, Count: max(r.Count, len(r.Users)), Users: r.Users})
		}
		return all, nil
	}
	if p.Likes() == 0 {
		return nil, nil
	}
	var a likersAnswer
	q := url.Values{"id": {strconv.FormatInt(p.ID, 10)}, "post_action_type_id": {strconv.Itoa(likeAction)}}
	if err := c.get(ctx, fmt.Sprintf("list likes of post %d", p.ID), "post_action_users.json", q, &a); err != nil {
		return nil, err
	}
	return []Reaction{{Emoji: "heart", Count: max(a.Total, len(*a.Users)), Users: *a.Users}}, nil
}
