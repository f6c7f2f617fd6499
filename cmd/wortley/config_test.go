package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"git.coop/cotech/wortley/bot/bottest"
)

// written writes a file into a folder of the test and returns its path.
func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestConfigReadsFileAndEnvironment(t *testing.T) {
	secret := written(t, "password", "hunter2\n")
	path := written(t, "wortley.yaml", `
name: wort
coordinators: ["@ana:example.org", hub:bob]
limits:
  per_person: 5
web:
matrix:
  user: "@wortley:example.org"
  encryption: off
`)
	c, err := loadConfig(path, []string{"WORTLEY_LIMITS_PER_PERSON=7", "WORTLEY_MATRIX_PASSWORD_FILE=" + secret,
		"WORTLEY_IGNORE=@bot:a.org, @bot:b.org", "WORTLEY_HELP_IN_ROOMS=yes", "WORTLEY_ZONE=", "WORTLEY_PORT=tcp://10.0.0.1", "HOME=/"})
	if err != nil {
		t.Fatal(err)
	}
	want := defaults()
	want.Name, want.Coordinators = "wort", []string{"@ana:example.org", "hub:bob"}
	want.Limits.PerPerson, want.HelpInRooms = 7, true
	want.Ignore = []string{"@bot:a.org", "@bot:b.org"}
	want.Matrix.User, want.Matrix.Password, want.Matrix.Encryption = "@wortley:example.org", "hunter2", "off"
	if !reflect.DeepEqual(c.Config, want) {
		t.Errorf("got  %+v\nwant %+v", *c.Config, *want)
	}
	if fmt.Sprint(c.unknown) != "[WORTLEY_PORT]" {
		t.Errorf("unknown variables: %v, want WORTLEY_PORT", c.unknown)
	}
}

func TestConfigReadsForums(t *testing.T) {
	path := written(t, "wortley.yaml", `
forums:
  hub:
    url: https://hub.example.org
    reader_key: r
    every: 30
`)
	c, err := loadConfig(path, []string{"WORTLEY_FORUMS_HUB_WRITER_KEY_FILE=" + written(t, "key", "w\n"), "WORTLEY_FORUMS_TALK_URL=https://talk.example.org",
		"WORTLEY_FORUMS_TALK_READER_KEY=a", "WORTLEY_FORUMS_TALK_WRITER_KEY=b", "WORTLEY_FORUMS_TALK_COLOUR=red"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]*Forum{
		"hub":  {URL: "https://hub.example.org", Username: "wortley", ReaderKey: "r", WriterKey: "w", Every: 30, Chat: true},
		"talk": {URL: "https://talk.example.org", Username: "wortley", ReaderKey: "a", WriterKey: "b", Every: 20, Chat: true},
	}
	if !reflect.DeepEqual(c.Forums, want) {
		t.Errorf("got %+v, %+v", c.Forums["hub"], c.Forums["talk"])
	}
	if fmt.Sprint(c.unknown) != "[WORTLEY_FORUMS_TALK_COLOUR]" {
		t.Errorf("unknown variables: %v", c.unknown)
	}
}

func TestConfigMistakes(t *testing.T) {
	for _, tt := range []struct{ yaml, env, want string }{
		{"nmae: x", "", ":1: there is no setting called nmae; did you mean name?"},
		{"limits:\n  per_persn: 3", "", ":2: there is no setting called limits.per_persn; did you mean limits.per_person?"},
		{"per_person: 3", "", ":1: there is no setting called per_person; did you mean limits.per_person?"},
		{"xyzzy: 3", "", ":1: there is no setting called xyzzy\n"},
		{"limits:\n  per_person: many", "", `:2: limits.per_person: "many" is no whole number`},
		{"limits: 5", "", ":1: want settings here"},
		{"limits:\n  per_person: -1", "", ":2: limits.per_person: want 0 or more"},
		{"name: a\nname: b", "", ":2: name is set twice"},
		{"name: [a, b]", "", ":1: name: want one value"},
		{"zone: Mars/Olympus", "", `:1: zone: "Mars/Olympus" is no time zone`},
		{"a: b: c", "", "mapping values are not allowed"},
		{"coordinators: [ana]", "", `:1: coordinators: "ana" is neither`},
		{"retention:\n  words: 40\n  rows: 30", "", ":3: retention.rows: want at least as many days"},
		{"matrix: {user: wortley}", "", `:1: matrix.user: "wortley" is no Matrix user`},
		{"matrix: {user: '@w:example.org'}", "", "WORTLEY_MATRIX_PASSWORD: a password or matrix.token is needed"},
		{"web: {addr: '8008'}", "", `:1: web.addr: "8008" is no address`},
		{"help_in_rooms: maybe", "", `:1: help_in_rooms: want yes or no, not "maybe"`},
		{"forums:\n  hub:\n    ulr: x", "", ":3: there is no setting called forums.hub.ulr; did you mean forums.hub.url?"},
		{"forums:\n  The Hub: {url: x}", "", ":2: there is no setting called forums.The Hub"},
		{"forums: {hub: {url: hub.example.org}}", "", ":1: forums.hub.url: want an address"},
		{"forums: {hub: {url: 'https://hub.example.org'}}", "", "WORTLEY_FORUMS_HUB_WRITER_KEY: a key is needed"},
		{"", "WORTLEY_LIMITS_PER_PERSON=x", `WORTLEY_LIMITS_PER_PERSON: "x" is no whole number`},
		{"", "WORTLEY_LOG_LEVEL=loud", "WORTLEY_LOG_LEVEL: want debug, info, warn or error"},
		{"", "WORTLEY_MATRIX_TOKEN_FILE=/nowhere/at/all", "WORTLEY_MATRIX_TOKEN_FILE: open /nowhere/at/all"},
	} {
		_, err := loadConfig(written(t, "w.yaml", tt.yaml), []string{tt.env})
		var operator operatorError
		if !errors.As(err, &operator) || !strings.Contains(err.Error()+"\n", tt.want) {
			t.Errorf("yaml %q, environment %q: error %v, want one with %q", tt.yaml, tt.env, err, tt.want)
		}
	}
}

func TestConfigNamesEveryMistake(t *testing.T) {
	_, err := loadConfig(written(t, "w.yaml", "nmae: x\nzone: nowhere\nfoo: 1"), nil)
	if err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("want three mistakes, one a line, got: %v", err)
	}
}

