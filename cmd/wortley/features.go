package main

import (
	"time"

	"git.coop/cotech/wortley/commands/about"
)

// aboutOptions are what the bot can say of itself.
func aboutOptions(started time.Time) about.Options {
	return about.Options{Version: version(), Started: started}
}
