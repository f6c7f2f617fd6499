package terminal

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"
)

// A screen reads lines and prints text. On a terminal, lines can be edited
// and what is printed meanwhile does not disturb them; from a pipe, each line
// is printed after its prompt, as if it had been typed.
type screen struct {
	mu  sync.Mutex // keeps lines whole: answers come while others are typed
	in  io.Reader
	out io.Writer
	tty bool // both in and out are a terminal

	lines  *bufio.Reader
	editor *term.Terminal
	fd     int
	before *term.State // as the terminal was, nil if nothing was changed
	words  []string
}

func newScreen(in io.Reader, out io.Writer, words []string) *screen {
	s := &screen{in: in, out: out, lines: bufio.NewReader(in), words: words}
	r, isFile := in.(*os.File)
	w, isFileToo := out.(*os.File)
	if isFile && isFileToo && term.IsTerminal(int(r.Fd())) && term.IsTerminal(int(w.Fd())) {
		s.tty, s.fd = true, int(r.Fd())
	}
	return s
}

func (s *screen) open() (err error) {
	if !s.tty {
		return nil
	}
	if s.before, err = term.MakeRaw(s.fd); err != nil {
		return err
	}
	s.editor = term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{s.in, s.out}, "")
	s.editor.AutoCompleteCallback = s.complete
	if width, height, err := term.GetSize(s.fd); err == nil && width > 0 {
		s.editor.SetSize(width, height)
	}
	return nil
}

func (s *screen) close() {
	if s.before != nil {
		term.Restore(s.fd, s.before)
		io.WriteString(s.out, "\n")
	}
}

// read returns the next line, or io.EOF after the last. The goroutine that
// reads ends with the next line: reading from a terminal cannot be broken off.
func (s *screen) read(ctx context.Context, prompt string) (string, error) {
	type result struct {
		line string
		err  error
	}
	got := make(chan result, 1)
	go func() {
		line, err := s.readLine(prompt)
		got <- result{line, err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case r := <-got:
		return r.line, r.err
	}
}

func (s *screen) readLine(prompt string) (string, error) {
	if s.editor != nil {
		s.editor.SetPrompt(prompt)
		return s.editor.ReadLine()
	}
	line, err := s.lines.ReadString('\n')
	line = strings.TrimSpace(line)
	if line == "" {
		return "", err
	}
	return line, s.print(prompt + line + "\n")
}

func (s *screen) print(text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	if s.editor != nil {
		_, err = s.editor.Write([]byte(text))
	} else {
		_, err = io.WriteString(s.out, text)
	}
	return err
}

// complete finishes the word at the end of the line when Tab is pressed, as
// far as it is certain.
func (s *screen) complete(line string, pos int, key rune) (string, int, bool) {
	if key != '\t' || pos != len(line) {
		return "", 0, false
	}
	var common string
	for _, w := range s.words {
		switch {
		case line == "" || !strings.HasPrefix(w, line):
		case common == "":
			common = w + " "
		default:
			common = prefix(common, w)
		}
	}
	if len(common) <= len(line) {
		return "", 0, false
	}
	return common, len(common), true
}

// prefix returns how far two words are the same.
func prefix(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return a[:n]
}
