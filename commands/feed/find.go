package feed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// A wish is what somebody wants to hear of, as they typed it.
type wish struct {
	what  string // "all", "category", "tag", "author", "" if they did not say
	name  string
	forum string // "hub", "" if they did not say
}

// A target is what a wish turned out to be.
type target struct {
	forum      string // "discourse/hub"
	what       string
	value      string // as in [storage.Feed]
	name       string
	restricted bool
}

// A found is what a forum said about a wish.
type found struct {
	target     target
	forum      string // whose categories these are
	categories []storage.ForumCategory
}

// parse reads "events", "category events on hub", "#jobs", "@ana", "5",
// "everything", or the address of a category, a tag or a user.
func (d *desk) parse(args string) wish {
	words := strings.Fields(oneLine(args))
	if n := len(words); n > 0 && strings.EqualFold(words[n-1], "here") {
		words = words[:n-1]
		if n := len(words); n > 0 && strings.EqualFold(words[n-1], "in") {
			words = words[:n-1]
		}
	}
	w := wish{}
	words, w.forum = d.named(words)
	if len(words) > 1 {
		if what, ok := kinds[strings.ToLower(strings.TrimSuffix(words[0], ":"))]; ok {
			w.what, words = what, words[1:]
		}
	}
	w.name = strings.Trim(strings.Join(words, " "), "\"“”'‘’*_`")
	return d.shaped(w)
}

var kinds = map[string]string{"category": "category", "cat": "category", "tag": "tag", "tagged": "tag", "author": "author", "user": "author", "by": "author", "person": "author"}

// named takes the forum's name off the words: "on hub", "hub events".
func (d *desk) named(words []string) (rest []string, forum string) {
	known := func(s string) bool {
		return slices.ContainsFunc(d.Forums, func(f Forum) bool { return strings.EqualFold(f.Name(), s) })
	}
	if n := len(words); n > 2 && (strings.EqualFold(words[n-2], "on") || strings.EqualFold(words[n-2], "from")) {
		return words[:n-2], strings.ToLower(words[n-1])
	}
	if len(words) > 1 && known(strings.TrimSuffix(words[0], ":")) {
		return words[1:], strings.ToLower(strings.TrimSuffix(words[0], ":"))
	}
	return words, ""
}

// shaped reads what the shape of a name says.
func (d *desk) shaped(w wish) wish {
	switch lower := strings.ToLower(w.name); {
	case w.what != "":
		w.name = strings.TrimLeft(w.name, "#@")
	case strings.HasPrefix(lower, "https://"), strings.HasPrefix(lower, "http://"):
		return d.address(w)
	case strings.HasPrefix(w.name, "#"):
		w.what, w.name = "tag", w.name[1:]
	case strings.HasPrefix(w.name, "@"):
		w.what, w.name = "author", w.name[1:]
	case lower == "everything" || lower == "all":
		w.what, w.name = "all", ""
	}
	return w
}

// address reads /c/events/5, /tag/jobs and /u/ana.
func (d *desk) address(w wish) wish {
	for _, f := range d.Forums {
		if f.URL != "" && strings.HasPrefix(w.name, strings.TrimRight(f.URL, "/")+"/") {
			w.forum = f.Name()
		}
	}
	u, err := url.Parse(w.name)
	if err != nil {
		return w
	}
	parts := strings.Split(strings.Trim(strings.TrimSuffix(u.Path, ".json"), "/"), "/")
	for i, p := range parts[:len(parts)-1] {
		switch p {
		case "c":
			for _, part := range slices.Backward(parts[i+1:]) {
				if isNumber(part) {
					return wish{what: "category", name: part, forum: w.forum}
				}
			}
			return wish{what: "category", name: parts[len(parts)-1], forum: w.forum}
		case "tag", "tags":
			return wish{what: "tag", name: parts[i+1], forum: w.forum}
		case "u", "user":
			return wish{what: "author", name: parts[i+1], forum: w.forum}
		}
	}
	return w
}

