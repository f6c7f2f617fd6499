package contribution

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Row is one model beside the others.
type Row struct {
	Model   *Model
	Results []Result // one; two where the model leaves a range or a choice; none if something is needed
	Needs   []string // the names of what was not given
}

// Compare works out every model from the same inputs, for example members, payroll, revenue and profit. A model that
// needs something else says so in its row; an input that no model takes, or a wrong one, is an [*InputError].
func Compare(inputs map[string]string) ([]Row, error) {
	for name := range sorted(inputs) {
		if !slices.Contains(compared(), name) {
			return nil, refuse("no model takes %q; try members, payroll, revenue and profit", clip(name))
		}
	}
	var rows []Row
	for i := range all {
		row, err := all[i].row(inputs)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// compared lists the names that Compare takes: all but those of periods, which are one venture's own agreement.
func compared() (names []string) {
	for _, m := range all {
		for _, in := range m.Inputs {
			if in.Kind != Periods {
				names = append(names, in.names()...)
			}
		}
	}
	return names
}

func (m *Model) row(inputs map[string]string) (Row, error) {
	row, presets := Row{Model: m}, m.Presets
	if presets == nil {
		presets = []map[string]string{nil}
	}
	for _, preset := range presets {
		filled, needs := m.fill(inputs, preset)
		if len(needs) > 0 {
			return Row{Model: m, Needs: needs}, nil
		}
		out, err := Calc(m.ID, filled)
		if err != nil {
			return Row{}, err
		}
		same := func(r Result) bool { return bytes.Equal(r.JSON(), out.JSON()) }
		if !slices.ContainsFunc(row.Results, same) {
			row.Results = append(row.Results, out)
		}
	}
	return row, nil
}

// fill picks the model's own inputs: what was given, else what the preset says, else its default.
func (m *Model) fill(inputs, preset map[string]string) (filled map[string]string, needs []string) {
	filled = map[string]string{}
	for _, in := range m.Inputs {
		given := false
		for _, n := range in.names() {
			if text, ok := inputs[n]; ok {
				filled[n], given = text, true
			}
		}
		if given {
			continue
		}
		text, isSet := preset[in.Name]
		if from, ok := strings.CutPrefix(text, "$"); ok {
			text, isSet = inputs[from]
			if !isSet {
				needs = append(needs, from)
				continue
			}
		}
		switch {
		case isSet:
			filled[in.Name] = text
		case in.Default == "" && !in.Optional:
			needs = append(needs, in.need())
		}
	}
	return filled, needs
}

// Text says the row's result: "£468.00 or 108 h", "£8,700.00 to £16,200.00", "needs contract".
func (r Row) Text() string {
	if len(r.Needs) > 0 {
		return "needs " + strings.Join(r.Needs, " and ")
	}
	var totals []string
	for _, out := range r.Results {
		totals = append(totals, out.Total())
	}
	return strings.Join(totals, " "+r.Model.Between+" ")
}

// CompareText says rows as a Markdown list: the models that have a result, then in one line what the others need.
func CompareText(rows []Row) string {
	var b strings.Builder
	var rest []string
	for _, row := range rows {
		if len(row.Needs) > 0 {
			rest = append(rest, row.Model.Name+" "+row.Text())
			continue
		}
		about := row.Model.Standing
		if row.Model.Taken != "" {
			about += "; " + row.Model.Taken
		}
		fmt.Fprintf(&b, "- %s: **%s** (%s)\n", row.Model.Name, row.Text(), about)
	}
	if len(rest) > 0 {
		fmt.Fprintf(&b, "\nNot without more: %s.\n", strings.Join(rest, "; "))
	}
	return b.String()
}

// Subs is what a co-op with this payroll pays to workers.coop in a year; its notes give the sum with VAT. The payroll
// is written as people do: "320000", "£320k".
func Subs(payroll string) (Result, error) {
	return Calc("workers_coop_subscription", map[string]string{"payroll": payroll})
}
