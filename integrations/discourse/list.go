package discourse

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// escape makes one segment of a path.
func escape(s string) string { return url.PathEscape(s) }

// A Listing is which part of a list of topics is wanted.
type Listing struct {
	Page        int     // from 0
	PerPage     int     // 1 to 100; the server's 30 if 0
	Order       string  // "activity", "created"; the server's own if ""
	TopicIDs    []int64 // only these, up to the size of a page
	WithoutSubs bool    // of a category: without its subcategories
}

func (l Listing) query() url.Values {
	q := url.Values{}
	if l.Page > 0 {
		q.Set("page", strconv.Itoa(l.Page))
	}
	if l.PerPage > 0 {
		q.Set("per_page", strconv.Itoa(l.PerPage))
	}
	if l.Order != "" {
		q.Set("order", l.Order)
	}
	if l.WithoutSubs {
		q.Set("no_subcategories", "true")
	}
	if len(l.TopicIDs) > 0 {
		ids := make([]string, len(l.TopicIDs))
		for i, id := range l.TopicIDs {
			ids[i] = strconv.FormatInt(id, 10)
		}
		q.Set("topic_ids", strings.Join(ids, ","))
	}
	return q
}

// A TopicList is a page of topics. Pinned ones come first.
type TopicList struct {
	Topics []Topic
	More   bool // there is another page
}

type listAnswer struct {
	TopicList *struct {
		Topics []Topic `json:"topics"`
		More   string  `json:"more_topics_url"`
	} `json:"topic_list"`
}

func (a *listAnswer) ok() bool {
	if a.TopicList == nil {
		return false
	}
	for _, t := range a.TopicList.Topics {
		if t.ID <= 0 {
			return false
		}
	}
	return true
}

func (c *Client) list(ctx context.Context, op, path string, q url.Values) (TopicList, error) {
	var a listAnswer
	if err := c.get(ctx, op, path, q, &a); err != nil {
		return TopicList{}, err
	}
	return TopicList{a.TopicList.Topics, a.TopicList.More != ""}, nil
}

// Latest returns topics of all categories, without those the account has muted.
func (c *Client) Latest(ctx context.Context, l Listing) (TopicList, error) {
	return c.list(ctx, "list latest topics", "latest.json", l.query())
}

// CategoryTopics returns topics of a category and its subcategories.
func (c *Client) CategoryTopics(ctx context.Context, cat Category, l Listing) (TopicList, error) {
	slug := cat.Slug
	if slug == "" {
		slug = "-"
	}
	return c.list(ctx, fmt.Sprintf("list topics of category %d", cat.ID), fmt.Sprintf("c/%s/%d/l/latest.json", escape(slug), cat.ID), l.query())
}

// TagTopics returns topics with a tag.
func (c *Client) TagTopics(ctx context.Context, tag string, l Listing) (TopicList, error) {
	return c.list(ctx, "list topics tagged "+tag, "tag/"+escape(tag)+"/l/latest.json", l.query())
}

// Messages returns the personal messages in a person's inbox: the account's own.
func (c *Client) Messages(ctx context.Context, username string, page int) (TopicList, error) {
	return c.list(ctx, "list messages", "topics/private-messages/"+escape(username)+".json", Listing{Page: page}.query())
}

// SentMessages returns the personal messages a person began: the account's own.
func (c *Client) SentMessages(ctx context.Context, username string, page int) (TopicList, error) {
	return c.list(ctx, "list sent messages", "topics/private-messages-sent/"+escape(username)+".json", Listing{Page: page}.query())
}
