package contribution

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot/money"
)

// Result is what a model comes to.
type Result struct {
	Model    string // its id
	Name     string
	Minor    int64  // the total in minor units: pence, cents, whole yen
	Currency string // "GBP" unless the model is another country's
	Parts    []Part // named parts in order; they add up to Minor
	Minutes  int64  // time instead of money
	HasTime  bool   // Minutes counts, even if it is 0
	Shares   []int64
	Formula  string
	Rounding string // in words
	Standing string
	Source   string
	Notes    []string
}

// Part is a named part of a total, in the total's minor units.
type Part struct {
	Name  string
	Minor int64
}

// Calc works out a model. What is wrong with the inputs comes back as an [*InputError].
func Calc(model string, inputs map[string]string) (Result, error) {
	m, err := find(model)
	if err != nil {
		return Result{}, err
	}
	a, err := m.read(inputs)
	if err != nil {
		return Result{}, err
	}
	out := Result{
		Model: m.ID, Name: m.Name, Currency: "GBP", Formula: m.Formula, Rounding: m.Rounding.String(),
		Standing: m.Standing, Source: strings.Join(m.Sources, " ; "),
	}
	var r reckoner
	if err := sums[m.ID](&r, m, a, &out); err != nil {
		return Result{}, err
	}
	if r.err != nil {
		return Result{}, r.err
	}
	out.Notes = append(out.Notes, m.Notes...)
	return out, nil
}

// CalcJSON is [Calc] as one JSON object without a line end, whatever was understood: a result as [Result.JSON] or a
// refusal {"error":"invalid_input","why":"…"}.
func CalcJSON(model string, inputs map[string]string) []byte {
	out, err := Calc(model, inputs)
	if err != nil {
		return RefusalJSON(err)
	}
	return out.JSON()
}

// RefusalJSON returns {"error":"invalid_input","why":"…"}.
func RefusalJSON(err error) []byte {
	why := err.Error()
	var in *InputError
	if errors.As(err, &in) {
		why = in.Why
	}
	return append(append([]byte(`{"error":"invalid_input","why":`), encode(why)...), '}')
}

// JSON returns {"pence":…}, or {"minor_units":…,"currency":"…"} for other currencies, with "parts" (name → minor
// units, in order), "minutes" and "shares" where the model has them.
func (r Result) JSON() []byte {
	var b bytes.Buffer
	if r.Currency == "GBP" {
		fmt.Fprintf(&b, `{"pence":%d`, r.Minor)
	} else {
		fmt.Fprintf(&b, `{"minor_units":%d,"currency":%s`, r.Minor, encode(r.Currency))
	}
	for i, p := range r.Parts {
		before := ","
		if i == 0 {
			before = `,"parts":{`
		}
		fmt.Fprintf(&b, "%s%s:%d", before, encode(p.Name), p.Minor)
	}
	if len(r.Parts) > 0 {
		b.WriteByte('}')
	}
	if r.HasTime {
		fmt.Fprintf(&b, `,"minutes":%d`, r.Minutes)
	}
	if r.Shares != nil {
		fmt.Fprintf(&b, `,"shares":%s`, encode(r.Shares))
	}
	b.WriteByte('}')
	return b.Bytes()
}

// encode is for strings and lists of integers, which JSON can always hold.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// Amount returns the total.
func (r Result) Amount() money.Amount { return money.Amount{Minor: r.Minor, Currency: r.Currency} }

// part adds a named part to the total.
func (r *Result) part(c *reckoner, name string, minor int64) {
	r.Parts = append(r.Parts, Part{name, minor})
	r.Minor = c.plus(r.Minor, minor)
}

func (r *Result) setMinutes(n int64) { r.Minutes, r.HasTime = n, true }

func (r *Result) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}
