package dendritetest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"sync"
	"time"

	"git.coop/cotech/wortley/bot/matrix/child"
)

// readyTime is how long a server may take until it answers; a fifth of a
// second is usual, but the machine may be busy.
const readyTime = 60 * time.Second

// process is a running server and the end of its log.
type process struct {
	*child.Process
	log *tail
}

func startProcess(dir, exe string, args ...string) (process, error) {
	p := process{log: &tail{}}
	cmd := exec.Command(exe, args...)
	cmd.Dir = dir
	cmd.Stdout, cmd.Stderr = p.log, p.log
	var err error
	p.Process, err = child.Start(cmd)
	return p, err
}

// waitReady returns nil as soon as a GET of url answers 200.
func (p process) waitReady(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), readyTime)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !answers(ctx, url) {
		select {
		case <-p.Done:
			return fmt.Errorf("the server ended before it answered:\n%s", p.log.String())
		case <-ctx.Done():
			return fmt.Errorf("no answer in %v:\n%s", readyTime, p.log.String())
		case <-tick.C:
		}
	}
	return nil
}

func answers(ctx context.Context, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// freeAddr returns a loopback address with a port nobody listens on just now.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// tail keeps the last 16 KiB of what is written to it.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

const tailSize = 16 << 10

// Write implements [io.Writer].
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf.Write(p)
	t.buf.Next(max(0, t.buf.Len()-tailSize))
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}
