package discoursetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// params are what a request says, in its address and its body. Values are
// strings, lists and further params; JSON bodies bring numbers and booleans.
type params map[string]any

// readParams reads the query and the body: a form, a multipart form (its
// file is returned) or JSON.
func readParams(r *http.Request, body []byte) (params, *multipart.FileHeader, error) {
	p := params{}
	p.addValues(r.URL.Query())
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case len(body) == 0:
	case kind == "application/json":
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		m := map[string]any{}
		if err := d.Decode(&m); err != nil {
			return nil, nil, err
		}
		for k, v := range m {
			p[k] = v
		}
	case kind == "multipart/form-data":
		r.Body = io.NopCloser(bytes.NewReader(body))
		if err := r.ParseMultipartForm(32 << 20); err != nil {
			return nil, nil, err
		}
		p.addValues(r.MultipartForm.Value)
		if files := r.MultipartForm.File["file"]; len(files) > 0 {
			return p, files[0], nil
		}
	default:
		v, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, nil, err
		}
		p.addValues(v)
	}
	return p, nil, nil
}

func (p params) addValues(v url.Values) {
	for k, vs := range v {
		for _, s := range vs {
			p.add(k, s)
		}
	}
}

// add reads names as Rails does: a[], a[b], a[][b].
func (p params) add(key, value string) {
	name, rest, nested := strings.Cut(key, "[")
	if !nested {
		p[key] = value
		return
	}
	rest = "[" + rest
	inner, after, _ := strings.Cut(rest[1:], "]")
	switch {
	case inner == "" && after == "":
		list, _ := p[name].([]any)
		p[name] = append(list, value)
	case inner == "":
		list, _ := p[name].([]any)
		field := strings.Trim(after, "[]")
		last := map[string]any{}
		if n := len(list); n > 0 {
			if m, ok := list[n-1].(map[string]any); ok && m[field] == nil {
				last = m
				list = list[:n-1]
			}
		}
		last[field] = value
		p[name] = append(list, last)
	default:
		sub := p.sub(name)
		sub.add(inner+after, value)
		p[name] = map[string]any(sub)
	}
}

// has says whether a key was sent at all.
func (p params) has(key string) bool { _, ok := p[key]; return ok }

// str returns a value as text, "" if it is not there or null.
func (p params) str(key string) string { return textOf(p[key]) }

func textOf(v any) string {
	switch v := v.(type) {
	case nil, map[string]any, []any:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

func (p params) num(key string) int64 {
	n, _ := strconv.ParseInt(p.str(key), 10, 64)
	return n
}

func (p params) flag(key string) bool { return p.str(key) == "true" || p.str(key) == "1" }

// list returns a value as a list; one with commas is cut there.
func (p params) list(key string) []any {
	switch v := p[key].(type) {
	case nil:
		return nil
	case []any:
		return v
	case map[string]any: // a[0], a[1]
		out := make([]any, 0, len(v))
		for i := range len(v) {
			out = append(out, v[strconv.Itoa(i)])
		}
		return out
	}
	var out []any
	for _, s := range strings.Split(p.str(key), ",") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (p params) strs(key string) []string {
	var out []string
	for _, v := range p.list(key) {
		if s := textOf(v); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (p params) nums(key string) []int64 {
	var out []int64
	for _, s := range p.strs(key) {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}

func (p params) sub(key string) params {
	if m, ok := p[key].(map[string]any); ok {
		return params(m)
	}
	return params{}
}