func isNumber(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// find implements the Ask of commands that name something on a forum: it asks
// the forums what it is.
func (d *desk) find(ctx context.Context, c *bot.Call) (any, error) {
	if len(d.Forums) == 0 {
		return nil, bot.Errorf("I am on no forum yet, so there is no news to bring. An operator can put me on one: see the page on configuration.")
	}
	w := d.parse(c.Args)
	if w.name == "" && w.what != "all" {
		return nil, bot.Errorf("What of the forum do you mean? Try a category as in `!feed add events`, or `!feed add tag jobs`, `!feed add author ana`.")
	}
	forums, err := d.chosen(w)
	if err != nil {
		return nil, err
	}
	var all []found
	var near []string
	for _, f := range forums {
		here, close, err := d.on(ctx, f, w)
		var refusal *bot.Refusal
		if errors.As(err, &refusal) {
			return nil, err
		}
		if err != nil {
			d.Log.Warn("forum not asked", "site", f.Site, "err", err)
			return nil, bot.Errorf("The forum %s does not answer me just now. Please try again in a few minutes.", f.Name())
		}
		all, near = append(all, here...), append(near, close...)
	}
	switch {
	case len(all) == 1:
		return all[0], nil
	case len(all) > 1:
		return nil, which(c, all)
	}
	return nil, unknown(w, forums, near)
}

// chosen are the forums a wish can be about.
func (d *desk) chosen(w wish) ([]Forum, error) {
	if w.forum == "" {
		return d.Forums, nil
	}
	var names []string
	for _, f := range d.Forums {
		if strings.EqualFold(f.Name(), w.forum) {
			return []Forum{f}, nil
		}
		names = append(names, f.Name())
	}
	return nil, bot.Errorf("I am on no forum called “%s”. There is %s.", bot.Plain(bot.Clip(w.forum, 30)), strings.Join(names, ", "))
}

// on looks for a wish on one forum. near are names that are like it.
func (d *desk) on(ctx context.Context, f Forum, w wish) (all []found, near []string, err error) {
	categories, err := f.Ask.Categories(ctx)
	if err != nil {
		return nil, nil, err
	}
	add := func(t target) { t.forum = f.Site; all = append(all, found{t, f.Site, categories}) }
	switch w.what {
	case "all":
		add(target{what: "all", name: "everything"})
	case "author":
		u, ok, err := f.Ask.Person(ctx, w.name)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			add(target{what: "author", value: u.ID, name: u.ID})
		}
	}
	if w.what == "" || w.what == "category" {
		for _, c := range categories {
			if c.ID == w.name || strings.EqualFold(c.Name, w.name) || strings.EqualFold(c.Slug, w.name) {
				add(target{what: "category", value: c.ID, name: c.Name, restricted: c.Restricted})
			} else if like(c.Name, w.name) {
				near = append(near, c.Name)
			}
		}
	}
	if w.what == "" && isNumber(w.name) || w.what != "" && w.what != "tag" {
		return all, near, nil
	}
	tags, err := f.Ask.Tags(ctx)
	for _, t := range tags {
		if strings.EqualFold(t, w.name) {
			add(target{what: "tag", value: t, name: t})
		} else if like(t, w.name) {
			near = append(near, "tag "+t)
		}
	}
	return all, near, err
}

func like(known, typed string) bool {
	known, typed = strings.ToLower(known), strings.ToLower(typed)
	far := bot.Distance(known, typed)
	return far <= 1 || far == 2 && len(typed) > 4 || len(typed) > 2 && strings.Contains(known, typed)
}

// which asks back when a name stands for several things.
func which(c *bot.Call, all []found) error {
	var ways []string
	for _, f := range all {
		words := f.target.words()
		if slices.ContainsFunc(all, func(o found) bool { return o.forum != f.forum }) {
			words += " on " + forumName(f.forum)
		}
		ways = append(ways, "`!feed "+feedWord(c)+" "+bot.Code(words)+"`")
	}
	return bot.Errorf("That can be %d things. Do you mean %s?", len(all), strings.Join(ways, " or "))
}

// words name a target without doubt: "tag jobs".
func (t target) words() string {
	switch t.what {
	case "all":
		return "everything"
	case "category":
		return "category " + cmp.Or(t.name, t.value)
	}
	return t.what + " " + t.value
}

// feedWord is the word that was typed after `!feed`.
func feedWord(c *bot.Call) string {
	words := strings.Fields(strings.ToLower(oneLine(c.Text)))
	for _, w := range words {
		if w == "watch" || w == "mute" {
			return w
		}
	}
	return "add"
}

func unknown(w wish, forums []Forum, near []string) error {
	where := ""
	if len(forums) == 1 {
		where = " on " + forums[0].Name()
	}
	slices.Sort(near)
	near = slices.Compact(near)
	what := cmp.Or(map[string]string{"category": "category", "tag": "tag", "author": "user"}[w.what], "category or tag")
	text := fmt.Sprintf("I find no %s “%s”%s.", what, bot.Plain(bot.Clip(w.name, 60)), where)
	switch {
	case len(near) > 0:
		text += fmt.Sprintf(" Did you mean %s?", bot.Plain(strings.Join(near[:min(len(near), 3)], " or ")))
	case w.what == "":
		text += fmt.Sprintf(" If it is somebody's name, try `!feed add author %s`.", bot.Code(bot.Clip(w.name, 40)))
	case w.what == "category":
		text += " A number works too, as in `!feed add category 5`."
	}
	return bot.Errorf("%s", text)
}
