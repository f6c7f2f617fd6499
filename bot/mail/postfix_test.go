package mail_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/mail"
)

// TestPostfix sends through a real Postfix on loopback, which relays to the
// relay of these tests and nowhere else, and returns what that one refuses. It
// runs where WORTLEY_POSTFIX is set, as .ci/slow does, and needs root.
func TestPostfix(t *testing.T) {
	switch {
	case os.Getenv("WORTLEY_POSTFIX") == "":
		t.Skip("WORTLEY_POSTFIX is not set")
	case os.Geteuid() != 0:
		t.Skip("Postfix begins as root only")
	}
	if _, err := exec.LookPath("postfix"); err != nil {
		t.Skip("Postfix is not installed")
	}
	end := newRelay(t)
	end.refuse["nobody@example.org"] = refusal(550, 5, "no such user here")
	port := startPostfix(t, end.addr.Port)
	tr := transport(t, end, func(o *mail.Options) {
		o.Port, o.Bounces = port, "bounces@network.example"
		o.Unsubscribe = func(p bot.Post) string { return "https://bot.example/news/stop?t=" + bot.TxnID(p.To) }
	})
	ids := map[string]string{}
	for n, to := range []string{"zoe@example.org", "nobody@example.org"} {
		p := letter()
		p.Key, p.To = fmt.Sprintf("news/7/mail/%d", n), to
		id, err := tr.Send(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		ids[to] = id
	}
	got := awaitMails(t, end, 2)
	letter, bounce := got["zoe@example.org"], got["bounces@network.example"]
	if h, kinds, _ := read(t, letter.text); h.Get("Message-Id") != ids["zoe@example.org"] || h.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" ||
		!strings.Contains(h.Get("List-Unsubscribe"), "https://bot.example/news/stop?t=") || strings.Join(kinds, " ") != "text/plain text/html" {
		t.Errorf("Postfix passed on %v, %v", h, kinds)
	}
	if _, kinds, parts := read(t, bounce.text); bounce.from != "" || strings.Join(kinds, " ") != "text/plain message/delivery-status message/rfc822" ||
		!strings.Contains(parts[1], "nobody@example.org") || !strings.Contains(parts[1], "Action: failed") || !strings.Contains(parts[2], ids["nobody@example.org"]) {
		t.Errorf("from %q came back %v\n%s", bounce.from, kinds, bounce.text)
	}
}

// awaitMails waits for so many mails and returns them by recipient.
func awaitMails(t *testing.T, r *relay, n int) map[string]taken {
	t.Helper()
	for range 400 {
		if all := r.all(); len(all) >= n {
			got := map[string]taken{}
			for _, m := range all {
				got[m.to] = m
			}
			return got
		}
		time.Sleep(50 * time.Millisecond) // another process is at work
	}
	t.Fatalf("only %d mails came", len(r.all()))
	return nil
}

const mainCF = `compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/data
maillog_file = %[1]s/log/mail.log
maillog_file_prefixes = %[1]s
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:%[2]d
disable_dns_lookups = yes
smtp_tls_security_level = none
smtpd_tls_security_level = none
smtpd_relay_restrictions = permit_mynetworks, reject
local_recipient_maps =
alias_maps =
alias_database =
bounce_queue_lifetime = 1m
`

const masterCF = `127.0.0.1:%d inet n - n - - smtpd
pickup    unix n - n 60 1 pickup
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
flush     unix n - n 1000? 0 flush
smtp      unix - - n - - smtp
relay     unix - - n - - smtp
showq     unix n - n - - showq
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
proxymap  unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
tlsmgr    unix - - n 1000? 1 tlsmgr
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
`

// startPostfix starts a Postfix of its own and returns its port.
func startPostfix(t *testing.T, relay int) (port int) {
	t.Helper()
	dir, err := os.MkdirTemp("", "wortley-postfix-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	port = freePort(t)
	files := map[string]string{"main.cf": fmt.Sprintf(mainCF, dir, relay), "master.cf": fmt.Sprintf(masterCF, port)}
	for _, sub := range []string{"conf", "queue", "data", "log"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, "conf", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"chmod", "755", dir}, {"chown", "postfix", filepath.Join(dir, "data")}} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v %s", args, err, out)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "postfix", "-c", filepath.Join(dir, "conf"), "start-fg")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Cancel = func() error {
		return exec.Command("postfix", "-c", filepath.Join(dir, "conf"), "stop").Run()
	}
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		cmd.Wait()
		if t.Failed() {
			log, _ := os.ReadFile(filepath.Join(dir, "log", "mail.log"))
			t.Logf("Postfix said %s\n%s", out.String(), log)
		}
	})
	awaitGreeting(t, port)
	return port
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func awaitGreeting(t *testing.T, port int) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); {
		if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			c.SetDeadline(time.Now().Add(3 * time.Second))
			_, _, err := textproto.NewReader(bufio.NewReader(c)).ReadResponse(220)
			c.Close()
			if err == nil {
				return
			}
		}
		time.Sleep(50 * time.Millisecond) // another process is at work
	}
	t.Fatal("Postfix does not answer")
}
