package contribution

import (
	"encoding/json"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
)

// mostItems bounds every list, so that no call can ask for a million shares.
const mostItems = 10000

// period is some months at one monthly sum.
type period struct{ months, monthly int64 }

// sorted goes over a map in the order of its keys.
func sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

// decode reads the whole of text as one JSON value, with numbers kept as they are written.
func decode(text string, v any) bool {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	d.DisallowUnknownFields()
	if d.Decode(v) != nil {
		return false
	}
	_, err := d.Token()
	return err == io.EOF
}

// counts reads [6,8,4], {"a":6,"b":8} or one whole number.
func counts(name, text string) (out []int64, err error) {
	var numbers []json.Number
	byName := object{}
	switch {
	case strings.HasPrefix(text, "{") && decode(text, &byName):
		numbers = byName.numbers
	case strings.HasPrefix(text, "[") && decode(text, &numbers):
	case !strings.ContainsAny(text, "[{"):
		numbers = []json.Number{json.Number(text)}
	default:
		return nil, refuse(`%s is a list of whole numbers like [6,8,4], not %q`, name, clip(text))
	}
	if len(numbers) == 0 || len(numbers) > mostItems {
		return nil, refuse("%s has %d numbers; it takes 1 to %d", name, len(numbers), mostItems)
	}
	for _, n := range numbers {
		c, err := count(name, n.String())
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// object is a JSON object of numbers in which no name comes twice.
type object struct{ numbers []json.Number }

// UnmarshalJSON implements [json.Unmarshaler].
func (o *object) UnmarshalJSON(data []byte) error {
	var byName map[string]json.Number
	if err := json.Unmarshal(data, &byName); err != nil {
		return err
	}
	d := json.NewDecoder(strings.NewReader(string(data)))
	for seen := -1; ; seen++ { // the first token is the bracket
		if _, err := d.Token(); err != nil {
			return err
		}
		if !d.More() {
			if seen != 2*len(byName)-1 {
				return refuse("a name comes twice")
			}
			break
		}
	}
	for _, n := range sorted(byName) {
		o.numbers = append(o.numbers, n)
	}
	return nil
}

// periods reads [{"months":6,"monthly_pence":10000}].
func periods(name, text string) (out []period, err error) {
	var items []struct {
		Months  json.Number `json:"months"`
		Monthly json.Number `json:"monthly_pence"`
	}
	if !decode(text, &items) || len(items) == 0 || len(items) > mostItems {
		return nil, refuse(`%s is a list like [{"months":6,"monthly_pence":10000}], not %q`, name, clip(text))
	}
	for _, it := range items {
		var p period
		if p.months, err = count(name+".months", it.Months.String()); err != nil {
			return nil, err
		}
		if p.monthly, err = count(name+".monthly_pence", it.Monthly.String()); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// coops reads a list of names, which it puts in order, or how many there are.
func coops(name, text string) (names []string, n int64, err error) {
	if strings.HasPrefix(text, "[") {
		if !decode(text, &names) {
			return nil, 0, refuse(`%s is a list of names like ["agile","outlandish"] or a number, not %q`, name, clip(text))
		}
		slices.Sort(names)
		if len(slices.Compact(slices.Clone(names))) < len(names) || slices.Contains(names, "") {
			return nil, 0, refuse("%s has a co-op twice, or one without a name", name)
		}
		n = int64(len(names))
	} else if n, err = count(name, text); err != nil {
		return nil, 0, err
	}
	if n < 1 || n > mostItems {
		return nil, 0, refuse("%s is 1 to %d co-ops", name, mostItems)
	}
	return names, n, nil
}
