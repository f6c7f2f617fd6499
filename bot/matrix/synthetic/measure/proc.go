package measure

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// tick is the unit of processor times in /proc, 100 a second on every Linux
// that Go runs on.
const tick = 10 * time.Millisecond

// memory returns the resident memory of a process and the most it ever was,
// in KiB; zero where there is no /proc.
// https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
func memory(pid int) (now, peak int64) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0
	}
	for line := range bytes.Lines(status) {
		fields := bytes.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kib, _ := strconv.ParseInt(string(fields[1]), 10, 64)
		switch string(fields[0]) {
		case "VmRSS:":
			now = kib
		case "VmHWM:":
			peak = kib
		}
	}
	return now, peak
}

// processorTime returns what a process has used, in and for it; zero where
// there is no /proc. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
func processorTime(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(stat, []byte(") ")) // the name before it may hold anything
	fields := bytes.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(string(fields[11]))
	system, _ := strconv.Atoi(string(fields[12]))
	return time.Duration(user+system) * tick
}
