//go:build !unix

package main

import "errors"

// errBusy says that another process uses the data folder.
var errBusy = errors.New("another process is using it")

// lock refuses: two bots on one database would answer everything twice.
func lock(string) (unlock func(), err error) {
	return nil, errors.New("data folder: it cannot be locked on this system; the demo works, a bot of your own needs Linux, a BSD or macOS")
}
