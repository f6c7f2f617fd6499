package main

import (
	"fmt"
	"strings"

	"git.coop/cotech/wortley/commands/fund/contribution"
)

type calcCmd struct {
	JSON   bool       `name:"json" help:"Print JSON. It is what is printed anyway."`
	Model  string     `arg:"" help:"The id of a contribution model."`
	Inputs []keyValue `arg:"" optional:"" sep:"none" placeholder:"KEY=VALUE" help:"What the model has to know: payroll=£320k, or whole pence as wages_pence=32000000. Lists and objects are JSON."`
}

// A keyValue is KEY=VALUE.
type keyValue struct{ key, value string }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (k *keyValue) UnmarshalText(text []byte) (err error) {
	var ok bool
	if k.key, k.value, ok = strings.Cut(string(text), "="); !ok || k.key == "" {
		return fmt.Errorf("%q is no input; want one like members=9", text)
	}
	return nil
}

// Validate is called by kong: an input that is given twice is a slip.
func (c *calcCmd) Validate() error {
	seen := map[string]bool{}
	for _, in := range c.Inputs {
		if seen[in.key] {
			return fmt.Errorf("%s is given twice", in.key)
		}
		seen[in.key] = true
	}
	return nil
}

// Run prints what a model comes to, as one JSON object.
func (c *calcCmd) Run(a *app) error {
	inputs := map[string]string{}
	for _, in := range c.Inputs {
		inputs[in.key] = in.value
	}
	_, err := fmt.Fprintf(a.out, "%s\n", contribution.CalcJSON(c.Model, inputs))
	return err
}
