package money

import (
	"bytes"
	"encoding/json"
)

// ReadJSON is [Read] as one JSON object without a line end: {"minor_units":125050,"currency":"GBP"}, {"ask":"…"} or
// {"error":"…"}.
func ReadJSON(text, defaultCurrency string) []byte { return Read(text, defaultCurrency).JSON() }

// JSON returns the reading as [ReadJSON] does.
func (r Reading) JSON() []byte {
	switch {
	case r.Why != "":
		return encode(map[string]string{"error": r.Why})
	case r.Ask != "":
		return encode(map[string]string{"ask": r.Ask})
	}
	return encode(r.Amount)
}

// encode cannot fail: its values hold only strings and integers.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
