package discoursetest

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"sort"
	"sync"
	"time"
)

// A Forum is a Discourse that serves on the loopback interface.
type Forum struct {
	o       Options
	routes  []route
	addr    string
	started time.Time

	mu       sync.Mutex // held while a request runs and by every method
	s        *state
	server   *http.Server
	stopped  chan struct{} // closed when the server is told to stop
	faults   []*fault
	stalled  []chan struct{}
	stripped bool
	requests []Request
}

// TB is what New needs of a test; testing.TB has it.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// New starts a forum that is stopped when the test ends.
func New(tb TB, o Options) *Forum {
	tb.Helper()
	f, err := Open(o)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	tb.Cleanup(f.Stop)
	return f
}

// Open starts a forum. It is read from o.File if that exists; a new one has
// the accounts system and admin, the automatic groups, and a category called
// Uncategorized.
func Open(o Options) (*Forum, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	f := &Forum{o: o, addr: o.Addr, s: newState(), routes: allRoutes()}
	f.started = f.now()
	fresh, err := f.load()
	if err != nil {
		return nil, err
	}
	if fresh {
		if o.Settings != nil {
			o.Settings(&f.s.Settings)
		}
		f.seed()
	}
	return f, f.Start()
}

// now is the forum's clock, in the precision it stores.
func (f *Forum) now() time.Time { return f.o.Clock().UTC().Truncate(time.Millisecond) }

// Mode returns the age of the forum.
func (f *Forum) Mode() Mode { return f.o.Mode }

// URL returns the address of the forum, without a slash at the end.
func (f *Forum) URL() string { return "http://" + f.addr + f.o.Base }

// Start serves again after Stop, at the same address.
func (f *Forum) Start() error {
	if f.o.Silent {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.addr, f.stopped = "forum.test", make(chan struct{})
		return nil
	}
	l, err := net.Listen("tcp", f.addr)
	if err != nil {
		return fmt.Errorf("discoursetest: listen: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.addr = l.Addr().String()
	f.stopped = make(chan struct{})
	f.server = &http.Server{Handler: f}
	go f.server.Serve(l) // ends when Stop closes the server
	return nil
}

// Stop cuts every connection and serves no longer.
func (f *Forum) Stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.server == nil {
		return
	}
	close(f.stopped)
	f.server.Close()
	f.server = nil
}

// Restart stops the forum, forgets everything it had not stored, and starts
// it again at the same address.
func (f *Forum) Restart() error {
	f.Stop()
	f.mu.Lock()
	b, err := json.Marshal(f.s)
	if err == nil {
		f.s = newState()
		err = json.Unmarshal(b, f.s)
	}
	f.faults, f.stalled = nil, nil
	f.mu.Unlock()
	if err != nil {
		return fmt.Errorf("discoursetest: restart: %w", err)
	}
	return f.Start()
}

// SetMode upgrades the forum (or takes it back in time). Its next answers
// are those of that age.
func (f *Forum) SetMode(m Mode) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.o.Mode = m
}

// Change changes the site settings.
func (f *Forum) Change(fn func(*Settings)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fn(&f.s.Settings)
	f.save()
}

// load reads the file; it says whether the forum is a new one.
func (f *Forum) load() (fresh bool, err error) {
	if f.o.File == "" {
		return true, nil
	}
	b, err := os.ReadFile(f.o.File)
	if os.IsNotExist(err) {
		return true, nil
	}
	if err == nil {
		err = json.Unmarshal(b, f.s)
	}
	if err != nil {
		return false, fmt.Errorf("discoursetest: load %s: %w", f.o.File, err)
	}
	return false, nil
}

// save writes the file, if there is one, whole or not at all. A forum that
// cannot write its file is of no use, hence the panic.
func (f *Forum) save() {
	if f.o.File == "" {
		return
	}
	b, err := json.Marshal(f.s)
	if err == nil {
		err = os.WriteFile(f.o.File+".new", b, 0o600)
	}
	if err == nil {
		err = os.Rename(f.o.File+".new", f.o.File)
	}
	if err != nil {
		panic(fmt.Errorf("discoursetest: save: %w", err))
	}
}

// write runs a change made by a test: locked, stored, background work done.
func (f *Forum) write(fn func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.work() // what was due before comes before
	fn()
	f.work()
	f.save()
}

// sorted returns the values of a table, lowest id first.
func sorted[T any](m map[int64]*T) []*T {
	ids := make([]int64, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i] < ids[j] })
	out := make([]*T, len(ids))
	for i, id := range ids {
		out[i] = m[id]
	}
	return out
}
