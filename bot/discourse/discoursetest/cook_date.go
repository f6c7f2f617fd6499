package discoursetest

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

var (
	datePattern = regexp.MustCompile(`^\[date(-range)?[ =]([^\]]*)\]`)
	attrPattern = regexp.MustCompile(`([\w-]+)=(?:"([^"]*)"|([^\s"]+))`)
)

type dateParser struct{}

func (dateParser) Trigger() []byte { return []byte{'['} }

// Parse reads [date=2026-12-03 time=18:00:00 timezone="Europe/London"] and
// [date-range from=2026-12-03T18:00 to=2026-12-03T19:30].
func (dateParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	m := datePattern.FindSubmatch(line)
	if m == nil {
		return nil
	}
	inside, ranged := string(m[2]), len(m[1]) > 0
	if !ranged {
		inside = "date=" + inside
	}
	attrs := map[string]string{}
	for _, a := range attrPattern.FindAllStringSubmatch(inside, -1) {
		attrs[a[1]] = a[2] + a[3]
	}
	block.Advance(len(m[0]))
	out := &inlineHTML{text: string(m[0])}
	if !ranged {
		out.html = localDate(attrs, "")
		return out
	}
	for i, end := range []string{"from", "to"} {
		one := map[string]string{"timezone": attrs["timezone"], "format": attrs["format"]}
		one["date"], one["time"], _ = strings.Cut(attrs[end], "T")
		if one["date"] == "" {
			continue
		}
		if i > 0 {
			out.html += `<span> → </span>`
		}
		out.html += localDate(one, end)
	}
	return out
}

// localDate renders a date that browsers show in the reader's zone. An
// unknown zone is taken as UTC without a word.
func localDate(a map[string]string, end string) string {
	zone, err := time.LoadLocation(a["timezone"])
	if err != nil || a["timezone"] == "" || a["timezone"] == "Local" {
		zone = time.UTC
		delete(a, "timezone")
	}
	clock := a["time"]
	if clock == "" {
		clock = "00:00:00"
	} else if len(clock) == 5 {
		clock += ":00"
	}
	t, err := time.ParseInLocation("2006-01-02 15:04:05", a["date"]+" "+clock, zone)
	if err != nil {
		return "Invalid date"
	}
	if a["time"] != "" {
		a["time"] = clock
	}
	utc := t.UTC().Format("2006-01-02T15:04:05Z")
	var b strings.Builder
	b.WriteString("<span")
	for _, k := range []string{"date", "time", "range", "format", "timezones", "recurring", "timezone", "displayedTimezone", "countdown", "calendar"} {
		v := a[k]
		if k == "range" {
			v = end
		}
		if v != "" {
			fmt.Fprintf(&b, ` data-%s="%s"`, dashed(k), html.EscapeString(v))
		}
	}
	fmt.Fprintf(&b, ` class="discourse-local-date" data-email-preview="%s UTC">%s</span>`, utc, utc)
	return b.String()
}

func dashed(k string) string {
	if k == "displayedTimezone" {
		return "displayed-timezone"
	}
	return k
}
