package discoursetest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	minute   = time.Minute
	likeUndo = 10 * time.Minute
	memoLife = 120 * time.Second
)

// createPost is POST /posts.json: a topic, a reply or a personal message.
// With an API key the same request within 120 s gets the first answer again,
// also when that was a refusal.
func (c *call) createPost() answer {
	d, refused := c.readDraft()
	if refused != nil {
		return *refused
	}
	if a := c.recall(); a != nil {
		return *a
	}
	a := c.create(d)
	c.remember(a)
	return a
}

func (c *call) create(d draft) answer {
	if a := c.mayPost(d); a != nil {
		return *a
	}
	if problems := c.check(d); len(problems) > 0 {
		return invalid("create_post", problems...)
	}
	if a := c.limitPosting(c.user, d); a != nil {
		return *a
	}
	c.s.Said[c.saidKey(c.user, d)] = c.now()
	if c.needsApproval(d) {
		return c.enqueue(d)
	}
	p := c.post(c.user, d)
	o := c.showPost(p, written)
	if c.in.flag("nested_post") {
		return ok(obj{"action": "create_post", "post": o, "success": true})
	}
	return ok(o)
}

// readDraft reads what is to be posted and drops tags as the real thing
// does: without a word.
func (c *call) readDraft() (draft, *answer) {
	d := draft{
		Title: strings.TrimSpace(c.in.str("title")), Raw: strings.TrimSpace(c.in.str("raw")), CategoryID: c.in.num("category"),
		TopicID: c.in.num("topic_id"), ReplyTo: int(c.in.num("reply_to_post_number")), ExternalID: c.in.str("external_id"),
		PM: c.in.str("archetype") == "private_message", NoBump: c.in.flag("no_bump"), Unlisted: c.in.flag("unlist_topic"), Type: Regular,
	}
	if c.in.flag("whisper") {
		d.Type = Whisper
	}
	if d.PM && d.TopicID != 0 {
		a := badParameter("archetype")
		return d, &a
	}
	if at, err := time.Parse(time.RFC3339, c.in.str("created_at")); err == nil {
		d.CreatedAt = at.UTC()
	}
	if d.PM {
		if a := c.readRecipients(&d); a != nil {
			return d, a
		}
	}
	d.Tags = c.allowedTags(c.readTags())
	return d, nil
}

func (c *call) readRecipients(d *draft) *answer {
	for _, name := range append(c.in.strs("target_recipients"), c.in.strs("target_usernames")...) {
		if u := c.Forum.user(name); u != nil {
			d.Users = append(d.Users, u.ID)
		} else if g := c.group(name); c.seesGroup(c.user, g) {
			d.Groups = append(d.Groups, g.ID)
		}
	}
	if len(d.Users)+len(d.Groups) == 0 {
		a := invalid("create_post", "You must select a valid user.")
		return &a
	}
	return nil
}

// readTags reads names, and on the newest servers objects with an id or a
// name. Older servers do not see the objects.
func (c *call) readTags() []string {
	var out []string
	for _, v := range c.in.list("tags") {
		if m, isObject := v.(map[string]any); isObject && c.o.Mode == Newest {
			name := params(m).str("name")
			if t := c.s.Tags[params(m).num("id")]; t != nil {
				name = t.Name
			}
			out = append(out, name)
		} else if s := textOf(v); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// allowedTags keeps the tags the account may use: those that exist and, with
// enough trust, new ones; as many as a topic may have.
func (c *call) allowedTags(names []string) []string {
	set, out := c.s.Settings, []string{}
	if !set.TaggingEnabled {
		return out
	}
	for _, n := range names {
		n = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(n), " ", "-"))
		isNew := c.tag(n) == nil
		if n == "" || len(n) > set.MaxTagLength || isNew && c.user.TrustLevel < set.MinTrustToCreateTag && !c.user.staff() {
			continue
		}
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out[:min(len(out), set.MaxTagsPerTopic)]
}

// mayPost is about rights.
func (c *call) mayPost(d draft) *answer {
	var a answer
	switch t := c.s.Topics[d.TopicID]; {
	case d.TopicID != 0 && !c.seesTopic(c.user, t):
		a = invalid("create_post", "The topic could not be found or you do not have access to it.")
	case d.TopicID != 0 && (t.Closed || t.Archived) && !c.user.staff():
		a = forbidden()
	case c.user.SilencedUntil != nil && c.user.SilencedUntil.After(c.now()):
		a = forbidden()
	case d.Type == Whisper && !c.whispers(c.user):
		a = forbidden()
	case d.NoBump && !c.user.staff() && c.user.TrustLevel < 4:
		a = badParameter("no_bump")
	case d.TopicID == 0 && !d.PM && d.CategoryID != 0 && !c.writesCategory(d.CategoryID):
		a = forbidden()
	default:
		return nil
	}
	return &a
}

func (c *call) writesCategory(id int64) bool {
	return c.seesCategory(c.user, id) && (!c.s.Categories[id].ReadOnly || c.user.staff())
}

// signature is what makes two requests the same one.
func (c *call) signature() string {
	b, _ := json.Marshal(c.in) // keys come out sorted
	ip, _, _ := net.SplitHostPort(c.r.RemoteAddr)
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%s\n%s\n%s\n%s", c.user.ID, ip, c.r.UserAgent(), c.r.Referer(), b))
	return fmt.Sprintf("%x", sum)
}

// recall returns the answer to the same request, if there is one. A request
// that stalled had looked before it did.
func (c *call) recall() *answer {
	m, known := c.s.Memos[c.signature()]
	if c.key == nil || c.released || !known || c.now().Sub(m.At) >= memoLife {
		return nil
	}
	return &answer{status: m.Status, body: m.Body}
}

func (c *call) remember(a answer) {
	for k, m := range c.s.Memos {
		if c.now().Sub(m.At) >= memoLife {
			delete(c.s.Memos, k)
		}
	}
	b, err := json.Marshal(a.body)
	if err != nil {
		panic(err)
	}
	if a.status != http.StatusTooManyRequests {
		c.s.Memos[c.signature()] = memo{At: c.now(), Status: a.status, Body: b}
	}
}

// saidKey is the same for the same text by the same account; messages are
// apart from the rest.
func (c *call) saidKey(u *User, d draft) string {
	private := d.PM || d.TopicID != 0 && c.s.Topics[d.TopicID].PM
	sum := sha256.Sum256([]byte(d.Raw))
	return fmt.Sprintf("%d/%v/%x", u.ID, private, sum[:16])
}
