package bot

import (
	"errors"
	"fmt"
	"time"
)

// A Refusal is an error in plain words for the person who asked.
type Refusal struct{ Text string }

func (r *Refusal) Error() string { return r.Text }

// Errorf returns an error whose text is the answer.
func Errorf(format string, args ...any) error {
	return &Refusal{fmt.Sprintf(format, args...)}
}

// Errors of [Transport.Send]. Every other error is taken to mean that the
// outcome is known, the post was not said, and trying again may help.
var (
	// ErrUnknown: the connection was cut or timed out; it may have been said.
	// One batch is awaited, and its echoes marked, before it is tried again.
	ErrUnknown = errors.New("outcome unknown")
	// ErrNever: trying again cannot help.
	ErrNever = errors.New("will never be accepted")
	// ErrHeld: the site holds it until a person there approves.
	ErrHeld = errors.New("held for approval")
	// ErrStop: the site no longer knows the bot; the operator has to act.
	ErrStop = errors.New("the site has shut the bot out")
)

// A WaitError is a site's "not now".
type WaitError struct {
	For time.Duration
	All bool // it holds for every room of the site
}

func (w *WaitError) Error() string { return fmt.Sprintf("asked to wait %s", w.For) }
