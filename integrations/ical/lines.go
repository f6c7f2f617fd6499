package ical

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Limits of foreign files.
const (
	MaxFile  = 4 << 20 // octets
	maxDepth = 8       // components within components
)

// contentLine is a line that is written as RFC 5545, 3.1 wants it.
var contentLine = regexp.MustCompile(`^[A-Za-z0-9-]+(?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*:`)

// clean returns a foreign file without the lines that nobody could read, so
// that one bad line does not spoil the rest, and how many those were.
func clean(r io.Reader) (file []byte, bad int, err error) {
	lines, err := unfold(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, 0, err
	}
	var out bytes.Buffer
	depth := 0
	for _, line := range lines {
		if !contentLine.MatchString(line) {
			bad++
			continue
		}
		switch name, _, _ := strings.Cut(strings.ToUpper(line), ":"); name {
		case "BEGIN":
			depth++
		case "END":
			depth--
		}
		if depth > maxDepth {
			return nil, bad, fmt.Errorf("ical: read: components are nested more than %d deep", maxDepth)
		}
		out.WriteString(line + "\r\n")
		if depth == 0 {
			break // one calendar is read
		}
	}
	return out.Bytes(), bad, nil
}

// unfold returns the lines of a file with their continuations, whatever they end with.
func unfold(r io.Reader) ([]string, error) {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 1<<16), MaxFile)
	var lines []string
	size := 0
	for s.Scan() {
		line := strings.TrimRight(strings.TrimPrefix(s.Text(), "\ufeff"), "\r")
		if size += len(line) + 2; size > MaxFile {
			return nil, fmt.Errorf("ical: read: the file has more than %d MiB", MaxFile>>20)
		}
		switch {
		case line == "":
		case (line[0] == ' ' || line[0] == '\t') && len(lines) > 0:
			lines[len(lines)-1] += line[1:]
		default:
			lines = append(lines, line)
		}
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("ical: read: %w", err)
	}
	return lines, nil
}
