package discourse

import (
	"context"
	"encoding/json"
	"fmt"
)

// BasicInfo is what a forum says of itself to anybody.
type BasicInfo struct {
	Title         string `json:"title"`
	Description   string `json:"description"`
	Locale        string `json:"locale"`
	LoginRequired bool   `json:"login_required"`
}

func (b *BasicInfo) ok() bool { return b.Title != "" }

// BasicInfo returns the forum's name and whether it is closed to visitors.
func (c *Client) BasicInfo(ctx context.Context) (BasicInfo, error) {
	var b BasicInfo
	err := c.get(ctx, "get basic info", "site/basic-info.json", nil, &b)
	return b, err
}

// About is the page about the forum.
type About struct {
	Title   string `json:"title"`
	Version string `json:"version"` // "" where it is not told
}

type aboutAnswer struct {
	About *About `json:"about"`
}

func (a *aboutAnswer) ok() bool { return a.About != nil }

// About returns the forum's version.
func (c *Client) About(ctx context.Context) (About, error) {
	var a aboutAnswer
	if err := c.get(ctx, "get about", "about.json", nil, &a); err != nil {
		return About{}, err
	}
	return *a.About, nil
}

// A Site is the forum's structure.
type Site struct {
	Categories []Category  `json:"categories"`
	Groups     []Group     `json:"groups"`
	UserFields []UserField `json:"user_fields"`
	CanTag     bool        `json:"can_tag_topics"`
	CanMakeTag bool        `json:"can_create_tag"`
}

func (s *Site) ok() bool { return s.Categories != nil || s.Groups != nil }

// A UserField is a question of the profile.
type UserField struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Type string `json:"field_type"`
}

// Site returns categories, groups and profile fields in one request.
func (c *Client) Site(ctx context.Context) (Site, error) {
	var s Site
	err := c.get(ctx, "get site", "site.json", nil, &s)
	return s, err
}

// Settings are the limits that matter for writing. Those a forum does not
// tell have the defaults of [DefaultSettings].
type Settings struct {
	MinPost      int  `json:"min_post_length"`
	MinFirstPost int  `json:"min_first_post_length"`
	MinMessage   int  `json:"min_personal_message_post_length"`
	MaxPost      int  `json:"max_post_length"`
	MinTitle     int  `json:"min_topic_title_length"`
	MinPMTitle   int  `json:"min_personal_message_title_length"`
	MaxTitle     int  `json:"max_topic_title_length"`
	MaxTags      int  `json:"max_tags_per_topic"`
	MaxMentions  int  `json:"max_mentions_per_post"`
	MaxImageKB   int  `json:"max_image_size_kb"`
	MaxFileKB    int  `json:"max_attachment_size_kb"`
	Tagging      bool `json:"tagging_enabled"`
	Chat         bool `json:"chat_enabled"`
	Polls        bool `json:"poll_enabled"`
	Calendar     bool `json:"calendar_enabled"`
	Events       bool `json:"discourse_post_event_enabled"`
	Dates        bool `json:"discourse_local_dates_enabled"`

	AllowUncategorised bool `json:"allow_uncategorized_topics"`
	MaxChatText        int  `json:"chat_maximum_message_length"`
}

// DefaultSettings are those of a fresh forum.
var DefaultSettings = Settings{
	MinPost: 20, MinFirstPost: 20, MinMessage: 10, MaxPost: 32000, MinTitle: 15, MinPMTitle: 2, MaxTitle: 255,
	MaxTags: 5, MaxMentions: 10, MaxImageKB: 4096, MaxFileKB: 4096, Tagging: true, Polls: true, Dates: true, MaxChatText: 6000,
}

// Settings returns the forum's settings.
func (c *Client) Settings(ctx context.Context) (Settings, error) {
	var raw json.RawMessage
	if err := c.get(ctx, "get settings", "site/settings.json", nil, &raw); err != nil {
		return DefaultSettings, err
	}
	s := DefaultSettings
	if err := decode(raw, &s); err != nil {
		return DefaultSettings, &Error{Op: "get settings", Why: ErrBroken, Err: err}
	}
	return s, nil
}

// Me is the account of a key.
type Me struct {
	ID         int64  `json:"id"`
	Username   string `json:"username"`
	TrustLevel int    `json:"trust_level"`
	Admin      bool   `json:"admin"`
	Moderator  bool   `json:"moderator"`
}

type meAnswer struct {
	User *Me `json:"current_user"`
}

func (a *meAnswer) ok() bool { return a.User != nil && a.User.Username != "" }

// Me returns the account of the reader's key; it is the proof that the key
// works. ErrForbidden or ErrNotFound if it does not.
func (c *Client) Me(ctx context.Context) (Me, error) {
	return c.me(ctx, request{op: "get own account"})
}

// Present is Me, and tells the forum that the account is alive. Once a day is
// enough: an account not seen for 30 days is no longer rung.
func (c *Client) Present(ctx context.Context) (Me, error) {
	return c.me(ctx, request{op: "be present", header: map[string]string{"Discourse-Present": "true"}})
}

func (c *Client) me(ctx context.Context, r request) (Me, error) {
	var a meAnswer
	r.method, r.path, r.into = "GET", "session/current.json", &a
	if err := c.do(ctx, &r); err != nil {
		return Me{}, err
	}
	if want := c.config.Username; want != "" && !sameName(a.User.Username, want) {
		return *a.User, &Error{Op: r.op, Why: ErrForbidden, Err: fmt.Errorf("the key is %s's, not %s's", a.User.Username, want)}
	}
	return *a.User, nil
}
