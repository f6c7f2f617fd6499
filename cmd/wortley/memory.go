package main

import (
	"log/slog"
	"os"
	"runtime/debug"
	"time"
)

// started is how long after its beginning the bot has done what it does only once.
const started = time.Second

// beFrugal keeps the bot small: an idle bot should not be noticed on the
// machine it lives on. Collecting garbage twice as often as Go does costs a
// hundredth of the processor time of a backlog. GOGC, if set, has its way.
func beFrugal(log *slog.Logger) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
	time.AfterFunc(started, func() {
		debug.FreeOSMemory()
		if err := giveBack(); err != nil {
			log.Debug("memory of the start not given back", "err", err)
		}
	})
}
