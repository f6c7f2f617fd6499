package matrix

import "sync"

// rendered are the texts that were rendered last. A broadcast says the same
// in hundreds of rooms, and a question that many ask has one answer.
type rendered struct {
	mu    sync.Mutex
	texts map[string]words
	size  int // bytes
}

// words are a text as it is sent: plain, and as HTML where that shows more.
type words struct{ plain, html string }

// keptWords is how many bytes of rendered texts are kept.
const keptWords = 2 << 20

// of renders Markdown, unless that has been done.
func (r *rendered) of(md string) words {
	r.mu.Lock()
	w, ok := r.texts[md]
	r.mu.Unlock()
	if ok {
		return w
	}
	w.plain, w.html = render(md)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.texts == nil || r.size > keptWords {
		r.texts, r.size = map[string]words{}, 0
	}
	r.texts[md] = w
	r.size += len(md) + len(w.plain) + len(w.html)
	return w
}
