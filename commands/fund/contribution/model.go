package contribution

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

//go:embed models.json
var modelsJSON []byte

// Model is one way to reckon a contribution.
type Model struct {
	ID       string              `json:"id"`
	Name     string              `json:"name"`
	Formula  string              `json:"formula"`
	Rounding Rounding            `json:"rounding"`
	Standing string              `json:"standing"` // whether it is in force, proposed or hearsay
	Sources  []string            `json:"sources"`
	Figures  map[string]Fraction `json:"figures"` // the numbers of the formula
	Inputs   []Input             `json:"inputs"`
	Notes    []string            `json:"notes"`
	Presets  []map[string]string `json:"compare"` // what Compare fills in, one map a result; "$members" is what was given as members
	Between  string              `json:"between"` // the word between those results
	Taken    string              `json:"taken"`   // what a comparison has to say beside the figure
}

// Input is one thing a model has to know.
type Input struct {
	Name     string   `json:"name"`
	Kind     Kind     `json:"kind"`
	Also     []string `json:"also"`    // other names
	Default  string   `json:"default"` // taken when it is left out; "" if it may not be
	Optional bool     `json:"optional"`
	Choices  []string `json:"choices"`
	Min      int64    `json:"min"` // in the unit that is kept, hundredths for decimals
	Max      int64    `json:"max"` // 0: no limit
	Currency string   `json:"currency"`
}

// Kind says how an input is written.
type Kind string

const (
	Count      Kind = "count"      // whole, 0 or more
	Pence      Kind = "pence"      // money, 0 or more
	Signed     Kind = "signed"     // money, below zero for a loss
	Hundredths Kind = "hundredths" // whole hundredths; without the ending _hundredths a decimal number
	Decimal    Kind = "decimal"    // a number with up to two decimals, kept as hundredths
	Flag       Kind = "flag"       // true or false
	Choice     Kind = "choice"     // one of Choices
	Counts     Kind = "counts"     // [6,8,4], {"a":6,"b":8}, or one whole number
	Periods    Kind = "periods"    // [{"months":6,"monthly_pence":10000}]
	Coops      Kind = "coops"      // ["agile","outlandish"], or how many
)

// Rounding is when and how a model rounds.
type Rounding string

// String says the rounding in words.
func (r Rounding) String() string {
	switch r {
	case "half_up":
		return "to the nearest penny, once at the end, halves away from zero"
	case "half_up_each":
		return "each part to the nearest penny, halves away from zero; the total is the sum of the parts"
	case "largest_remainder":
		return "down to whole pennies, then the pennies left over one by one to the largest fractions"
	}
	return "none, the result is whole"
}

// Fraction is an exact number, written "5/1000" or "100".
type Fraction struct{ Num, Den int64 }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (f *Fraction) UnmarshalText(text []byte) (err error) {
	num, den, ok := strings.Cut(string(text), "/")
	if !ok {
		den = "1"
	}
	if f.Num, err = strconv.ParseInt(num, 10, 64); err != nil {
		return err
	}
	if f.Den, err = strconv.ParseInt(den, 10, 64); err == nil && f.Den <= 0 {
		err = fmt.Errorf("fraction %q", text)
	}
	return err
}

var all = mustLoad(modelsJSON)

// mustLoad panics only if the embedded file is broken, which no build with its tests passed is.
func mustLoad(data []byte) (ms []Model) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&ms); err != nil {
		panic(fmt.Errorf("contribution: reading models: %w", err))
	}
	return ms
}

// Models returns all models in the order they are shown.
func Models() []Model { return slices.Clone(all) }

// find returns the model, or an [*InputError] that names the likely ones.
func find(id string) (*Model, error) {
	id = strings.ToLower(strings.TrimSpace(id))
	var near, ids []string
	for i := range all {
		if all[i].ID == id {
			return &all[i], nil
		}
		if id != "" && strings.Contains(all[i].ID, id) {
			near = append(near, all[i].ID)
		}
		ids = append(ids, all[i].ID)
	}
	if len(near) > 0 {
		ids = near
	}
	return nil, refuse("there is no model %q; there is %s", clip(id), strings.Join(ids, ", "))
}

// figure returns a number of the formula.
func (m *Model) figure(name string) Fraction {
	f, ok := m.Figures[name]
	if !ok {
		panic("contribution: " + m.ID + " has no figure " + name)
	}
	return f
}
