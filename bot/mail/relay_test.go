package mail_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp" // the server of these tests
)

// A relay is an SMTP server in memory that misbehaves as it is told.
type relay struct {
	addr *net.TCPAddr

	mu       sync.Mutex
	mails    []taken
	refuse   map[string]*smtp.SMTPError // at RCPT, by recipient
	data     *smtp.SMTPError            // at DATA
	sender   *smtp.SMTPError            // at MAIL FROM
	cut      int                        // so many mails are taken, and the connection cut before it is said
	password string                     // "" for no login
}

type taken struct {
	from, to string
	text     []byte
}

func newRelay(t testing.TB) *relay {
	t.Helper()
	r := &relay{refuse: map[string]*smtp.SMTPError{}}
	s := smtp.NewServer(r)
	s.Domain, s.AllowInsecureAuth = "relay.example", true
	s.ReadTimeout, s.WriteTimeout = 10*time.Second, 10*time.Second
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.addr = l.Addr().(*net.TCPAddr)
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return r
}

// all returns the mails that were taken.
func (r *relay) all() []taken {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]taken{}, r.mails...)
}

// NewSession implements [smtp.Backend].
func (r *relay) NewSession(c *smtp.Conn) (smtp.Session, error) { return &session{r: r, c: c}, nil }

type session struct {
	r     *relay
	c     *smtp.Conn
	mail  taken
	login bool
}

var errLogin = &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "wrong password"}

// AuthMechanisms implements [smtp.AuthSession].
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth implements [smtp.AuthSession].
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != s.r.password {
			return errLogin
		}
		s.login = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	if s.r.sender != nil {
		return s.r.sender
	}
	if s.r.password != "" && !s.login {
		return smtp.ErrAuthRequired
	}
	s.mail = taken{from: from}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	s.mail.to = to
	if e := s.r.refuse[to]; e != nil {
		return e
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	if s.r.data != nil {
		return s.r.data
	}
	s.mail.text = bytes.Clone(text)
	s.r.mails = append(s.r.mails, s.mail)
	if s.r.cut > 0 {
		s.r.cut--
		s.c.Conn().Close()
		return errors.New("cut")
	}
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func refusal(code, class int, text string) *smtp.SMTPError {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{class, 1, 1}, Message: text}
}

func header(text []byte, name string) string {
	for line := range strings.SplitSeq(string(text), "\r\n") {
		if line == "" {
			break
		}
		if key, value, ok := strings.Cut(line, ": "); ok && strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}
