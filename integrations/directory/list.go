package directory

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// WriteMarkdown writes entries as one list to read: by status, each status by
// name, with the date of the skills. What came from outside is escaped.
func WriteMarkdown(out io.Writer, entries []Entry) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# Co-ops\n\n%s.\n", plural(len(entries), "co-op"))
	for _, s := range []struct {
		status Status
		title  string
	}{{Listed, "Listed"}, {Former, "Formerly listed"}, {Mentioned, "Mentioned"}} {
		part := slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return e.Status != s.status })
		if len(part) == 0 {
			continue
		}
		slices.SortStableFunc(part, func(a, b Entry) int { return strings.Compare(fold(a.Name), fold(b.Name)) })
		fmt.Fprintf(w, "\n## %s (%d)\n\n", s.title, len(part))
		for _, e := range part {
			writeEntry(w, e)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("directory: write markdown: %w", err)
	}
	return nil
}

func writeEntry(w *bufio.Writer, e Entry) {
	name := escape(e.Name)
	if e.Website != "" {
		name = "[" + name + "](<" + e.Website + ">)"
	}
	facts := []string{"**" + name + "**"}
	if e.Town != "" {
		facts = append(facts, escape(e.Town))
	}
	if e.Members > 0 {
		facts = append(facts, plural(e.Members, "member"))
	}
	if !e.DelistedOn.IsZero() {
		facts = append(facts, "listed until "+e.DelistedOn.Format("2 January 2006"))
	}
	fmt.Fprintf(w, "- %s\n", strings.Join(facts, ", "))
	if e.About != "" {
		fmt.Fprintf(w, "  - %s\n", escape(e.About))
	}
	for _, k := range []struct {
		kind  Kind
		title string
	}{{Service, "Services"}, {Technology, "Technologies"}} {
		if names := e.Names(k.kind); len(names) > 0 {
			fmt.Fprintf(w, "  - %s: %s\n", k.title, escape(strings.Join(names, ", ")))
		}
	}
	if !e.SkillsAsOf.IsZero() && len(e.Skills) > 0 {
		fmt.Fprintf(w, "  - Skills as of %s\n", e.SkillsAsOf.Format("2 January 2006"))
	}
}

func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// escape puts a backslash before what Markdown or HTML would act on. An "@"
// too, so that nobody is called by a list that is pasted into a chat.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*_{}[]<>#|~&@!$", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
