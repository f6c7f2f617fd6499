package discoursetest

// needsApproval says whether what an account posts is held.
func (c *call) needsApproval(d draft) bool {
	if c.user.staff() || d.PM {
		return false
	}
	id := d.CategoryID
	if t := c.s.Topics[d.TopicID]; t != nil {
		if t.PM {
			return false
		}
		id = t.CategoryID
	}
	cat := c.s.Categories[id]
	return c.user.Moderated || cat != nil && cat.Approval
}

func (c *call) enqueue(d draft) answer {
	q := &Pending{ID: c.s.next("reviewable"), UserID: c.user.ID, Draft: d, CreatedAt: c.now()}
	c.s.Queue[q.ID] = q
	count := 0
	for _, other := range c.s.Queue {
		if other.UserID == c.user.ID && other.PostID == 0 && !other.Rejected {
			count++
		}
	}
	return ok(obj{
		"success": true, "action": "enqueued", "pending_count": count,
		"pending_post": obj{
			"id": q.ID, "avatar_template": avatar(c.user), "category_id": orNil(d.CategoryID), "created_at": stamp(q.CreatedAt),
			"created_by_id": c.user.ID, "name": c.user.Name, "raw_text": d.Raw, "title": d.Title,
			"topic_id": orNil(d.TopicID), "topic_url": nil, "username": c.user.Username,
		},
	})
}

// A Held post waits for approval: what the queue shows of it.
type Held struct {
	ID       int64
	Username string
	TopicID  int64 // 0: it would open a topic
	Title    string
	Raw      string
}

// Queue returns the posts that wait for approval, oldest first.
func (f *Forum) Queue() []Held {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Held
	for _, q := range sorted(f.s.Queue) {
		if q.PostID == 0 && !q.Rejected {
			out = append(out, Held{q.ID, f.s.Users[q.UserID].Username, q.Draft.TopicID, q.Draft.Title, q.Draft.Raw})
		}
	}
	return out
}

// Approve posts what is held: a new post, made now. Its author is told.
func (f *Forum) Approve(id int64) Post {
	var p *Post
	f.write(func() {
		q := f.s.Queue[id]
		u := f.s.Users[q.UserID]
		p = f.post(u, q.Draft)
		q.PostID = p.ID
		t := f.s.Topics[p.TopicID]
		f.addNote(&Notification{UserID: u.ID, Type: PostApproved, TopicID: t.ID, PostNumber: p.Number, PostID: p.ID, Slug: t.Slug, Data: map[string]any{}})
	})
	return *p
}

// Reject throws it away; nobody is told.
func (f *Forum) Reject(id int64) { f.write(func() { f.s.Queue[id].Rejected = true }) }
