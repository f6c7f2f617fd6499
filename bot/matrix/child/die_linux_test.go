package child

import (
	"errors"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"
)

func TestDiesWithItsParent(t *testing.T) {
	parent, line := start(t, "parent")
	pid, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	parent.Kill()
	for deadline := time.Now().Add(10 * time.Second); alive(pid); <-time.After(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("process %d outlived its parent", pid)
		}
	}
}

// alive is false for a process that has ended but has not been waited for.
func alive(pid int) bool {
	if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	for i, c := range stat {
		if c == ')' && i+2 < len(stat) {
			return stat[i+2] != 'Z'
		}
	}
	return true
}
