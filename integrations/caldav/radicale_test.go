package caldav

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// radicale starts a real server with an empty calendar and returns its address.
func radicale(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("radicale")
	if err != nil {
		t.Skip("SKIPPED: radicale is not installed, so a real CalDAV server was not tried")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := l.Addr().String()
	l.Close()
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	users := write("users", "bot:secret\n")
	config := write("config", fmt.Sprintf("[server]\nhosts = %s\n[auth]\ntype = htpasswd\nhtpasswd_filename = %s\nhtpasswd_encryption = plain\n[storage]\nfilesystem_folder = %s\n", host, users, filepath.Join(dir, "collections")))
	cmd := exec.Command(program, "--config", config)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	made := false
	for end := time.Now().Add(30 * time.Second); !made; {
		r, err := http.NewRequest("MKCALENDAR", "http://"+host+"/bot/network/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth("bot", "secret")
		resp, err := http.DefaultClient.Do(r)
		if err == nil {
			resp.Body.Close()
			if made = resp.StatusCode == http.StatusCreated; !made {
				t.Fatalf("making a calendar: %s", resp.Status)
			}
		} else if time.Now().After(end) {
			t.Fatalf("radicale does not answer: %v", err)
		}
	}
	return "http://" + host + "/bot/network/"
}

// A real server: made, left alone, changed, and changed by two at once.
func TestRadicale(t *testing.T) {
	address, ctx := radicale(t), context.Background()
	c, err := New(Options{URL: address, User: "bot", Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	all, err := c.Calendars(ctx)
	if err != nil || len(all) != 1 || all[0] != address {
		t.Errorf("calendars %v, %v; want %s", all, err, address)
	}
	put(t, c, file(14, 0, "Agenda: cake"))
	there, first, err := c.get(ctx, path)
	if err != nil || there == nil {
		t.Fatal(err)
	}
	put(t, c, file(14, 0, "Agenda: cake"))
	if _, tag, err := c.get(ctx, path); err != nil || tag != first {
		t.Errorf("written again though nothing changed: tag %s, was %s (%v)", tag, first, err)
	}

	// A person adds a category with the tag that we have read too.
	event, _, err := only(there)
	if err != nil {
		t.Fatal(err)
	}
	event.Props.SetText("CATEGORIES", "Tea")
	body, err := encode(there)
	if err != nil {
		t.Fatal(err)
	}
	if done, err := c.put(ctx, path, first, body); err != nil || !done {
		t.Fatalf("the person's change: %v, %v", done, err)
	}
	if done, err := c.put(ctx, path, first, file(16, 1, "")); err != nil || done {
		t.Errorf("a stale tag was taken: %v, %v; want 412", done, err)
	}
	if done, err := c.put(ctx, path, "", file(16, 1, "")); err != nil || done {
		t.Errorf("made a second time: %v, %v; want 412", done, err)
	}
	put(t, c, file(16, 1, "Agenda: more cake"))
	there, _, err = c.get(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	after, err := encode(there)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"CATEGORIES:Tea", "DTSTART;TZID=Europe/London:20260115T160000", "SEQUENCE:1", "DESCRIPTION:Agenda: more cake"} {
		if !strings.Contains(string(after), want+"\r\n") {
			t.Errorf("no %q in\n%s", want, after)
		}
	}
	if err := c.Remove(ctx, "meeting-1"); err != nil {
		t.Fatal(err)
	}
	if there, _, err := c.get(ctx, path); err != nil || there != nil {
		t.Errorf("removed, and still there (%v)", err)
	}
	wrong, err := New(Options{URL: address, User: "bot", Password: "wrong"})
	if err != nil {
		t.Fatal(err)
	}
	if err := wrong.Put(ctx, file(16, 1, "")); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("with a wrong password: %v", err)
	}
}
