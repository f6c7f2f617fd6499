package directory

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed towns.txt
var townsText string

// Place is a town of the towns table.
type Place struct {
	Name     string
	Region   string // "South East"; Scotland, Wales and Northern Ireland are their own
	Nation   string // "England"
	Lat, Lon float64
}

// Area is a region, a nation, or a loose word for several regions.
type Area struct {
	Name    string
	Regions []string // the regions it is made of, itself if it is one
}

// Has reports whether the town lies in the area.
func (a Area) Has(p Place) bool { return slices.Contains(a.Regions, p.Region) }

type gazetteer struct {
	towns  []Place
	town   map[string]int
	areas  []Area
	area   map[string]int
	nation map[string]string // by region
}

var gaz = sync.OnceValue(func() *gazetteer {
	g, err := parseTowns(strings.NewReader(townsText))
	if err != nil {
		panic(err)
	}
	return g
})

// Town returns the town of that name or alias ("newcastle" is Newcastle upon
// Tyne). It knows the towns of the sample and those likely to be asked for.
func Town(name string) (Place, bool) {
	g := gaz()
	i, ok := g.town[placeKey(name)]
	if !ok {
		return Place{}, false
	}
	return g.towns[i], true
}

// Region returns the area of that name or alias: a region ("Yorkshire"), a
// nation ("Wales"), or several ("the north").
func Region(name string) (Area, bool) {
	g := gaz()
	i, ok := g.area[placeKey(name)]
	if !ok {
		return Area{}, false
	}
	return g.areas[i], true
}

// Towns returns all towns in the order of the table.
func Towns() []Place { return slices.Clone(gaz().towns) }

// Regions returns all areas in the order of the table.
func Regions() []Area { return slices.Clone(gaz().areas) }

var everywhere = regexp.MustCompile(`(?i)^((virtual|remote|online|distributed|anywhere|everywhere|worldwide|global|international|none|n/?a|-+)( *\(?(uk|gb|eu)\)?)?)?$`)

// NoPlace reports whether what stands in a town column says that there is
// none: empty, "virtual", "remote (UK)".
func NoPlace(s string) bool { return everywhere.MatchString(strings.TrimSpace(s)) }

// Distance returns the kilometres between two towns as the crow flies.
func Distance(a, b Place) float64 {
	const earth, rad = 6371.0, math.Pi / 180 // mean radius in km
	dLat, dLon := (b.Lat-a.Lat)*rad, (b.Lon-a.Lon)*rad
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * earth * math.Asin(math.Sqrt(min(h, 1)))
}

func placeKey(s string) string { return Key(strings.TrimPrefix(fold(strings.TrimSpace(s)), "the ")) }

// parseTowns reads the format described at the head of towns.txt.
func parseTowns(r io.Reader) (*gazetteer, error) {
	g := &gazetteer{town: map[string]int{}, area: map[string]int{}, nation: map[string]string{}}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		add := g.addTown
		if rest, ok := strings.CutPrefix(text, "area:"); ok {
			text, add = rest, g.addArea
		}
		if err := add(strings.Split(text, "|")); err != nil {
			return nil, fmt.Errorf("directory: towns line %d: %w", n, err)
		}
	}
	return g, lines.Err()
}

func (g *gazetteer) addArea(fields []string) error {
	a := Area{Name: strings.TrimSpace(fields[0])}
	for _, part := range extra(fields[1:], "of") {
		i, ok := g.area[placeKey(part)]
		if !ok {
			return fmt.Errorf("%s: no area %q above", a.Name, part)
		}
		a.Regions = append(a.Regions, g.areas[i].Regions...)
	}
	if a.Regions == nil {
		a.Regions = []string{a.Name}
		g.nation[a.Name] = a.Name
	}
	if a.Name == "England" {
		for _, r := range a.Regions {
			g.nation[r] = a.Name
		}
	}
	g.areas = append(g.areas, a)
	return name(g.area, len(g.areas)-1, a.Name, extra(fields[1:], "also"))
}

func (g *gazetteer) addTown(fields []string) error {
	if len(fields) < 3 {
		return fmt.Errorf("want “Name | region | latitude longitude”, have %q", strings.Join(fields, "|"))
	}
	p := Place{Name: strings.TrimSpace(fields[0]), Region: strings.TrimSpace(fields[1])}
	p.Nation = g.nation[p.Region]
	at := strings.Fields(fields[2])
	if p.Nation == "" || len(at) != 2 {
		return fmt.Errorf("%s: want a region and two numbers", p.Name)
	}
	var err, err2 error
	p.Lat, err = strconv.ParseFloat(at[0], 64)
	p.Lon, err2 = strconv.ParseFloat(at[1], 64)
	if err != nil || err2 != nil {
		return fmt.Errorf("%s: want two numbers, have %q", p.Name, fields[2])
	}
	g.towns = append(g.towns, p)
	return name(g.town, len(g.towns)-1, p.Name, extra(fields[3:], "also"))
}

// extra returns the list of one "key: a, b" among the fields.
func extra(fields []string, key string) (list []string) {
	for _, f := range fields {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(f), key+":"); ok {
			for _, v := range strings.Split(rest, ",") {
				list = append(list, strings.TrimSpace(v))
			}
		}
	}
	return list
}

// name enters a name and its aliases, each once.
func name(index map[string]int, i int, own string, aliases []string) error {
	for _, a := range append([]string{own}, aliases...) {
		if j, taken := index[placeKey(a)]; taken && j != i {
			return fmt.Errorf("%q names two places", a)
		}
		index[placeKey(a)] = i
	}
	return nil
}
