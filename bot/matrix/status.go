package matrix

import (
	"context"
	"fmt"
	"time"
)

// Status says in a few lines how the transport is doing.
func (t *Transport) Status(ctx context.Context) []string {
	s := t.live.Load()
	if s == nil {
		return []string{"Matrix: not connected"}
	}
	t.state.mu.Lock()
	verified, last, down := t.state.verified, t.state.lastRound, t.state.down
	t.state.mu.Unlock()
	line := fmt.Sprintf("Matrix: %s, device %s", s.user, s.device)
	switch {
	case down:
		line += "; the server cannot be reached"
	case last.IsZero():
		line += "; no news yet"
	default:
		line += fmt.Sprintf("; last news %s ago", time.Since(last).Round(time.Second))
	}
	lines := []string{line}
	if s.keys == nil {
		return append(lines, "Encryption: off")
	}
	lines = append(lines, "Verified by its owner: "+verified)
	waiting := 0
	err := t.db.QueryRow(ctx, `SELECT count(*) FROM matrix_undecrypted`).Scan(&waiting)
	if err == nil && waiting > 0 {
		lines = append(lines, fmt.Sprintf("Messages without a key: %d", waiting))
	}
	return lines
}
