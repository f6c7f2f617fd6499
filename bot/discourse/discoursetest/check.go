package discoursetest

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
)

// check returns what is wrong with a draft, by the rules of the site.
func (c *call) check(d draft) []string {
	skip := c.in.flag("skip_validations") || c.user.ID < 0
	var out []string
	add := func(bad bool, format string, args ...any) {
		if bad {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	if d.TopicID == 0 {
		out = append(out, c.checkTopic(d, skip)...)
	}
	if skip {
		return out
	}
	out = append(out, c.checkBody(d)...)
	if d.TopicID != 0 && !c.user.staff() {
		add(c.tooManyInARow(d), "Sorry, you may not reply more than %d times in a row in the same topic.", c.s.Settings.MaxConsecutiveReplies)
		add(c.tooSoon(d), "This topic is in slow mode. Please wait before posting again.")
	}
	if at, said := c.s.Said[c.saidKey(c.user, d)]; said && !c.released {
		add(c.now().Sub(at) < time.Duration(c.s.Settings.UniquePostsMins)*time.Minute && !c.user.staff(), "Body is too similar to what you recently posted")
	}
	return out
}

var (
	externalID = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	anyLink    = regexp.MustCompile(`https?://\S+`)
)

func (c *call) checkTopic(d draft, skip bool) []string {
	set, n := c.s.Settings, len([]rune(d.Title))
	least := set.MinTopicTitleLength
	if d.PM {
		least = set.MinPMTitleLength
	}
	var out []string
	add := func(bad bool, format string, args ...any) {
		if bad {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	add(n == 0, "Title can't be blank")
	if !skip {
		add(n > 0 && n < least, "Title is too short (minimum is %d characters)", least)
		add(n > set.MaxTopicTitleLength, "Title is too long (maximum is %d characters)", set.MaxTopicTitleLength)
		add(n >= least && !d.PM && (entropy(d.Title) < set.TitleMinEntropy || shouting(d.Title)), "Title seems unclear, is it a complete sentence?")
		add(longestWord(d.Title) > set.TitleMaxWordLength && !d.PM, "Title contains words that are too long")
	}
	add(!d.PM && !set.AllowDuplicateTitles && c.titleTaken(d.Title), "Title has already been used")
	add(!d.PM && d.CategoryID == 0 && !set.AllowUncategorized, "Category can't be blank")
	if d.ExternalID != "" {
		add(len(d.ExternalID) > 50, "External ID is too long (maximum is 50 characters)")
		add(!externalID.MatchString(d.ExternalID), "External ID must only contain letters, numbers, underscores and hyphens")
		add(c.topicByExternal(d.ExternalID) != nil, "External ID has already been taken")
	}
	return out
}

func (c *call) checkBody(d draft) []string {
	set, n := c.s.Settings, len([]rune(d.Raw))
	private := d.PM || d.TopicID != 0 && c.s.Topics[d.TopicID].PM
	least, variety := set.MinPostLength, set.BodyMinEntropy
	switch {
	case private:
		least, variety = set.MinPMPostLength, 3
	case d.TopicID == 0:
		least = set.MinFirstPostLength
	}
	var out []string
	add := func(bad bool, format string, args ...any) {
		if bad {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	bare := strings.TrimSpace(comment.ReplaceAllString(d.Raw, ""))
	add(n == 0, "Body can't be blank")
	add(n > 0 && len([]rune(bare)) < least, "Body is too short (minimum is %d characters)", least)
	add(n > set.MaxPostLength, "Body is limited to %d characters; you entered %d.", set.MaxPostLength, n)
	add(n >= least && n > 0 && (entropy(bare) < variety || !set.AllowUppercasePosts && shouting(bare)), "Body seems unclear, is it a complete sentence?")
	if c.user.staff() {
		return out
	}
	most := set.MaxMentionsPerPost
	if c.user.TrustLevel == 0 {
		most = set.NewUserMaxMentions
		add(len(anyLink.FindAllString(d.Raw, -1)) > set.NewUserMaxLinks, "Sorry, new users can only put %d links in a post.", set.NewUserMaxLinks)
	}
	users, groups := c.mentioned(c.cook(d.Raw))
	add(len(users)+len(groups) > most, "Sorry, you can only mention %d users in a post.", most)
	return out
}

// tooManyInARow says whether the last posts of a topic are all by the
// account. Those who opened it, and messages, are exempt.
func (c *call) tooManyInARow(d draft) bool {
	t := c.s.Topics[d.TopicID]
	most := c.s.Settings.MaxConsecutiveReplies
	if t.PM || t.UserID == c.user.ID || most == 0 {
		return false
	}
	posts := c.stream(c.user, t)
	if len(posts) < most {
		return false
	}
	for _, p := range posts[len(posts)-most:] {
		if p.UserID != c.user.ID {
			return false
		}
	}
	return true
}

func (c *call) tooSoon(d draft) bool {
	t := c.s.Topics[d.TopicID]
	for _, p := range c.stream(c.user, t) {
		if p.UserID == c.user.ID && c.now().Sub(p.CreatedAt) < time.Duration(t.SlowModeSeconds)*time.Second {
			return true
		}
	}
	return false
}

func (f *Forum) titleTaken(title string) bool {
	for _, t := range f.s.Topics {
		if !t.PM && t.DeletedAt == nil && strings.EqualFold(t.Title, title) {
			return true
		}
	}
	return false
}

func (f *Forum) topicByExternal(id string) *Topic {
	for _, t := range f.s.Topics {
		if t.ExternalID != "" && strings.EqualFold(t.ExternalID, id) {
			return t
		}
	}
	return nil
}

// entropy counts different characters. A text of nothing but symbols has
// none.
func entropy(s string) int {
	seen, words := map[rune]bool{}, false
	for _, r := range s {
		seen[r] = true
		words = words || unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	if !words {
		return 0
	}
	return len(seen)
}

// shouting says whether a text has letters and all of them are capitals.
func shouting(s string) bool {
	return strings.ToUpper(s) == s && strings.ToLower(s) != s
}

func longestWord(s string) int {
	most := 0
	for _, w := range strings.Fields(s) {
		most = max(most, len([]rune(w)))
	}
	return most
}
