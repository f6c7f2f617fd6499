// Package child starts a program that does not outlive this one: test servers
// and bots under test must not stay behind when a test is killed.
package child

import (
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// Process is a running program, or one that has ended.
type Process struct {
	// Done is closed when the program has ended and its output is written.
	Done <-chan struct{}

	cmd *exec.Cmd
}

// Start runs a command. The program dies with this process, even if this
// process is killed (on Linux): the system ties that to the thread that
// started it, so one goroutine keeps its thread until the program has ended.
func Start(cmd *exec.Cmd) (*Process, error) {
	dieWithParent(cmd)
	done, started := make(chan struct{}), make(chan error)
	go func() {
		runtime.LockOSThread()
		defer close(done)
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in its log and in CPU
		}
	}()
	return &Process{Done: done, cmd: cmd}, <-started
}

// PID returns the process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Kill ends the program without a goodbye and returns when it has ended.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // an error means that it has ended
	<-p.Done
}

// Stop asks the program to end (SIGTERM), kills it if it has not within
// patience, and returns when it has ended.
func (p *Process) Stop(patience time.Duration) {
	if p.cmd.Process.Signal(syscall.SIGTERM) != nil {
		p.Kill()
	}
	select {
	case <-p.Done:
	case <-time.After(patience):
		p.Kill()
	}
}

// Ended says whether the program has ended.
func (p *Process) Ended() bool {
	select {
	case <-p.Done:
		return true
	default:
		return false
	}
}

// CPU returns the processor time used by a program that has ended, 0 before.
func (p *Process) CPU() time.Duration {
	if !p.Ended() || p.cmd.ProcessState == nil {
		return 0
	}
	return p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
}

// ExitCode returns what a program that has ended returned; -1 if it runs or
// was ended by a signal.
func (p *Process) ExitCode() int {
	if !p.Ended() || p.cmd.ProcessState == nil {
		return -1
	}
	return p.cmd.ProcessState.ExitCode()
}
