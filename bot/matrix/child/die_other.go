//go:build !linux

package child

import "os/exec"

// dieWithParent does nothing: only Linux knows how to.
func dieWithParent(*exec.Cmd) {}
