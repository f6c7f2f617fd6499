package main

import (
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot/money"
)

type moneyCmd struct {
	Currency string   `default:"GBP" placeholder:"CODE" help:"The currency of bare amounts; ${default} if left out."`
	JSON     bool     `name:"json" help:"Print JSON. It is what is printed anyway."`
	Text     []string `arg:"" help:"An amount as somebody wrote it: 1,250.50 or £12."`
}

// Run prints how an amount is read, as one JSON object.
func (m *moneyCmd) Run(a *app) error {
	_, err := fmt.Fprintf(a.out, "%s\n", money.ReadJSON(strings.Join(m.Text, " "), m.Currency))
	return err
}
