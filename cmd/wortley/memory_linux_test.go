package main

import (
	"fmt"
	"os"
	"testing"
)

// TestGiveBack looks that the program holds less of itself afterwards, and
// goes on working.
func TestGiveBack(t *testing.T) {
	before := filePages(t)
	if err := giveBack(); err != nil {
		t.Fatal(err)
	}
	if after := filePages(t); after >= before {
		t.Errorf("%d pages of files in memory after giving back, %d before", after, before)
	}
}

// filePages returns how many pages of files the program holds.
// https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html
func filePages(t *testing.T) (n int) {
	t.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	if err == nil {
		var size, resident int
		_, err = fmt.Sscan(string(text), &size, &resident, &n)
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}
