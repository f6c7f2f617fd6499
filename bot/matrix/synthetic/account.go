package synthetic

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

func (s *Server) accountRoutes(known func(method, path string, h handler)) {
	known("GET", "/account/whoami", func(w http.ResponseWriter, _ *http.Request, d *device) {
		ok(w, map[string]any{"user_id": d.user, "device_id": d.id})
	})
	known("POST", "/logout", s.logout)
	known("POST", "/user/{user}/filter", s.makeFilter)
	known("GET", "/user/{user}/filter/{id}", s.showFilter)
	known("GET", "/user/{user}/account_data/{type}", s.getData)
	known("PUT", "/user/{user}/account_data/{type}", s.putData)
	known("GET", "/user/{user}/rooms/{room}/account_data/{type}", s.getData)
	known("PUT", "/user/{user}/rooms/{room}/account_data/{type}", s.putData)
	known("GET", "/capabilities", func(w http.ResponseWriter, _ *http.Request, _ *device) {
		ok(w, map[string]any{"capabilities": map[string]any{}})
	})
	known("GET", "/profile/{user}", func(w http.ResponseWriter, r *http.Request, _ *device) {
		ok(w, map[string]string{"displayname": r.PathValue("user")})
	})
	known("PUT", "/profile/{user}/{field}", nothing)
	known("PUT", "/presence/{user}/status", nothing)
	// There is no encryption here: nobody has keys, and keys sent are not kept.
	known("POST", "/keys/upload", func(w http.ResponseWriter, _ *http.Request, _ *device) {
		ok(w, map[string]any{"one_time_key_counts": map[string]int{}})
	})
	known("POST", "/keys/query", func(w http.ResponseWriter, _ *http.Request, _ *device) {
		ok(w, map[string]any{"device_keys": map[string]any{}, "failures": map[string]any{}})
	})
	known("POST", "/keys/claim", func(w http.ResponseWriter, _ *http.Request, _ *device) {
		ok(w, map[string]any{"one_time_keys": map[string]any{}, "failures": map[string]any{}})
	})
}

func versions(w http.ResponseWriter, _ *http.Request) {
	list := []string{"r0.6.1"}
	for minor := 1; minor <= 11; minor++ {
		list = append(list, "v1."+strconv.Itoa(minor))
	}
	ok(w, map[string]any{"versions": list, "unstable_features": map[string]bool{}})
}

func flows(w http.ResponseWriter, _ *http.Request) {
	ok(w, map[string]any{"flows": []map[string]string{{"type": "m.login.password"}}})
}

// login lets anybody in who knows [Password]. A device that logs in again
// loses its earlier token.
func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	body, good := readJSON(w, r)
	if !good {
		return
	}
	req := gjson.ParseBytes(body)
	user := req.Get("identifier.user").Str
	if user == "" {
		user = req.Get("user").Str
	}
	if user == "" || req.Get("password").Str != Password {
		fail(w, http.StatusForbidden, "M_FORBIDDEN", "wrong name or password")
		return
	}
	if !strings.HasPrefix(user, "@") {
		user = "@" + user + ":" + Name
	}
	id := req.Get("device_id").Str
	if id == "" {
		id = "DEVICE" + rand.Text()[:6]
	}
	d := newDevice("token-"+rand.Text(), user, id)
	s.mu.Lock()
	for token, other := range s.devices {
		if other.user == user && other.id == id {
			delete(s.devices, token)
		}
	}
	s.devices[d.token] = d
	s.mu.Unlock()
	ok(w, map[string]string{"user_id": user, "access_token": d.token, "device_id": id, "home_server": Name})
}

func (s *Server) logout(w http.ResponseWriter, _ *http.Request, d *device) {
	s.mu.Lock()
	delete(s.devices, d.token)
	s.mu.Unlock()
	ok(w, struct{}{})
}

func (s *Server) makeFilter(w http.ResponseWriter, r *http.Request, _ *device) {
	body, good := readJSON(w, r)
	if !good {
		return
	}
	s.mu.Lock()
	s.filters = append(s.filters, parseFilter(body))
	id := len(s.filters)
	s.mu.Unlock()
	ok(w, map[string]string{"filter_id": strconv.Itoa(id)})
}

func (s *Server) showFilter(w http.ResponseWriter, r *http.Request, _ *device) {
	f, found := s.filter(r.PathValue("id"))
	if !found {
		fail(w, http.StatusNotFound, "M_NOT_FOUND", "no such filter")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(f.raw)
}

// filter returns the filter with an id, or the one written out in place of an
// id. Without either everything passes.
func (s *Server) filter(text string) (filter, bool) {
	if text == "" {
		return filter{}, true
	}
	if strings.HasPrefix(text, "{") {
		return parseFilter([]byte(text)), gjson.Valid(text)
	}
	id, _ := strconv.Atoi(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	if id < 1 || id > len(s.filters) {
		return filter{}, false
	}
	return s.filters[id-1], true
}

func dataKey(r *http.Request) string {
	return r.PathValue("user") + " " + r.PathValue("room") + " " + r.PathValue("type")
}

func (s *Server) getData(w http.ResponseWriter, r *http.Request, _ *device) {
	s.mu.Lock()
	content := s.data[dataKey(r)]
	s.mu.Unlock()
	if content == nil {
		fail(w, http.StatusNotFound, "M_NOT_FOUND", "no such account data")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(content)
}

func (s *Server) putData(w http.ResponseWriter, r *http.Request, _ *device) {
	body, good := readJSON(w, r)
	if !good {
		return
	}
	s.mu.Lock()
	s.data[dataKey(r)] = body
	s.mu.Unlock()
	ok(w, struct{}{})
}
