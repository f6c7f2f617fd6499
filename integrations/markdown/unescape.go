package markdown

import (
	"strings"

	"github.com/yuin/goldmark/util"
)

// unescaped takes the backslashes off escaped marks, and resolves entities;
// raw text, as in code, is as it stands.
func unescaped(s string, raw bool) string {
	if raw || !strings.ContainsAny(s, `\&`) {
		return s
	}
	b := util.UnescapePunctuations([]byte(s))
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(b)))
}
