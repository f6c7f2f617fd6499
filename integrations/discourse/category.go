package discourse

import (
	"context"
	"fmt"
	"net/url"
)

// A Category is a part of the forum.
type Category struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	Slug       string `json:"slug"`
	ParentID   int64  `json:"parent_category_id"` // 0: none
	Restricted bool   `json:"read_restricted"`
	Permission int    `json:"permission"` // 1: the account may begin topics, 2: reply, 3: read; 0: not told
	About      string `json:"topic_url"`  // the path of the topic about it
	Text       string `json:"description_text"`

	Topics int `json:"topic_count"`
	Posts  int `json:"post_count"`
	Week   int `json:"topics_week"` // topics begun, counted once a day, without subcategories
	Month  int `json:"topics_month"`

	Subs []Category `json:"subcategory_list"`
}

// Path returns where it is found below the forum's address: "c/general/4".
func (c Category) Path() string { return fmt.Sprintf("c/%s/%d", c.Slug, c.ID) }

type categoriesAnswer struct {
	List *struct {
		Categories []Category `json:"categories"`
	} `json:"category_list"`
}

func (a *categoriesAnswer) ok() bool { return a.List != nil }

// Categories returns all categories the account can see; subcategories follow
// their parents, with Subs empty.
func (c *Client) Categories(ctx context.Context) ([]Category, error) {
	var a categoriesAnswer
	if err := c.get(ctx, "list categories", "categories.json", url.Values{"include_subcategories": {"true"}}, &a); err != nil {
		return nil, err
	}
	return flatten(a.List.Categories, 0), nil
}

func flatten(list []Category, parent int64) []Category {
	var all []Category
	for _, c := range list {
		subs := c.Subs
		c.Subs = nil
		if c.ParentID == 0 {
			c.ParentID = parent
		}
		all = append(append(all, c), flatten(subs, c.ID)...)
	}
	return all
}

type tagsAnswer struct {
	Tags   *[]Tag `json:"tags"`
	Extras struct {
		Categories []struct {
			Tags []Tag `json:"tags"`
		} `json:"categories"`
		Groups []struct {
			Tags []Tag `json:"tags"`
		} `json:"tag_groups"`
	} `json:"extras"`
}

func (a *tagsAnswer) ok() bool { return a.Tags != nil }

// Tags returns all tags, each once. ErrNotFound where the forum has none at all.
func (c *Client) Tags(ctx context.Context) ([]Tag, error) {
	var a tagsAnswer
	if err := c.get(ctx, "list tags", "tags.json", nil, &a); err != nil {
		return nil, err
	}
	list := *a.Tags
	for _, e := range a.Extras.Categories {
		list = append(list, e.Tags...)
	}
	for _, e := range a.Extras.Groups {
		list = append(list, e.Tags...)
	}
	seen := map[string]bool{}
	var tags []Tag
	for _, t := range list {
		if t.Name != "" && !seen[t.Name] {
			seen[t.Name] = true
			tags = append(tags, t)
		}
	}
	return tags, nil
}
