package main

import (
	"context"
	"maps"
	"slices"
	"time"
)

// forums checks both keys and the account of each forum, changing nothing.
func (f *findings) forums(ctx context.Context, c *Config) {
	for _, name := range slices.Sorted(maps.Keys(c.Forums)) {
		client, err := c.Forums[name].client(c)
		if err != nil {
			f.lacks("forum %s: %s", name, err)
			continue
		}
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		for _, check := range client.CheckScopes(ctx) {
			switch {
			case !check.OK:
				f.lacks("forum %s: %s: %s", name, check.What, check.Problem)
			case check.Problem != "":
				f.fine("forum %s: %s (%s)", name, check.What, check.Problem)
			default:
				f.fine("forum %s: %s", name, check.What)
			}
		}
		cancel()
	}
}
