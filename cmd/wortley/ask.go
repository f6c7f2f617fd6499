package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// agreed asks the operator, unless they said --yes. Where nobody can answer
// it is an error: a script has to say what it means.
func (a *app) agreed(yes bool, question string) (bool, error) {
	if yes {
		return true, nil
	}
	if f, ok := a.in.(*os.File); ok && !term.IsTerminal(int(f.Fd())) {
		return false, operatorError{errors.New("nobody is there to answer; say --yes if it is meant")}
	}
	fmt.Fprintf(a.out, "%s [y/N] ", question)
	line, err := bufio.NewReader(a.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return true, nil
	}
	fmt.Fprintln(a.out, "I have left everything as it was.")
	return false, nil
}

// progress shows how far long work is, on one line of a terminal; elsewhere
// it says nothing.
type progress struct {
	a     *app
	what  string
	begun bool
	last  time.Time
}

func (p *progress) show(done, of int) {
	f, ok := p.a.err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || done < of && time.Since(p.last) < 100*time.Millisecond {
		return
	}
	p.begun, p.last = true, time.Now()
	fmt.Fprintf(f, "\r%d of %d %s", done, of, p.what)
}

func (p *progress) end() {
	if p.begun {
		fmt.Fprintln(p.a.err)
	}
}
