// Package synthetic is a Matrix homeserver in memory that exists to make
// trouble. It speaks as much of the client-server API as a bot without
// encryption needs, over real HTTP on loopback, says what it is told to say,
// remembers what it is answered and when, and fails on request: errors, cut
// connections, restarts, rewound sync positions, rate limits, gaps.
//
//	srv, err := synthetic.New(synthetic.Options{Rooms: 1})
//	asked := srv.Say(srv.Rooms()[0], "@ana:synthetic.test", "!whohas discourse")
//	answers, err := srv.Await(ctx, 1)
//
// A real server is slower, keeps more and forgets less; what has to be true of
// one is tested with bot/matrix/dendritetest. The program that measures bots
// with this one is cmd/measure.
// https://spec.matrix.org/v1.15/client-server-api/
package synthetic

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Name is the server's part of user ids.
const Name = "synthetic.test"

// Password is every user's password.
const Password = "synthetic-password"

// Options describe the server at its start. The zero value is one bot without rooms.
type Options struct {
	User    string // whom Token belongs to; default "@bot:synthetic.test"
	Rooms   int    // rooms the bot is in from the start
	Members int    // people in each of them, the bot not counted

	// MaxEvents is the most events in the response to one sync; the rest
	// comes with the next, without a gap. 0: no bound.
	MaxEvents int
	// TimelineLimit is the most events of a room in the response to one sync;
	// older ones are left out, to be read from /messages. 0: what the filter says.
	TimelineLimit int
	// NoTxnMemory makes every send a new event, whatever its transaction id.
	NoTxnMemory bool
	// Seed decides which requests fail when a share of them is to.
	Seed uint64
}

// Server is a running homeserver. All its methods may be called at any time.
type Server struct {
	URL   string // http://127.0.0.1:port, the same after Down and Up
	User  string // the bot
	Token string // the bot's first access token

	addr string

	mu        sync.Mutex
	http      *http.Server // nil while the server is down
	stream    []*event     // the event at position n is stream[n-1]
	rooms     []*room
	byID      map[string]*room
	devices   map[string]*device // by access token
	revoked   map[string]bool    // by access token; true: a soft logout
	filters   []filter           // by id
	data      map[string][]byte  // account data, by user, room and type
	txns      map[string]string  // by token and path: the event id
	answers   []Answer
	onAnswer  func(Answer)
	stats     Stats
	rewind    int           // the next sync starts that many events earlier
	wake      chan struct{} // closed whenever something is added
	maxEvents int
	timeline  int
	forget    bool

	trouble  trouble
	inFlight atomic.Int64 // sends under way
	peak     atomic.Int64
}

// New starts a server on a free loopback port. The caller closes it.
func New(o Options) (*Server, error) {
	if o.User == "" {
		o.User = "@bot:" + Name
	}
	s := &Server{
		User: o.User, Token: "first-token-of-the-bot",
		byID: map[string]*room{}, devices: map[string]*device{}, revoked: map[string]bool{},
		data: map[string][]byte{}, txns: map[string]string{}, wake: make(chan struct{}),
		maxEvents: o.MaxEvents, timeline: o.TimelineLimit, forget: o.NoTxnMemory,
	}
	s.trouble.seed(o.Seed)
	s.devices[s.Token] = newDevice(s.Token, o.User, "FIRSTDEVICE")
	for i := range o.Rooms {
		s.furnish(i, o.Members)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("synthetic: %w", err)
	}
	s.addr = l.Addr().String()
	s.URL = "http://" + s.addr
	s.serve(l)
	return s, nil
}

// serve answers on l until Down.
func (s *Server) serve(l net.Listener) {
	h := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0), // aborted requests are what it is for
	}
	s.mu.Lock()
	s.http = h
	s.mu.Unlock()
	go h.Serve(l) // ends with Down
}

// Down takes the server off the network at once: requests under way are cut,
// though a send among them may still be accepted, and new connections are
// refused. What it knows, it keeps.
func (s *Server) Down() {
	s.mu.Lock()
	h := s.http
	s.http = nil
	s.mu.Unlock()
	if h != nil {
		h.Close()
	}
}

// Up brings the server back at the same address.
func (s *Server) Up() error {
	deadline := time.Now().Add(10 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		l, err := net.Listen("tcp", s.addr)
		if err == nil {
			s.serve(l)
			return nil
		}
		if time.Now().After(deadline) { // somebody else has the port
			return fmt.Errorf("synthetic: up again: %w", err)
		}
		<-tick.C
	}
}

// Close ends the server for good.
func (s *Server) Close() { s.Down() }
