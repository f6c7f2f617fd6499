package when

import (
	"strings"
	"testing"
)

// Dates as published on gov.uk/bank-holidays; the years it does not list yet follow the Act.
var published = map[Nation]map[int]string{
	EnglandWales: {
		2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
		2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
		2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
		2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
		2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
		2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
		2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
		2029: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
		2030: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
	},
	Scotland: {
		2022: "01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27",
		2023: "01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26",
		2024: "01-01 01-02 03-29 05-06 05-27 08-05 12-02 12-25 12-26",
		2025: "01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26",
		2026: "01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28",
		2027: "01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28",
		2028: "01-03 01-04 04-14 05-01 05-29 08-07 11-30 12-25 12-26",
	},
	NorthernIreland: {
		2024: "01-01 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26",
		2025: "01-01 03-17 04-18 04-21 05-05 05-26 07-14 08-25 12-25 12-26",
		2026: "01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28",
		2027: "01-01 03-17 03-26 03-29 05-03 05-31 07-12 08-30 12-27 12-28",
	},
}

func TestHolidays(t *testing.T) {
	for nation, years := range published {
		for year, want := range years {
			var got []string
			for _, h := range Holidays(year, nation) {
				got = append(got, h.Date.String()[5:])
			}
			if strings.Join(got, " ") != want {
				t.Errorf("Holidays(%d, %s) = %s, want %s", year, nation, strings.Join(got, " "), want)
			}
		}
	}
}

func TestEaster(t *testing.T) {
	for year, want := range map[int]string{
		1961: "1961-04-02", 2000: "2000-04-23", 2008: "2008-03-23", 2011: "2011-04-24", 2024: "2024-03-31", 2025: "2025-04-20",
		2026: "2026-04-05", 2027: "2027-03-28", 2028: "2028-04-16", 2029: "2029-04-01", 2030: "2030-04-21", 2038: "2038-04-25",
	} {
		if got := Easter(year).String(); got != want {
			t.Errorf("Easter(%d) = %s, want %s", year, got, want)
		}
	}
}

func TestWorkingDay(t *testing.T) {
	for day, want := range map[string]bool{
		"2026-12-28": false, "2026-12-26": false, "2026-12-29": true, "2026-03-07": false, "2026-04-06": false, "2026-04-07": true,
	} {
		d, err := ParseDate(day)
		if err != nil || WorkingDay(d, "") != want {
			t.Errorf("WorkingDay(%s) = %v, want %v (%v)", day, !want, want, err)
		}
	}
	if !WorkingDay(Date{2026, 4, 6}, Scotland) {
		t.Error("Easter Monday is a working day in Scotland")
	}
}