func TestConfigWithoutFile(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := loadConfig("", nil); err != nil {
		t.Errorf("without a file the defaults hold, got %v", err)
	}
	if _, err := loadConfig("other.yaml", nil); err == nil {
		t.Error("a file that was named has to be there")
	}
}

// The template says what the defaults are: without its comment marks it is
// the configuration of somebody who set nothing.
func TestTemplateIsTheDefaults(t *testing.T) {
	asWritten, err := loadConfig(written(t, "w.yaml", template()), nil)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for line := range strings.Lines(template()) {
		words := strings.TrimLeft(line, " ")
		if rest, ok := strings.CutPrefix(words, "#"); ok && rest[0] != ' ' && rest[0] != '\n' {
			line = line[:len(line)-len(words)] + rest
		}
		all.WriteString(line)
	}
	uncommented, err := loadConfig(written(t, "w.yaml", all.String()), []string{"WORTLEY_FORUMS_HUB_READER_KEY=r", "WORTLEY_FORUMS_HUB_WRITER_KEY=w"})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i, s := range uncommented.settings() {
		n++
		if uncommented.from[s.Key] == "" {
			t.Errorf("%s is not in the template", s.Key)
		}
		if strings.HasPrefix(s.Key, forumKey) || strings.HasPrefix(s.Key, webhookKey) {
			continue // an example
		}
		for _, other := range []setting{defaults().settings()[i], asWritten.settings()[i]} {
			if fmt.Sprint(s.value) != fmt.Sprint(other.value) {
				t.Errorf("%s is %v in the template, %v by default", s.Key, s.value, other.value)
			}
		}
	}
	if n != len(documented("hub").settings()) {
		t.Errorf("the template has %d settings of %d", n, len(documented("hub").settings()))
	}
}

func TestEverySettingIsExplained(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range documented("hub").settings() {
		if s.Doc == "" || s.Key == "" || strings.HasSuffix(s.Key, ".") || seen[s.Env()] {
			t.Errorf("%q (%s) lacks a name, a meaning, or a variable of its own", s.Key, s.Env())
		}
		seen[s.Env()] = true
	}
}

// TestConfigurationTable keeps docs/configuration.md true; -update rewrites it.
func TestConfigurationTable(t *testing.T) {
	const path = "../../docs/configuration.md"
	if bottest.Updating() {
		if err := os.WriteFile(path, []byte(table()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := bottest.Diff(string(have), table()); d != "" {
		t.Errorf("%s is not what the settings say; run go test -tags goolm ./cmd/wortley -update\n%s", path, d)
	}
}

const tableHead = `# Configuration

Made from the settings in ` + "`cmd/wortley/config.go`" + `; a test keeps it true.

Wortley reads ` + "`wortley.yaml`" + ` in the folder it is started in, or the file that
` + "`--config`" + ` or ` + "`WORTLEY_CONFIG`" + ` names. ` + "`wortley init`" + ` writes one with every setting
explained. An unknown key is a mistake, and is named with its line.

Every setting can come from the environment instead, which goes over the file.
Lists are separated by commas there; an empty variable counts as not set. A
secret can also be kept in a file of its own, named by its variable with
` + "`_FILE`" + ` at the end: ` + "`WORTLEY_MATRIX_PASSWORD_FILE=/run/secrets/matrix`" + `.

Forums and webhooks each have a short NAME of your own, of letters and digits:
` + "`forums.hub.url`" + ` is ` + "`WORTLEY_FORUMS_HUB_URL`" + `.

| in the file | in the environment | default | meaning |
|---|---|---|---|
`

// table is docs/configuration.md.
func table() string {
	var t strings.Builder
	t.WriteString(tableHead)
	for _, s := range documented("NAME").settings() {
		value := "`" + s.Default + "`"
		if s.Default == "" {
			value = "none"
		}
		env := "`" + s.Env() + "`"
		if s.Secret {
			env += ", `…_FILE`"
		}
		fmt.Fprintf(&t, "| `%s` | %s | %s | %s |\n", s.Key, env, value, strings.ReplaceAll(s.Doc, "|", `\|`))
	}
	return t.String()
}
