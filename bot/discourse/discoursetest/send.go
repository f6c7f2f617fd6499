package discoursetest

import (
	"encoding/json"
	"net"
	"net/http"
)

// page is what a browser gets.
func (f *Forum) page() answer {
	return answer{status: http.StatusOK, kind: "text/html", text: "<!DOCTYPE html>\n<html lang=\"en\"><head><title>" + f.s.Settings.Title +
		"</title><meta name=\"generator\" content=\"Discourse " + f.o.Mode.Version() + " - https://github.com/discourse/discourse version test\"></head><body></body></html>\n"}
}

// send writes an answer, or half of it.
func (f *Forum) send(w http.ResponseWriter, a answer, half bool) {
	b, kind := []byte(a.text), a.kind
	if a.body != nil {
		var err error
		if b, err = json.Marshal(a.body); err != nil {
			panic(err)
		}
		kind = "application/json"
	}
	for k, v := range a.header {
		w.Header().Set(k, v)
	}
	if kind != "" {
		w.Header().Set("Content-Type", kind+"; charset=utf-8")
	}
	if half {
		w.Header().Set("Content-Length", itoa(len(b)))
		b = b[:len(b)/2]
	}
	w.WriteHeader(a.status)
	w.Write(b)
	if half {
		panic(http.ErrAbortHandler)
	}
}

// vanish resets the connection, at once or when the client gave up.
func (f *Forum) vanish(w http.ResponseWriter, r *http.Request, wait bool, stopped chan struct{}) {
	if wait {
		select {
		case <-r.Context().Done():
		case <-stopped:
		}
	}
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0) // a reset, not a polite end
	}
	conn.Close()
}
