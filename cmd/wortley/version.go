package main

import (
	"fmt"
	"runtime/debug"
)

// release is set by the linker for releases: -X main.release=1.2.0
var release string

type versionCmd struct{}

func (versionCmd) Run(a *app) error {
	_, err := fmt.Fprintln(a.out, "wortley "+version())
	return err
}

// version returns the release, or the commit this was built from.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	commit, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = ", changed since"
		}
	}
	if commit == "" {
		return "development"
	}
	return "development (" + commit + changed + ")"
}
