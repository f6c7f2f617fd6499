package directory

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

var hubKeys = strings.Fields("source login name url description location")

// ReadCoophub reads coophub's cooperatives.yml: co-ops of many countries by
// their accounts at code hosts, each with source, login, name, url,
// description and location. Being there says nothing about any network, so
// they are [Mentioned]. It has no skills and no sizes.
// https://github.com/fiqus/coophub
func ReadCoophub(in io.Reader) ([]Entry, []Problem, error) {
	var b book
	data, err := b.slurp(in, maxYAML)
	if err != nil {
		return nil, nil, fmt.Errorf("directory: read cooperatives.yml: %w", err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, nil, fmt.Errorf("directory: read cooperatives.yml: %w", err)
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, nil, errors.New("directory: read cooperatives.yml: no co-ops in it")
	}
	top := doc.Content[0].Content
	for i := 0; i+1 < len(top); i += 2 {
		b.account(top[i], top[i+1])
	}
	return b.entries, b.list(), nil
}

// account reads one co-op of the file.
func (b *book) account(key, value *yaml.Node) {
	line := key.Line
	if value.Kind != yaml.MappingNode {
		b.add(line, "%s is not a co-op with keys; not read", key.Value)
		return
	}
	get := map[string]string{}
	for i := 0; i+1 < len(value.Content); i += 2 {
		k, v := value.Content[i].Value, value.Content[i+1]
		_, twice := get[k]
		switch {
		case !slices.Contains(hubKeys, k):
			b.add(v.Line, "%s is not kept", k)
		case v.Kind != yaml.ScalarNode:
			b.add(v.Line, "%s is not a single value; not read", k)
		case twice:
			b.add(v.Line, "%s stands there twice; the first is read", k)
		default:
			get[k] = scalar(v)
		}
	}
	e := Entry{Name: b.name(line, get["name"]), Status: Mentioned}
	if e.Name == "" {
		e.Name = b.name(line, key.Value)
		b.add(line, "no name; called %s after its key", e.Name)
	}
	if e.Name == "" {
		return
	}
	e.Slug = Slug(e.Name)
	e.Website = b.website(line, get["url"])
	b.noSite(line, e)
	e.Town = b.hubTown(line, get["location"])
	e.About, _ = private(clean(get["description"], 4*maxAbout))
	e.About = clean(e.About, maxAbout)
	e.Source = whence("cooperatives.yml " + clean(get["source"]+" "+get["login"], maxSkill))
	b.put(line, e)
}

var ourNations = strings.Fields("uk u.k. gb united-kingdom great-britain england scotland wales northern-ireland")

func ours(place string) bool {
	return slices.Contains(ourNations, strings.ReplaceAll(fold(strings.TrimSpace(place)), " ", "-"))
}

// hubTown reads a location such as "Sheffield, UK" or several with semicolons,
// of which one here is preferred. A place elsewhere keeps its country, so that
// London in Ontario does not become ours.
func (b *book) hubTown(line int, location string) string {
	places := strings.Split(clean(location, maxURL), ";")
	best := places[0]
	if i := slices.IndexFunc(places, func(p string) bool { return slices.ContainsFunc(strings.Split(p, ","), ours) }); i >= 0 {
		best = places[i]
	}
	best = strings.TrimSpace(best)
	if len(places) > 1 {
		b.add(line, "several places; %s is kept", best)
	}
	parts := strings.Split(best, ",")
	rest := strings.Join(slices.DeleteFunc(slices.Clone(parts), ours), ",")
	_, town := Town(rest)
	_, region := Region(rest)
	switch {
	case rest == "": // just "UK"
		return clean(best, maxTown)
	case town, region, len(parts) == 1, ours(parts[len(parts)-1]):
		return b.town(line, rest)
	}
	out, _ := private(clean(best, maxTown)) // elsewhere
	return out
}
