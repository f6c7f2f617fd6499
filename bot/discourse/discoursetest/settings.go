package discoursetest

// Settings are the site settings a client can see in /site/settings.json,
// under their Discourse names.
type Settings struct {
	Title                    string  `json:"title"`
	SiteDescription          string  `json:"site_description"`
	DefaultLocale            string  `json:"default_locale"`
	LoginRequired            bool    `json:"login_required"`
	MinPostLength            int     `json:"min_post_length"`
	MinFirstPostLength       int     `json:"min_first_post_length"`
	MinPMPostLength          int     `json:"min_personal_message_post_length"`
	MaxPostLength            int     `json:"max_post_length"`
	BodyMinEntropy           int     `json:"body_min_entropy"`
	MinTopicTitleLength      int     `json:"min_topic_title_length"`
	MinPMTitleLength         int     `json:"min_personal_message_title_length"`
	MaxTopicTitleLength      int     `json:"max_topic_title_length"`
	TitleMinEntropy          int     `json:"title_min_entropy"`
	TitleMaxWordLength       int     `json:"title_max_word_length"`
	AllowDuplicateTitles     bool    `json:"allow_duplicate_topic_titles"`
	AllowUncategorized       bool    `json:"allow_uncategorized_topics"`
	AllowUppercasePosts      bool    `json:"allow_uppercase_posts"`
	UniquePostsMins          int     `json:"unique_posts_mins"`
	MaxMentionsPerPost       int     `json:"max_mentions_per_post"`
	NewUserMaxMentions       int     `json:"newuser_max_mentions_per_post"`
	NewUserMaxLinks          int     `json:"newuser_max_links"`
	MaxConsecutiveReplies    int     `json:"max_consecutive_replies"`
	TaggingEnabled           bool    `json:"tagging_enabled"`
	MaxTagsPerTopic          int     `json:"max_tags_per_topic"`
	MaxTagLength             int     `json:"max_tag_length"`
	MinTrustToCreateTag      int     `json:"min_trust_to_create_tag"`
	PostEditTimeLimit        int     `json:"post_edit_time_limit"`     // minutes
	TL2PostEditTimeLimit     int     `json:"tl2_post_edit_time_limit"` // minutes
	EditingGracePeriod       int     `json:"editing_grace_period"`     // seconds
	DeleteRemovedPostsAfter  int     `json:"delete_removed_posts_after"`
	MaxGroupMention          int     `json:"max_users_notified_per_group_mention"`
	MaxImageSizeKB           int     `json:"max_image_size_kb"`
	ChatEnabled              bool    `json:"chat_enabled"`
	ChatMinLength            int     `json:"chat_minimum_message_length"`
	ChatMaxLength            int     `json:"chat_maximum_message_length"`
	ChatMaxMentions          int     `json:"max_mentions_per_chat_message"`
	ChatDuplicateSensitivity float64 `json:"chat_duplicate_message_sensitivity"`
	ChatRetentionDays        int     `json:"chat_channel_retention_days"`
	ChatSilenceMinutes       int     `json:"chat_auto_silence_duration"`
	EnableNames              bool    `json:"enable_names"`
	PollEnabled              bool    `json:"poll_enabled"`
	CalendarEnabled          bool    `json:"calendar_enabled"`
	EventEnabled             bool    `json:"discourse_post_event_enabled"`
	LocalDatesEnabled        bool    `json:"discourse_local_dates_enabled"`
	ReactionsEnabled         bool    `json:"discourse_reactions_enabled"` // the plugin is there
}

// defaultSettings are those of a Discourse nobody has changed, except that
// the title is set.
func defaultSettings() Settings {
	return Settings{
		Title: "Example Forum", SiteDescription: "A forum for tests", DefaultLocale: "en",
		MinPostLength: 20, MinFirstPostLength: 20, MinPMPostLength: 10, MaxPostLength: 32000,
		BodyMinEntropy: 7, MinTopicTitleLength: 15, MinPMTitleLength: 2, MaxTopicTitleLength: 255,
		TitleMinEntropy: 10, TitleMaxWordLength: 30, UniquePostsMins: 5,
		MaxMentionsPerPost: 10, NewUserMaxMentions: 2, NewUserMaxLinks: 2, MaxConsecutiveReplies: 3,
		TaggingEnabled: true, MaxTagsPerTopic: 5, MaxTagLength: 20, MinTrustToCreateTag: 3,
		PostEditTimeLimit: 24 * 60, TL2PostEditTimeLimit: 30 * 24 * 60, EditingGracePeriod: 300,
		DeleteRemovedPostsAfter: 24, MaxGroupMention: 100, MaxImageSizeKB: 4096,
		ChatEnabled: true, ChatMinLength: 1, ChatMaxLength: 6000, ChatMaxMentions: 5,
		ChatDuplicateSensitivity: 0.5, ChatRetentionDays: 90, ChatSilenceMinutes: 30,
		EnableNames: true, LocalDatesEnabled: true,
	}
}
