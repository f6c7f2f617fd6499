package directory

import (
	"bytes"
	"math"
	"testing"
)

func TestTownsOfTheSample(t *testing.T) {
	entries, _, err := ReadCSV(bytes.NewReader(SampleCSV))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		p, ok := Town(e.Town)
		if ok == NoPlace(e.Town) || ok && p.Name != e.Town {
			t.Errorf("%s: Town(%q) = %q, %v", e.Name, e.Town, p.Name, ok)
		}
	}
}

func TestTown(t *testing.T) {
	for _, tt := range []struct{ in, name, region, nation string }{
		{"oxford", "Oxford", "South East", "England"},
		{" NEWCASTLE ", "Newcastle upon Tyne", "North East", "England"},
		{"Newcastle-Upon-Tyne", "Newcastle upon Tyne", "North East", "England"},
		{"Brighton & Hove", "Brighton", "South East", "England"},
		{"caerdydd", "Cardiff", "Wales", "Wales"},
		{"Londonderry", "Derry", "Northern Ireland", "Northern Ireland"},
		{"glossop", "Glossop", "East Midlands", "England"},
		{"Edinburgh", "Edinburgh", "Scotland", "Scotland"},
		{"Atlantis", "", "", ""},
		{"Scotland", "", "", ""},
		{"virtual", "", "", ""},
		{"", "", "", ""},
	} {
		p, ok := Town(tt.in)
		if p.Name != tt.name || p.Region != tt.region || p.Nation != tt.nation || ok != (tt.name != "") {
			t.Errorf("Town(%q) = %+v, %v, want %s", tt.in, p, ok, tt.name)
		}
	}
}

func TestRegion(t *testing.T) {
	for _, tt := range []struct {
		area, town string
		has        bool
	}{
		{"scotland", "Dundee", true}, {"scotland", "Carlisle", false}, {"Cymru", "Wrexham", true},
		{"yorkshire", "Bingley", true}, {"yorkshire", "Glossop", false},
		{"the north", "Manchester", true}, {"the North", "Sheffield", true}, {"north", "Birmingham", false},
		{"Midlands", "Derby", true}, {"the north east", "Gateshead", true}, {"North East", "Leeds", false},
		{"England", "Peterborough", true}, {"England", "Cardiff", false}, {"UK", "Belfast", true}, {"Great Britain", "Belfast", false},
	} {
		a, ok := Region(tt.area)
		p, known := Town(tt.town)
		if !ok || !known || a.Has(p) != tt.has {
			t.Errorf("Region(%q).Has(%s) = %v (known %v, %v), want %v", tt.area, tt.town, a.Has(p), ok, known, tt.has)
		}
	}
	if a, ok := Region("Oxford"); ok {
		t.Errorf("Region(Oxford) = %v, want none", a)
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want float64 // km, as an atlas has it
	}{
		{"London", "Edinburgh", 534}, {"Glasgow", "Edinburgh", 67}, {"Sheffield", "Huddersfield", 36},
		{"Newcastle", "Gateshead", 2}, {"Oxford", "Oxford", 0}, {"Belfast", "Cardiff", 392},
	} {
		a, _ := Town(tt.a)
		b, _ := Town(tt.b)
		if have := Distance(a, b); math.Abs(have-tt.want) > 3 || have != Distance(b, a) {
			t.Errorf("Distance(%s, %s) = %.1f km, want about %.0f", tt.a, tt.b, have, tt.want)
		}
	}
}

// A slip of a digit or a sign would put a town in the sea.
func TestTownsAreInTheirRegions(t *testing.T) {
	box := map[string][4]float64{ // south, north, west, east
		"Scotland": {54.6, 58, -6, -2}, "Wales": {51.3, 53.4, -5, -2.9}, "Northern Ireland": {54, 55.3, -8, -5.5},
		"North East": {54.4, 55.8, -2.5, -1}, "North West": {53.1, 55, -3.2, -2}, "Yorkshire and the Humber": {53.3, 54.5, -2.2, 0},
		"East Midlands": {52.1, 53.6, -2, 0.3}, "West Midlands": {51.9, 53.1, -3, -1.4}, "East of England": {51.5, 52.9, -0.6, 1.7},
		"Greater London": {51.3, 51.7, -0.5, 0.3}, "South East": {50.7, 52.1, -1.8, 1.4}, "South West": {50, 52, -5.6, -1.7},
	}
	for _, p := range Towns() {
		b, ok := box[p.Region]
		if !ok || p.Lat < b[0] || p.Lat > b[1] || p.Lon < b[2] || p.Lon > b[3] {
			t.Errorf("%s at %.3f %.3f is not in %s", p.Name, p.Lat, p.Lon, p.Region)
		}
	}
	if n := len(Towns()); n < 60 {
		t.Errorf("%d towns, want 60 or more", n)
	}
}

func TestNoPlace(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want bool
	}{{"", true}, {"virtual", true}, {"Remote (UK)", true}, {"remote", true}, {"-", true}, {"n/a", true}, {"UK", false}, {"Remoteville", false}, {"Leeds", false}} {
		if have := NoPlace(tt.in); have != tt.want {
			t.Errorf("NoPlace(%q) = %v, want %v", tt.in, have, tt.want)
		}
	}
}

func TestTownIn(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"The Old Hall,106 Bath Road,Oxford,OX4 1JE,United Kingdom", "Oxford"},
		{"Fonthill House,113 Fonthill Road,London,N4 3HH", "London"},
		{"Works 4, 113 Station Road, London N4 3HH", "London"},
		{"The Hall 74 High Street, Colchester, Essex CO1 1UE", "Colchester"},
		{"Gasworks, Arundel Street, Glossop, SK138HZ", "Glossop"},
		{"17 Main Street, Village, Newcastle Upon Tyne, United Kingdom, NE20 9NH", "Newcastle upon Tyne"},
		{"The Foundry, 1 Black Road, London, SE1 8EN.", "London"},
		{"“The Yard&rdquo;, 3 Low Road, Leeds", "Leeds"},
		{"1 High Street York YO1 7EP", "York"},
		{"12 Oxford Road, Little Snoring", ""},
		{"London Road", ""},
		{"", ""},
	} {
		if p, _ := TownIn(tt.in); p.Name != tt.want {
			t.Errorf("TownIn(%q) = %q, want %q", tt.in, p.Name, tt.want)
		}
	}
}
