package synthetic

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Fault is a way for a request to fail.
type Fault int

// The faults. Only the last two leave the request's work done.
const (
	NoFault    Fault = iota
	Error500         // M_UNKNOWN, nothing done
	Error502         // a proxy's HTML page, nothing done
	DropBefore       // the connection is cut, nothing done
	DropAfter        // done, then the connection is cut
	Error504         // done, then a proxy's HTML page
)

// AllFaults are all ways to fail.
var AllFaults = []Fault{Error500, Error502, DropBefore, DropAfter, Error504}

// Target is the kind of request a fault meets.
type Target int

// The targets.
const (
	Sends Target = iota // messages, reactions, redactions
	Syncs
)

// trouble decides what happens to requests. It has a lock of its own.
type trouble struct {
	mu     sync.Mutex
	random *rand.Rand
	share  [2]float64 // by Target
	next   [2][]Fault // by Target; these come first
	delay  time.Duration

	rate, burst float64 // tokens a second and at most; rate 0: no limit
	tokens      float64
	filled      time.Time
	refused     int
}

func (t *trouble) seed(n uint64) { t.random = rand.New(rand.NewPCG(n, 1)) }

// FailShare makes a share (0 to 1) of the requests of a kind fail, each in one
// of the ways of [AllFaults].
func (s *Server) FailShare(target Target, share float64) {
	s.trouble.mu.Lock()
	defer s.trouble.mu.Unlock()
	s.trouble.share[target] = share
}

// FailNext makes the next requests of a kind fail in these ways, one each, in
// this order; [NoFault] lets one through.
func (s *Server) FailNext(target Target, faults ...Fault) {
	s.trouble.mu.Lock()
	defer s.trouble.mu.Unlock()
	s.trouble.next[target] = append(s.trouble.next[target], faults...)
}

// DelaySends makes every send take so long before it is accepted.
func (s *Server) DelaySends(d time.Duration) {
	s.trouble.mu.Lock()
	defer s.trouble.mu.Unlock()
	s.trouble.delay = d
}

// LimitSends accepts so many sends a second after a burst of so many, and
// refuses the rest with 429, saying by turns in the body (retry_after_ms) and
// in the header (Retry-After, whole seconds) when to come back. 0: no limit.
func (s *Server) LimitSends(perSecond float64, burst int) {
	s.trouble.mu.Lock()
	defer s.trouble.mu.Unlock()
	t := &s.trouble
	t.rate, t.burst, t.tokens, t.filled = perSecond, float64(burst), float64(burst), time.Now()
}

// LimitTimelines sets Options.TimelineLimit.
func (s *Server) LimitTimelines(events int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.timeline = events
}

// BoundSyncs sets Options.MaxEvents.
func (s *Server) BoundSyncs(events int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.maxEvents = events
}

// Rewind makes the next sync that gives a position begin so many events
// earlier, as after a server's database was restored.
func (s *Server) Rewind(events int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rewind = events
}

// ForgetTxns forgets the transaction ids used so far, as Dendrite does at a restart.
func (s *Server) ForgetTxns() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.txns)
}

// Revoke ends all logins of a user. A soft logout asks for a new login of the
// same device. A sync under way goes on, as on real servers; the next is refused.
func (s *Server) Revoke(user string, soft bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token, d := range s.devices {
		if d.user == user {
			delete(s.devices, token)
			s.revoked[token] = soft
		}
	}
}

// draw decides the fate of a request.
func (t *trouble) draw(target Target) Fault {
	t.mu.Lock()
	defer t.mu.Unlock()
	if next := t.next[target]; len(next) > 0 {
		t.next[target] = next[1:]
		return next[0]
	}
	if t.share[target] > 0 && t.random.Float64() < t.share[target] {
		return AllFaults[t.random.IntN(len(AllFaults))]
	}
	return NoFault
}

// send returns how long the next send takes, or its refusal.
func (t *trouble) send() (time.Duration, *refusal) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rate == 0 {
		return t.delay, nil
	}
	now := time.Now()
	t.tokens = min(t.burst, t.tokens+now.Sub(t.filled).Seconds()*t.rate)
	t.filled = now
	if t.tokens < 1 {
		t.refused++
		wait := time.Duration((1 - t.tokens) / t.rate * float64(time.Second))
		return 0, &refusal{wait: wait, header: t.refused%2 == 0}
	}
	t.tokens--
	return t.delay, nil
}

// refusal is a 429.
type refusal struct {
	wait   time.Duration
	header bool // the wait is in the header, not in the body
}

func (f refusal) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	body := `{"errcode":"M_LIMIT_EXCEEDED","error":"too many requests"}`
	if f.header {
		w.Header().Set("Retry-After", fmt.Sprint(math.Ceil(f.wait.Seconds())))
	} else {
		body = fmt.Sprintf(`{"errcode":"M_LIMIT_EXCEEDED","error":"too many requests","retry_after_ms":%d}`,
			int64(math.Ceil(float64(f.wait)/float64(time.Millisecond))))
	}
	w.WriteHeader(http.StatusTooManyRequests)
	fmt.Fprint(w, body)
}

// troubled runs a handler, or lets the request fail instead or afterwards.
func (s *Server) troubled(target Target, h handler) handler {
	return func(w http.ResponseWriter, r *http.Request, d *device) {
		fault := s.trouble.draw(target)
		if fault == NoFault {
			h(w, r, d)
			return
		}
		s.count(func(c *Stats) { c.Faults++ })
		if fault == DropAfter || fault == Error504 {
			h(nowhere{}, r, d)
		}
		switch fault {
		case Error500:
			fail(w, http.StatusInternalServerError, "M_UNKNOWN", "something broke")
		case Error502, Error504:
			code := map[Fault]int{Error502: http.StatusBadGateway, Error504: http.StatusGatewayTimeout}[fault]
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(code)
			fmt.Fprintf(w, "<html><h1>%d %s</h1></html>", code, http.StatusText(code))
		default:
			panic(http.ErrAbortHandler) // cuts the connection
		}
	}
}

// nowhere is a response that nobody gets.
type nowhere struct{}

// Header implements [http.ResponseWriter].
func (nowhere) Header() http.Header { return http.Header{} }

// Write implements [http.ResponseWriter].
func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader implements [http.ResponseWriter].
func (nowhere) WriteHeader(int) {}
