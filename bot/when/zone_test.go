package when

import (
	"archive/zip"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// everyZone lists the zones that come with the toolchain, or a handful with unusual rules where it has none.
func everyZone(t *testing.T) []*time.Location {
	names := []string{"Europe/London", "America/New_York", "Australia/Lord_Howe", "Europe/Dublin", "Pacific/Apia"}
	//lint:ignore SA1019 the toolchain that runs the test is the one that is asked
	if z, err := zip.OpenReader(filepath.Join(runtime.GOROOT(), "lib", "time", "zoneinfo.zip")); err == nil {
		defer z.Close()
		names = names[:0]
		for _, f := range z.File {
			if !strings.HasSuffix(f.Name, "/") {
				names = append(names, f.Name)
			}
		}
	} else {
		t.Logf("only %d zones: %v", len(names), err)
	}
	var zones []*time.Location
	for _, name := range names {
		if loc, err := time.LoadLocation(name); err == nil {
			zones = append(zones, loc)
		}
	}
	return zones
}

// wallOf labels what the clock shows as UTC, so that wall times can be compared.
func wallOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// checkLocal holds Local and Instants against what the zone shows at the moments around a wall time, found by trying
// every quarter of an hour that the clocks of the world can be away from UTC.
func checkLocal(t *testing.T, wall time.Time, loc *time.Location) {
	t.Helper()
	var want []time.Time
	for off := 16 * time.Hour; off >= -16*time.Hour; off -= 15 * time.Minute {
		if at := wall.Add(-off).In(loc); wallOf(at).Equal(wall) {
			want = append(want, at)
		}
	}
	got := Instants(DateOf(wall), ClockOf(wall), loc)
	if len(got) != len(want) {
		t.Errorf("Instants(%s, %s) = %v, want %v", wall.Format("2006-01-02T15:04"), loc, got, want)
		return
	}
	for i := range got {
		if !got[i].Equal(want[i]) {
			t.Errorf("Instants(%s, %s) = %v, want %v", wall.Format("2006-01-02T15:04"), loc, got, want)
		}
	}
	at := At(DateOf(wall), ClockOf(wall), loc)
	if len(want) > 0 && !at.Equal(want[0]) {
		t.Errorf("At(%s, %s) = %s, want %s", wall, loc, at, want[0])
	}
	if len(want) == 0 && !wallOf(at).After(wall) {
		t.Errorf("At(%s, %s) = %s: not moved forward", wall, loc, at)
	}
	if len(want) == 0 && len(Instants(DateOf(at), ClockOf(at), loc)) == 0 {
		t.Errorf("At(%s, %s) = %s, which does not exist", wall, loc, at)
	}
}

// TestLocalEveryChange tries the hours around every change of every zone's clocks, 2020 to 2031.
func TestLocalEveryChange(t *testing.T) {
	changes := 0
	for _, loc := range everyZone(t) {
		at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).In(loc)
		for {
			_, end := at.ZoneBounds()
			if end.IsZero() || end.Year() > 2030 {
				break
			}
			changes++
			for _, wall := range []time.Time{wallOf(end.Add(-time.Second).In(loc)), wallOf(end.In(loc))} {
				wall = wall.Truncate(15 * time.Minute)
				for step := -5; step <= 5; step++ {
					checkLocal(t, wall.Add(time.Duration(step)*15*time.Minute), loc)
				}
			}
			at = end.In(loc)
		}
	}
	if changes < 1000 && len(everyZone(t)) > 100 {
		t.Errorf("saw only %d changes", changes)
	}
}

// TestLocalEveryHour tries each hour of 2024 to 2031 where the rules are ordinary, half an hour, and negative.
func TestLocalEveryHour(t *testing.T) {
	for _, name := range []string{"Europe/London", "America/New_York", "Australia/Lord_Howe", "Europe/Dublin"} {
		loc := mustLoad(name)
		for wall := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC); wall.Year() < 2032; wall = wall.Add(time.Hour) {
			found, moved := instants(wall, loc)
			switch {
			case len(found) > 0 && !wallOf(found[0]).Equal(wall):
				t.Fatalf("%s in %s is %s", wall, name, found[0])
			case len(found) == 2 && !found[0].Before(found[1]):
				t.Fatalf("%s in %s: %v out of order", wall, name, found)
			case len(found) == 0 && !wallOf(moved).After(wall):
				t.Fatalf("%s in %s moved to %s", wall, name, moved)
			}
		}
	}
}

func TestLocalLondon(t *testing.T) {
	for _, tt := range []struct{ wall, want string }{
		{"2025-03-30T00:59", "2025-03-30T00:59:00Z"},
		{"2025-03-30T01:30", "2025-03-30T01:30:00Z"}, // skipped: an hour later, 02:30 BST
		{"2025-03-30T02:00", "2025-03-30T01:00:00Z"},
		{"2025-10-26T01:30", "2025-10-26T00:30:00Z"}, // twice: the first
		{"2025-10-26T02:00", "2025-10-26T02:00:00Z"},
	} {
		wall, _ := time.Parse("2006-01-02T15:04", tt.wall)
		got := At(DateOf(wall), ClockOf(wall), London).UTC().Format(time.RFC3339)
		if got != tt.want {
			t.Errorf("At(%s) = %s, want %s", tt.wall, got, tt.want)
		}
	}
}

func TestSamoaSkipsADay(t *testing.T) {
	apia := mustLoad("Pacific/Apia")
	d := Date{2011, time.December, 30}
	if got := Instants(d, HM(12, 0), apia); len(got) != 0 {
		t.Errorf("noon of a day that never was: %v", got)
	}
	if got := At(d, HM(12, 0), apia).Format("2006-01-02T15:04"); got != "2011-12-31T12:00" {
		t.Errorf("moved to %s", got)
	}
}
