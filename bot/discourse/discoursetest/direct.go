package discoursetest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
)

// RoundTripper asks the forum without a network, for tests in which time is
// not real. Connections are cut in it as on one.
func (f *Forum) RoundTripper() http.RoundTripper { return direct{f} }

type direct struct{ f *Forum }

var errReset = errors.New("discoursetest: connection reset")

// RoundTrip implements [http.RoundTripper].
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	in.Host, in.RemoteAddr, in.RequestURI = r.URL.Host, "192.0.2.7:1", r.URL.RequestURI()
	w := &answering{ResponseRecorder: httptest.NewRecorder()}
	half := d.serve(w, in)
	if w.cut {
		return nil, errReset
	}
	res := w.Result()
	if half {
		b, err := io.ReadAll(res.Body)
		if err != nil {
			return nil, err
		}
		res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(b), broken{}))
	}
	res.Request = r
	return res, nil
}

// serve reports whether the answer was broken off.
func (d direct) serve(w http.ResponseWriter, r *http.Request) (half bool) {
	defer func() {
		if p := recover(); p == http.ErrAbortHandler {
			half = true
		} else if p != nil {
			panic(p)
		}
	}()
	d.f.ServeHTTP(w, r)
	return false
}

// answering is an answer whose connection can be cut.
type answering struct {
	*httptest.ResponseRecorder
	cut bool
}

// Hijack implements [http.Hijacker], for those who want to cut it.
func (a *answering) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	a.cut = true
	return nil, nil, errReset
}

// broken is the end of an answer that was broken off.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
