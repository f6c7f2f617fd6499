package measure

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"git.coop/cotech/wortley/bot/matrix/synthetic/yardstick"
)

// Yardstick builds one of the bots to compare with, "bare" or "raw", into dir.
// It runs the go command, somewhere inside this module.
func Yardstick(ctx context.Context, name, dir string) (Bot, error) {
	exe := filepath.Join(dir, name)
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-tags", "goolm", "-ldflags", "-s -w", "-o", exe,
		"git.coop/cotech/wortley/bot/matrix/synthetic/cmd/"+name)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return Bot{}, fmt.Errorf("measure: building %s: %w\n%s", name, err, out)
	}
	run := append([]string{exe}, yardstick.Args()...)
	fill := append([]string{exe, "-import"}, yardstick.Args()...)
	return Bot{Name: name, Commands: [][]string{fill, run}}, nil
}
