// Package yardstick is what the bots to compare with have in common: their
// flags, the directory they read, and the wording of an answer. The bots are
// cmd/bare, which does what the examples of mautrix-go do, and cmd/raw, which
// uses no library. Neither promises that an answer arrives, or arrives once.
package yardstick

import (
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// Shown is the most co-ops that an answer names.
const Shown = 10

// Config is how a yardstick is called.
type Config struct {
	Homeserver, User, Token string
	Data                    string // a folder of its own
	Directory               string // a CSV file in the columns of the network's directory
	Import                  bool   // read the directory and end
}

// Flags reads the command line.
func Flags() Config {
	var c Config
	flag.StringVar(&c.Homeserver, "homeserver", "", "`URL` of the homeserver")
	flag.StringVar(&c.User, "user", "", "user `ID` of the bot")
	flag.StringVar(&c.Token, "token", "", "access `token`")
	flag.StringVar(&c.Data, "data", ".", "`folder` for what is kept")
	flag.StringVar(&c.Directory, "directory", "", "the directory, a CSV `file`")
	flag.BoolVar(&c.Import, "import", false, "import the directory and end")
	flag.Parse()
	return c
}

// Args returns the arguments that [Flags] reads, with the placeholders of
// [git.coop/cotech/wortley/bot/matrix/synthetic/measure].
func Args() []string {
	return []string{"-homeserver", "{homeserver}", "-user", "{user}", "-token", "{token}", "-data", "{data}", "-directory", "{directory}"}
}

// ReadDirectory calls each with the name and the skills of every co-op of a
// CSV file, in the order of the file.
func ReadDirectory(name string, each func(coop string, skills []string) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.ReuseRecord = true
	head, err := r.Read()
	if err != nil {
		return fmt.Errorf("yardstick: reading %s: %w", name, err)
	}
	column := map[string]int{}
	for i, title := range head {
		column[title] = i
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("yardstick: reading %s: %w", name, err)
		}
		list := row[column["services"]] + ";" + row[column["technologies"]]
		var skills []string
		for _, skill := range strings.Split(list, ";") {
			if skill = strings.TrimSpace(skill); skill != "" {
				skills = append(skills, skill)
			}
		}
		if err := each(row[column["name"]], skills); err != nil {
			return err
		}
	}
}

// Answer words what is known of a skill: how many co-ops list it, and the
// first of their names.
func Answer(skill string, count int, names []string) string {
	if count == 0 {
		return "Nobody lists " + skill + "."
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d co-ops", skill, count)
	if count == 1 {
		b.Reset()
		fmt.Fprintf(&b, "%s: 1 co-op", skill)
	}
	for _, name := range names {
		b.WriteString("\n- " + name)
	}
	if more := count - len(names); more > 0 {
		fmt.Fprintf(&b, "\nand %d more", more)
	}
	return b.String()
}

// Command splits a message into what is asked and about what:
// "!whohas web design" → "whohas", "web design". ok is false for other talk.
func Command(text string) (name, about string, ok bool) {
	rest, ok := strings.CutPrefix(text, "!")
	if !ok {
		return "", "", false
	}
	name, about, _ = strings.Cut(rest, " ")
	return name, strings.TrimSpace(about), name == "whohas" || name == "broadcast"
}
