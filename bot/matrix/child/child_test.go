package child

import (
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// TestMain plays the programs of the tests, when it is asked to.
func TestMain(m *testing.M) {
	switch os.Getenv("CHILD_TEST") {
	case "":
		os.Exit(m.Run())
	case "wait":
		ready()
		select {}
	case "stubborn":
		signal.Ignore(syscall.SIGTERM)
		ready()
		select {}
	case "parent":
		p, err := Start(program("wait"))
		if err != nil {
			os.Exit(1)
		}
		os.Stdout.WriteString(strconv.Itoa(p.PID()) + "\n")
		select {}
	}
}

func ready() { os.Stdout.WriteString("ready\n") }

func program(what string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "CHILD_TEST="+what)
	return cmd
}

// start starts a program and returns its first line of output.
func start(t *testing.T, what string) (*Process, string) {
	t.Helper()
	cmd := program(what)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	cmd.Stdout = write
	p, err := Start(cmd)
	write.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	line := make([]byte, 64)
	n, err := read.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	return p, string(line[:n-1])
}

func TestStopAndKill(t *testing.T) {
	p, _ := start(t, "wait")
	if p.Ended() || p.CPU() != 0 {
		t.Error("it has ended before it was stopped")
	}
	p.Stop(10 * time.Second)
	if !p.Ended() || p.CPU() <= 0 || p.ExitCode() != -1 {
		t.Errorf("after Stop: ended %t, used %v", p.Ended(), p.CPU())
	}
	p.Kill() // once more does no harm

	p, _ = start(t, "stubborn")
	p.Stop(time.Millisecond)
	if !p.Ended() {
		t.Error("a program that ignores SIGTERM outlived Stop")
	}
}

func TestStartOfNothing(t *testing.T) {
	if _, err := Start(exec.Command("/no/such/program")); err == nil {
		t.Error("started a program that is not there")
	}
}
