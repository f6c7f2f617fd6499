package contribution

import (
	"fmt"
	"slices"
	"strings"
)

// InputError is a refusal in words for whoever asked.
type InputError struct{ Why string }

// Error implements error.
func (e *InputError) Error() string { return e.Why }

func refuse(format string, args ...any) error { return &InputError{fmt.Sprintf(format, args...)} }

// clip keeps what is repeated to people short.
func clip(s string) string {
	if rs := []rune(s); len(rs) > 40 {
		return string(rs[:40]) + "…"
	}
	return s
}

// value is one input as it was understood.
type value struct {
	n       int64 // pence, hundredths or a count
	flag    bool
	text    string
	list    []int64  // counts
	names   []string // co-ops, in order
	periods []period
}

type args map[string]value

// names returns every name the input goes by, the plain one first if there is one.
func (in Input) names() []string {
	names := slices.Clone(in.Also)
	for _, ending := range []string{"_pence", "_hundredths"} {
		if plain, ok := strings.CutSuffix(in.Name, ending); ok {
			names = append(names, plain)
		}
	}
	return append(names, in.Name)
}

// need is how the input is asked for.
func (in Input) need() string { return in.names()[0] }

// written returns the name under which the input was given; an input may be given only once.
func (in Input) written(inputs map[string]string) (name string, err error) {
	for _, n := range in.names() {
		if _, ok := inputs[n]; !ok {
			continue
		}
		if name != "" {
			return "", refuse("%s and %s are the same; please give one", name, n)
		}
		name = n
	}
	return name, nil
}

// read understands the inputs of the model: all that it needs and no others.
func (m *Model) read(inputs map[string]string) (args, error) {
	out, known := args{}, map[string]bool{}
	var missing []string
	for _, in := range m.Inputs {
		name, err := in.written(inputs)
		if err != nil {
			return nil, err
		}
		known[name] = true
		text := in.Default
		switch {
		case name != "":
			text = inputs[name]
		case in.Optional:
			continue
		case text == "":
			missing = append(missing, in.Name)
			continue
		default:
			name = in.Name
		}
		if out[in.Name], err = in.value(name, strings.TrimSpace(text)); err != nil {
			return nil, err
		}
	}
	for name := range sorted(inputs) {
		if !known[name] {
			return nil, refuse("%s does not take %q; it takes %s", m.ID, clip(name), m.takes())
		}
	}
	switch len(missing) {
	case 0:
		return out, nil
	case 1:
		return nil, refuse("%s is missing", missing[0])
	}
	return nil, refuse("%s are missing", strings.Join(missing, " and "))
}

func (m *Model) takes() string {
	var names []string
	for _, in := range m.Inputs {
		names = append(names, in.Name)
	}
	return strings.Join(names, ", ")
}

// value understands one input that was given under name.
func (in Input) value(name, text string) (v value, err error) {
	exact := name == in.Name
	switch in.Kind {
	case Pence, Signed:
		v.n, err = in.money(name, text, exact)
	case Count:
		v.n, err = count(name, text)
	case Hundredths:
		if exact {
			v.n, err = count(name, text)
		} else {
			v.n, err = decimal(name, text)
		}
	case Decimal:
		v.n, err = decimal(name, text)
	case Flag:
		v.flag, err = flag(name, text)
	case Choice:
		if v.text = strings.ToLower(text); !slices.Contains(in.Choices, v.text) {
			err = refuse("%s is %s, not %q", name, strings.Join(in.Choices, " or "), clip(text))
		}
	case Counts:
		v.list, err = counts(name, text)
	case Periods:
		v.periods, err = periods(name, text)
	case Coops:
		v.names, v.n, err = coops(name, text)
	}
	if err == nil {
		err = in.within(name, v.n)
	}
	return v, err
}

// within checks the limits of numbers that have some.
func (in Input) within(name string, n int64) error {
	if in.Max == 0 || in.Min <= n && n <= in.Max {
		return nil
	}
	return refuse("%s is between %s and %s", name, trimmed(in.Min), trimmed(in.Max))
}

// trimmed writes hundredths as people do: 15, 2.5.
func trimmed(hundredths int64) string {
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100), "0"), ".")
}
