package discourse

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

const (
	// listEvery is how often the liveliest topics are looked at for changes
	// of title, category and tags, which no list of posts tells.
	listEvery = time.Minute
	// listPage is how many topics are asked for at once.
	listPage = 50
)

// learn finds out about the topics of posts that are about to be told, and
// once a minute what has changed about others.
func (t *Transport) learn(ctx context.Context, batch *bot.Batch, next *position, v *view, ids []int64, last bool) error {
	unknown := t.unknown(v, ids)
	urgent := slices.ContainsFunc(ids, func(id int64) bool { return slices.Contains(unknown, v.posts[id].TopicID) && !v.mayWait(id) })
	if !urgent && !t.mayAsk(t.listed, v.began, t.leads(next, v, ids)) {
		return nil
	}
	if last && (len(unknown) > 0 || v.began.Sub(t.listed) >= listEvery) {
		list, err := t.client.Latest(ctx, forum.Listing{PerPage: listPage, Order: "activity"})
		if err := t.forgive(err); err != nil {
			return err
		}
		if err == nil {
			if err := t.compare(ctx, batch, next, list); err != nil {
				return err
			}
		}
		t.listed = v.began
		unknown = t.unknown(v, ids)
	}
	for part := range slices.Chunk(unknown, listPage) {
		list, err := t.client.Latest(ctx, forum.Listing{PerPage: listPage, TopicIDs: part})
		if err := t.forgive(err); err != nil {
			return err
		}
		for _, k := range list.Topics {
			t.keep(next, k)
		}
		for _, id := range part {
			if _, ok := t.about[id]; !ok { // in no list: what the post says of it is all there is
				p := v.posts[v.firstOf(ids, id)]
				t.about[id] = forum.Topic{ID: id, Title: p.TopicTitle, Slug: p.TopicSlug, CategoryID: p.CategoryID}
			}
		}
	}
	return nil
}

// hasTime reports whether something may be asked that can also be asked
// later. What cannot has the way: posts, messages, the list of channels, and
// what one of them leads to, which is ahead questions.
func (t *Transport) hasTime(ahead int) bool { return t.client.Governor().Spare() > 2+ahead }

// overdue is how long something can wait for such a time, well below the time
// after which what it would have shown is taken for old.
const overdue = 4 * time.Minute

// mayAsk reports whether it is time for something that was last done then,
// when ahead questions wait that somebody is to be answered after.
func (t *Transport) mayAsk(last, now time.Time, ahead int) bool {
	return t.hasTime(ahead) || now.Sub(last) > overdue
}

// leads returns how many of the posts may lead to a question: who else is in
// the personal message that one of them is in.
func (t *Transport) leads(next *position, v *view, ids []int64) (n int) {
	for _, id := range ids {
		if _, known := next.Seen[id]; !known && v.private[id] && !t.isOurs(v.posts[id]) {
			n++
		}
	}
	return n
}

// forgive lets go an error that waiting would not mend: without the lists of
// topics there are no tags, which is no reason to hear nothing at all.
func (t *Transport) forgive(err error) error {
	if err != nil && !forum.Transient(err) && (errors.Is(err, forum.ErrForbidden) || errors.Is(err, forum.ErrNotFound) || errors.Is(err, forum.ErrInvalid)) {
		t.Log.Warn("topics not listed", "site", t.name, "err", err)
		return nil
	}
	return err
}

// mayWait reports whether a post can be told at a later look too, when there
// is time to ask about its topic.
func (v *view) mayWait(id int64) bool { return v.began.Sub(v.posts[id].Created) < settle/2 }

// unknown returns the topics of public posts that nothing is known about.
func (t *Transport) unknown(v *view, ids []int64) (topics []int64) {
	found := map[int64]bool{}
	for _, id := range ids {
		p := v.posts[id]
		if _, ok := t.about[p.TopicID]; !ok && !v.private[id] && isTalk(p) && !found[p.TopicID] {
			found[p.TopicID] = true
			topics = append(topics, p.TopicID)
		}
	}
	return topics
}

