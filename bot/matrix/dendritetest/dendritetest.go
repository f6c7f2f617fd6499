// Package dendritetest runs a real Matrix server for tests: Dendrite, built
// once from bot/matrix/testserver and started on a loopback port with SQLite
// databases of its own.
//
//	server := dendritetest.Start(t)
//	alice := server.Login("alice")
//
// The first run on a machine downloads and builds Dendrite (one or two minutes
// on two cores); later runs start in a fifth of a second. Where it cannot be
// built, the test fails: it is skipped only when WORTLEY_SKIP_DENDRITE is 1.
package dendritetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"
	"maunium.net/go/mautrix/synapseadmin"
)

// ServerName is the part after the colon of every user and room of the server.
const ServerName = "test.localhost"

// Users are registered on every server from the start; see [Password].
var Users = []string{"bot", "alice", "bob", "carol"}

// Password returns the password of one of [Users].
func Password(user string) string { return user + "-password" }

// UserID returns the full id of a user of the server: "alice" → "@alice:test.localhost".
func UserID(user string) id.UserID { return id.NewUserID(user, ServerName) }

// Server is one running Dendrite with its own data. It ends with its test.
type Server struct {
	// URL is the address for clients, the same before and after a restart.
	URL string

	tb   testing.TB
	dir  string // the data and dendrite.yaml
	exe  string
	addr string // host:port
	run  process
}

// Option changes how a server is configured.
type Option func(*settings)

// RateLimit makes the server answer 429 to a user who has made more than burst
// of the limited requests (join, invite, leave, login, typing; not send)
// with less than cooloff between them.
func RateLimit(burst int, cooloff time.Duration) Option {
	return func(s *settings) { s.burst, s.cooloff = burst, cooloff }
}

// Start runs a fresh server until the test ends. It knows [Users] and nothing
// else: no rooms, no devices.
func Start(tb testing.TB, options ...Option) *Server {
	tb.Helper()
	if os.Getenv("WORTLEY_SKIP_DENDRITE") == "1" {
		tb.Skip("SKIPPED, NOT TESTED: WORTLEY_SKIP_DENDRITE=1, so nothing runs against a real Matrix server")
	}
	var s settings
	for _, option := range options {
		option(&s)
	}
	server, err := start(tb, s)
	if err != nil {
		tb.Fatalf("dendritetest: %v", err)
	}
	return server
}

func start(tb testing.TB, s settings) (*Server, error) {
	tools, err := build()
	if err != nil {
		return nil, err
	}
	prepared, err := prepare(tools)
	if err != nil {
		return nil, err
	}
	dir := tb.TempDir()
	if err := os.CopyFS(dir, os.DirFS(prepared)); err != nil {
		return nil, fmt.Errorf("copying the prepared data: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, configName), []byte(s.config()), 0o600); err != nil {
		return nil, err
	}
	server, err := launch(tools.dendrite, dir)
	if err != nil {
		return nil, err
	}
	server.tb = tb
	tb.Cleanup(server.end)
	return server, nil
}

// launch runs the server on a free port. Another program may take the port
// between our asking for it and Dendrite's binding it, hence the tries.
func launch(exe, dir string) (*Server, error) {
	var err error
	for range 3 {
		server := &Server{exe: exe, dir: dir}
		if server.addr, err = freeAddr(); err != nil {
			return nil, err
		}
		server.URL = "http://" + server.addr
		if err = server.up(); err == nil {
			return server, nil
		}
	}
	return nil, err
}

// up starts the process and returns when it answers.
func (s *Server) up() error {
	run, err := startProcess(s.dir, s.exe, "--config", configName, "--http-bind-address", s.addr)
	if err != nil {
		return err
	}
	if err := run.waitReady(s.URL + "/_matrix/client/versions"); err != nil {
		run.Kill()
		return err
	}
	s.run = run
	return nil
}

func (s *Server) end() {
	s.run.Kill()
	if s.tb.Failed() {
		s.tb.Logf("the end of Dendrite's log:\n%s", s.run.log.String())
	}
}

// Kill ends the server as a power cut would (SIGKILL) and returns when it is gone.
func (s *Server) Kill() { s.run.Kill() }

// Stop asks the server to end (SIGTERM) and returns when it has.
func (s *Server) Stop() { s.run.Stop(20 * time.Second) }

// Restart starts the server again, at the same URL and with the same data,
// after ending it with Kill if it still runs. It returns when the server
// answers. Transaction ids do not survive: Dendrite keeps them in memory.
func (s *Server) Restart() {
	s.tb.Helper()
	s.run.Kill()
	if err := s.up(); err != nil {
		s.tb.Fatalf("dendritetest: restarting: %v", err)
	}
}

// Register makes a user with a password of at least eight characters.
// A user that exists already is left as it is.
func (s *Server) Register(user, password string) {
	s.tb.Helper()
	if err := s.register(user, password); err != nil {
		s.tb.Fatalf("dendritetest: registering %q: %v", user, err)
	}
}

func (s *Server) register(user, password string) error {
	client, err := mautrix.NewClient(s.URL, "", "")
	if err != nil {
		return err
	}
	admin := synapseadmin.Client{Client: client}
	_, err = admin.SharedSecretRegister(context.Background(), sharedSecret,
		synapseadmin.ReqSharedSecretRegister{Username: user, Password: password, InhibitLogin: true})
	if errors.Is(err, mautrix.MUserInUse) {
		return nil
	}
	return err
}

// Login returns a client without encryption, logged in as one of [Users] on a new device.
func (s *Server) Login(user string) *mautrix.Client {
	s.tb.Helper()
	client, err := mautrix.NewClient(s.URL, "", "")
	if err == nil {
		_, err = client.Login(context.Background(), &mautrix.ReqLogin{
			Type:             mautrix.AuthTypePassword,
			Identifier:       mautrix.UserIdentifier{Type: mautrix.IdentifierTypeUser, User: user},
			Password:         Password(user),
			StoreCredentials: true,
		})
	}
	if err != nil {
		s.tb.Fatalf("dendritetest: logging in as %q: %v", user, err)
	}
	return client
}
