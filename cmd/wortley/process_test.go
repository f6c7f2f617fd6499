package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot/matrix/child"
	"git.coop/cotech/wortley/bot/matrix/synthetic"
)

// built is the folder of the compiled program, "" if no test needed it.
var built string

// build compiles the program once for all tests.
var build = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "wortley-built-")
	if err != nil {
		return "", err
	}
	built = folder
	path := filepath.Join(folder, "wortley")
	cmd := exec.Command("go", "build", "-tags", "goolm", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		os.RemoveAll(built)
	}
	os.Exit(code)
}

// A house is a folder with settings for a bot of its own on a homeserver in memory.
type house struct {
	t      *testing.T
	path   string
	server *synthetic.Server
	folder string
	env    []string
}

func newHouse(t *testing.T) *house {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	server, err := synthetic.New(synthetic.Options{Rooms: 1, Members: 3})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	h := &house{t: t, path: path, server: server, folder: t.TempDir()}
	h.env = []string{"HOME=" + h.folder, "PATH=" + os.Getenv("PATH"), "WORTLEY_MATRIX_USER=" + server.User, "WORTLEY_MATRIX_HOMESERVER=" + server.URL,
		"WORTLEY_MATRIX_TOKEN=" + server.Token, "WORTLEY_MATRIX_ENCRYPTION=off", "WORTLEY_MATRIX_INVITES=" + synthetic.Name,
		"WORTLEY_COORDINATORS=@ana:" + synthetic.Name, "WORTLEY_WEB_ADDR=" + freeAddr(t)}
	return h
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// A running bot writes its log into a buffer.
type running struct {
	*child.Process
	cmd *exec.Cmd
	log bytes.Buffer
}

func (h *house) start() *running {
	h.t.Helper()
	r := &running{cmd: exec.Command(h.path, "run")}
	r.cmd.Dir, r.cmd.Env, r.cmd.Stderr = h.folder, h.env, &r.log
	p, err := child.Start(r.cmd)
	if err != nil {
		h.t.Fatal(err)
	}
	r.Process = p
	h.t.Cleanup(r.Kill)
	return r
}

// call calls the program beside a running one.
func (h *house) call(args ...string) called {
	h.t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(h.path, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = h.folder, h.env, &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		h.t.Fatal(err)
	}
	return called{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// answers waits for n answers in all.
func (h *house) answers(n int) []synthetic.Answer {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 30*time.Second)
	defer cancel()
	got, err := h.server.Await(ctx, n)
	if err != nil {
		h.t.Fatalf("waiting for %d answers: %v", n, err)
	}
	return got
}

func (h *house) say(text string) {
	h.server.Say(h.server.Rooms()[0], "@ana:"+synthetic.Name, text)
}

func TestRun(t *testing.T) {
	h := newHouse(t)
	if err := os.WriteFile(filepath.Join(h.folder, "coops.csv"), []byte("name,technologies\nExample Co-op,COBOL\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.call("import", "coops", "coops.csv").wants(t, exitOperator, "", "say --yes")
	h.call("import", "coops", "coops.csv", "--yes").wants(t, exitFine, "Done: 1 new", "")
	h.call("doctor").wants(t, exitFine, "may speak in all of them", "")
	h.call("health").wants(t, exitWrong, "", "health:")

	bot := h.start()
	if err := h.server.AwaitSync(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.say("!whohas cobol")
	if a := h.answers(1)[0]; !strings.Contains(a.Text, "Example Co-op") {
		t.Errorf("answered %q", a.Text)
	}
	h.say("!who coordinators")
	if a := h.answers(2)[1]; !strings.Contains(a.Text, "ana") {
		t.Errorf("answered %q", a.Text)
	}
	h.call("run").wants(t, exitWrong, "", "another process is using it")
	h.call("restore", "b.db").wants(t, exitWrong, "", "another process is using it")
	h.call("health").wants(t, exitFine, `"ok"`, "")
	h.call("doctor").wants(t, exitFine, "the running bot:", "")
	h.call("backup", "b.db").wants(t, exitFine, "verified", "")
	h.call("export", "coops").wants(t, exitFine, "Example Co-op", "")

	bot.cmd.Process.Signal(syscall.SIGTERM)
	<-bot.Done
	if code := bot.cmd.ProcessState.ExitCode(); code != exitFine || !strings.Contains(bot.log.String(), "stopping") {
		t.Errorf("ended with code %d; log:\n%s", code, bot.log.String())
	}
	if strings.Contains(bot.log.String(), h.server.Token) {
		t.Error("the token is in the log")
	}
}

// Being killed does no harm: the lock is gone with the process, and what was
// asked meanwhile is answered once.
func TestRunAfterKill(t *testing.T) {
	h := newHouse(t)
	first := h.start()
	if err := h.server.AwaitSync(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.say("!status")
	h.answers(1)
	first.Kill()
	h.say("!status")
	second := h.start()
	if got := h.answers(2); got[0].To == got[1].To {
		t.Errorf("one question was answered twice: %+v", got)
	}
	second.Stop(10 * time.Second)
	if code := second.cmd.ProcessState.ExitCode(); code != exitFine {
		t.Errorf("ended with code %d; log:\n%s", code, second.log.String())
	}
}

func TestRunWithAWrongToken(t *testing.T) {
	h := newHouse(t)
	h.env = append(h.env, "WORTLEY_MATRIX_TOKEN=wrong")
	bot := h.start()
	select {
	case <-bot.Done:
	case <-time.After(30 * time.Second):
		t.Fatal("still running")
	}
	if code := bot.cmd.ProcessState.ExitCode(); code != exitOperator {
		t.Errorf("ended with code %d, want %d; log:\n%s", code, exitOperator, bot.log.String())
	}
	h.call("doctor").wants(t, exitOperator, "MISSING  Matrix: the access token is not accepted", "")
}

func TestCompletionAnswersTheShell(t *testing.T) {
	h := newHouse(t)
	for line, want := range map[string]string{"wortley exp": "export\n", "wortley export coops --form": "--format\n", "wortley restore --y": "--yes\n"} {
		h.env = append(h.env, "COMP_LINE="+line)
		h.call().wants(t, exitFine, want, "")
	}
}
