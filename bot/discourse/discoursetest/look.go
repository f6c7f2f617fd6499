package discoursetest

// Topic returns a topic as it is now.
func (f *Forum) Topic(id int64) Topic {
	f.mu.Lock()
	defer f.mu.Unlock()
	return *f.s.Topics[id]
}

// Topics returns every topic, lowest id first.
func (f *Forum) Topics() []Topic {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Topic
	for _, t := range sorted(f.s.Topics) {
		out = append(out, *t)
	}
	return out
}

// Post returns a post as it is now, deleted or not.
func (f *Forum) Post(id int64) Post {
	f.mu.Lock()
	defer f.mu.Unlock()
	return *f.s.Posts[id]
}

// Posts returns the posts of a topic that are there, by number, whispers and
// small actions among them.
func (f *Forum) Posts(topic int64) []Post {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Post
	for _, p := range f.stream(f.s.Users[-1], f.s.Topics[topic]) {
		out = append(out, *p)
	}
	return out
}

// PostsBy returns every post of an account, lowest id first.
func (f *Forum) PostsBy(username string) []Post {
	f.mu.Lock()
	defer f.mu.Unlock()
	u := f.mustUser(username)
	var out []Post
	for _, p := range sorted(f.s.Posts) {
		if p.UserID == u.ID && p.DeletedAt == nil && !p.Uncommitted {
			out = append(out, *p)
		}
	}
	return out
}

// PostsIn returns the posts of a topic by number, deleted ones among them.
func (f *Forum) PostsIn(topic int64) []Post {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Post
	for _, id := range f.s.ByTopic[topic] {
		if p := f.s.Posts[id]; !p.Uncommitted {
			out = append(out, *p)
		}
	}
	return out
}
