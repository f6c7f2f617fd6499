package discourse

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// What may be wrong, for [errors.Is]. Each error of a [Client] that came from
// the forum or the way to it is an [*Error] with one of these.
var (
	// ErrRateLimited: too much was asked. See [Error.Wait] and [Error.All].
	ErrRateLimited = errors.New("rate limited")
	// ErrReadOnly: the forum takes no writes for now; reading goes on.
	ErrReadOnly = errors.New("the forum is read-only")
	// ErrOverloaded: refused before it was worked on; the forum has too much to do or is being rebuilt.
	ErrOverloaded = errors.New("the forum is overloaded")
	// ErrUnreachable: no connection was made, so nothing was sent.
	ErrUnreachable = errors.New("the forum cannot be reached")
	// ErrBroken: no usable answer came to a question, which changed nothing.
	ErrBroken = errors.New("no usable answer")
	// ErrUnknown: a write may or may not have been done: look before trying again.
	ErrUnknown = errors.New("outcome unknown")
	// ErrNotMine: the answer may have been made for an anonymous visitor.
	ErrNotMine = errors.New("the answer may not be ours")
	// ErrHeld: accepted, but a moderator must approve it first. It has no id yet.
	ErrHeld = errors.New("held for approval")
	// ErrNotFound: gone, or not visible to the account; the forum does not tell which.
	ErrNotFound = errors.New("not found")
	// ErrGone: deleted. It is an ErrNotFound too.
	ErrGone = fmt.Errorf("deleted (%w)", ErrNotFound)
	// ErrForbidden: wrong key, wrong account, missing scope or missing right;
	// the forum does not tell which. [Client.Me] does.
	ErrForbidden = errors.New("not allowed")
	// ErrConflict: somebody else edited it meanwhile.
	ErrConflict = errors.New("edited meanwhile")
	// ErrInvalid: the forum refuses the content, or the request.
	ErrInvalid = errors.New("refused")
	// ErrMoved: the forum answers from another address than the one configured.
	ErrMoved = errors.New("the forum has moved")
	// ErrTooLarge: the answer is larger than the client reads.
	ErrTooLarge = errors.New("the answer is too large")
)

// An Error is a request that did not go well.
type Error struct {
	Op     string        // what was being done: "list posts"
	Why    error         // one of the Err… above
	Status int           // HTTP status, 0 without an answer
	Code   string        // the forum's error_type, or the name of the limit
	Text   string        // the forum's words in its own language: for logs only
	Wait   time.Duration // for ErrRateLimited: how long to ask for nothing
	All    bool          // for ErrRateLimited: it holds for every request, not only for this kind
	Err    error         // the cause, if there is one beneath
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "discourse: %s: %v", e.Op, e.Why)
	if e.Wait > 0 {
		fmt.Fprintf(&b, " for %s", e.Wait.Round(time.Second))
	}
	if e.Status != 0 {
		fmt.Fprintf(&b, " (%d", e.Status)
		if e.Code != "" {
			fmt.Fprintf(&b, " %s", e.Code)
		}
		b.WriteString(")")
	}
	if e.Text != "" {
		fmt.Fprintf(&b, ": %s", e.Text)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns why, and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Why}
	}
	return []error{e.Why, e.Err}
}

// Transient reports whether the same request may succeed later, unchanged.
// ErrUnknown is transient, but look first whether it has been done.
// An ErrForbidden may pass too where the same request worked before: a forum
// under load can lose the key. Wait and try once more before raising alarm.
func Transient(err error) bool {
	for _, why := range []error{ErrRateLimited, ErrReadOnly, ErrOverloaded, ErrUnreachable, ErrBroken, ErrUnknown, ErrNotMine} {
		if errors.Is(err, why) {
			return true
		}
	}
	return false
}

// Wait returns how long the forum, or the governor, asked to wait: 0 if neither did.
func Wait(err error) time.Duration {
	var e *Error
	if errors.As(err, &e) {
		return e.Wait
	}
	return 0
}