// firstOf returns the first of the posts that is in a topic.
func (v *view) firstOf(ids []int64, topic int64) int64 {
	for _, id := range ids {
		if v.posts[id].TopicID == topic {
			return id
		}
	}
	return 0
}

// keep remembers what a topic is like now.
func (t *Transport) keep(next *position, k forum.Topic) {
	const most = 5000
	if len(t.about) >= most {
		clear(t.about)
	}
	t.about[k.ID] = k
	old := next.Topics[k.ID]
	next.Topics[k.ID] = topic{About: hashOf(k), Bumped: k.Bumped.Unix(), First: old.First}
}

// hashOf tells topics apart by what feeds show of them.
func hashOf(k forum.Topic) string {
	tags := forum.Names(k.Tags)
	slices.Sort(tags)
	return short(fmt.Sprintf("%s\n%d\n%s", k.Title, k.CategoryID, strings.Join(tags, "\n")))
}

// compare tells of topics that are not what they were, a few at a time.
func (t *Transport) compare(ctx context.Context, batch *bot.Batch, next *position, list forum.TopicList) error {
	most := 3
	oldest := time.Time{}
	listed := map[int64]bool{}
	for _, k := range list.Topics {
		listed[k.ID] = true
		if !k.Pinned && (oldest.IsZero() || k.Bumped.Before(oldest)) {
			oldest = k.Bumped
		}
		old, known := next.Topics[k.ID]
		if !known || old.About == "" || old.About == hashOf(k) && !old.Gone {
			t.keep(next, k)
			continue
		}
		if most--; most < 0 {
			continue
		}
		if err := t.retold(ctx, batch, next, k, old); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(next.Topics)) {
		old := next.Topics[id]
		if listed[id] || old.Gone || old.First == 0 || list.More && old.Bumped <= oldest.Unix() {
			continue
		}
		if most--; most < 0 {
			break
		}
		if err := t.unlisted(ctx, batch, next, id, old); err != nil {
			return err
		}
	}
	return nil
}

// retold tells of a topic that has another title, category or tags, or is
// listed again.
func (t *Transport) retold(ctx context.Context, batch *bot.Batch, next *position, k forum.Topic, old topic) error {
	full, err := t.client.Topic(ctx, k.ID, 1)
	if errors.Is(err, forum.ErrNotFound) {
		return nil // the next look tells more
	}
	if err != nil {
		return err
	}
	t.keep(next, k)
	if len(full.Posts) == 0 || full.Posts[0].Number != 1 || !isTalk(full.Posts[0]) || t.isOurs(full.Posts[0]) {
		return nil
	}
	first := full.Posts[0]
	state := next.Topics[k.ID]
	state.First = first.ID
	next.Topics[k.ID] = state
	kind := bot.Edited
	if old.Gone {
		kind = bot.Said
		if i, ok := next.Items[first.ID]; ok {
			i.Gone, i.Asked = false, false
			next.Items[first.ID] = i
		}
	}
	batch.Items = append(batch.Items, t.item(first, kind, old.Gone))
	return nil
}

// unlisted looks for a topic that has left the list although it was lively.
func (t *Transport) unlisted(ctx context.Context, batch *bot.Batch, next *position, id int64, old topic) error {
	k, err := t.client.Topic(ctx, id, 1)
	if err != nil && !errors.Is(err, forum.ErrNotFound) {
		return err
	}
	if err == nil && k.Visible && !k.Private() {
		delete(next.Topics, id) // no longer among those that are listed
		return nil
	}
	old.Gone = true
	next.Topics[id] = old
	if i, ok := next.Items[old.First]; ok {
		if i.Gone {
			return nil
		}
		i.Gone = true
		next.Items[old.First] = i
	}
	t.tellGone(batch, id, old.First, 1)
	return nil
}
