package discourse

import (
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// Mentions returns the people and groups a post rings for, in lower case, each
// once and in order. As the forum does, it ignores mentions in quotes,
// oneboxes and code. Names that belong to nobody are no links and not among them.
func Mentions(cooked string) (people, groups []string) {
	if !strings.Contains(cooked, "mention") {
		return nil, nil
	}
	parse(cooked).Find("a").Each(func(_ int, a *goquery.Selection) {
		if !a.HasClass("mention") && !a.HasClass("mention-group") || inOthers(a.Nodes[0]) {
			return
		}
		kind, name := mentioned(a.AttrOr("href", ""))
		switch {
		case name == "":
		case kind == "u" && !slices.Contains(people, name):
			people = append(people, name)
		case kind == "g" && !slices.Contains(groups, name):
			groups = append(groups, name)
		}
	})
	return people, groups
}

// inOthers reports whether an element lies in what somebody else said.
func inOthers(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Type == html.ElementNode && notOwn(p) {
			return true
		}
	}
	return false
}

// mentioned reads the address of a mention, whose last two parts tell whom:
// "/u/ana", "/forum/u/ana", "/g/fund-team" or "/groups/fund-team".
func mentioned(href string) (kind, name string) {
	u, err := url.Parse(href)
	if err != nil {
		return "", ""
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) < 2 {
		return "", ""
	}
	name = strings.ToLower(parts[len(parts)-1])
	switch parts[len(parts)-2] {
	case "u", "users":
		return "u", name
	case "g", "groups":
		return "g", name
	}
	return "", ""
}

// IsMentioned reports whether a post mentions somebody, by whatever case.
func IsMentioned(cooked, username string) bool {
	people, _ := Mentions(cooked)
	return slices.Contains(people, strings.ToLower(username))
}
