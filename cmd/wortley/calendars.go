package main

import (
	"strconv"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/commands/minutes"
)

// minutes says where minutes are published.
func (c *Config) minutes() minutes.Options {
	name, number, ok := strings.Cut(c.Minutes.Category, ":")
	if _, err := strconv.ParseUint(number, 10, 31); err != nil || !ok || name == "" {
		return minutes.Options{}
	}
	return minutes.Options{Forum: bot.Room{Site: "discourse/" + name, ID: "category/" + number}}
}
