package synthetic

import (
	"encoding/json"
	"net/http"
	"strings"
)

// device is one login of a user.
type device struct {
	token, user, id string
	met             map[*event]bool // member events given to it, with lazy loading
}

func newDevice(token, user, id string) *device {
	return &device{token: token, user: user, id: id, met: map[*event]bool{}}
}

// handler answers a request of somebody who is logged in.
type handler func(w http.ResponseWriter, r *http.Request, d *device)

// handler returns the whole API. {v} is its version: v3, r0, v1 are all the same here.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	open := func(pattern string, h http.HandlerFunc) { mux.HandleFunc(pattern, h) }
	known := func(method, path string, h handler) {
		mux.HandleFunc(method+" /_matrix/client/{v}"+path, func(w http.ResponseWriter, r *http.Request) {
			if d := s.who(w, r); d != nil {
				h(w, r, d)
			}
		})
	}
	open("GET /_matrix/client/versions", versions)
	open("GET /_matrix/client/{v}/login", flows)
	open("POST /_matrix/client/{v}/login", s.login)
	open("/", func(w http.ResponseWriter, _ *http.Request) {
		fail(w, http.StatusNotFound, "M_UNRECOGNIZED", "this server does not know that")
	})

	known("GET", "/sync", s.troubled(Syncs, s.sync))
	known("PUT", "/rooms/{room}/send/{type}/{txn}", s.troubled(Sends, s.send))
	known("PUT", "/rooms/{room}/redact/{event}/{txn}", s.troubled(Sends, s.send))
	known("GET", "/rooms/{room}/messages", s.messages)
	s.accountRoutes(known)
	s.roomRoutes(known)
	return mux
}

// who returns the device whose token the request has, or says to the client
// that it has none and returns nil.
func (s *Server) who(w http.ResponseWriter, r *http.Request) *device {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if token == "" {
		token = r.URL.Query().Get("access_token")
	}
	if token == "" {
		fail(w, http.StatusUnauthorized, "M_MISSING_TOKEN", "log in first")
		return nil
	}
	s.mu.Lock()
	d, soft := s.devices[token], s.revoked[token]
	s.mu.Unlock()
	if d == nil {
		reply(w, http.StatusUnauthorized, map[string]any{"errcode": "M_UNKNOWN_TOKEN", "error": "that login has ended", "soft_logout": soft})
	}
	return d
}

func (s *Server) count(f func(*Stats)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.stats)
}

func fail(w http.ResponseWriter, status int, code, text string) {
	reply(w, status, map[string]string{"errcode": code, "error": text})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // an error means that the client has gone
}

func ok(w http.ResponseWriter, body any) { reply(w, http.StatusOK, body) }

// nothing answers requests that this server takes and does nothing about.
func nothing(w http.ResponseWriter, _ *http.Request, _ *device) { ok(w, struct{}{}) }
