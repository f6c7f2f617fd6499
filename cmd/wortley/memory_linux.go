package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// giveBack lets go of the pages of the program itself that only its start has
// needed: most of what an idle bot holds otherwise. What is needed again is
// mapped again, from memory as a rule. It takes only what nothing was ever
// written to.
func giveBack() error {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return err
	}
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return err
	}
	defer maps.Close()
	var from, to uintptr // of the mapping that is being read, if it is one of ours
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		f := strings.Fields(lines.Text())
		if !strings.HasSuffix(f[0], ":") { // "00400000-010c2000 r-xp 00000000 fe:00 10412044 /usr/bin/wortley"
			from, to = 0, 0
			if len(f) == 6 && f[5] == program && f[1][1] != 'w' {
				if _, err := fmt.Sscanf(f[0], "%x-%x", &from, &to); err != nil {
					return err
				}
			}
			continue
		}
		if f[0] == "Anonymous:" && f[1] == "0" && to > from { // nothing was written to it
			if _, _, e := syscall.Syscall(syscall.SYS_MADVISE, from, to-from, syscall.MADV_DONTNEED); e != 0 {
				return fmt.Errorf("give back %x-%x: %w", from, to, e)
			}
		}
	}
	return nil
}
