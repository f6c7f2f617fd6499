package when

import "testing"

// TestJSON holds the form of every kind, which tests from outside rely on.
func TestJSON(t *testing.T) {
	opt := Options{Now: wall(t, "2026-01-20T10:00"), Anchors: map[string]Date{"board meeting": {2026, 2, 10}}}
	for _, tt := range []struct{ phrase, want string }{
		{"Thu 5 March 2pm", `{"kind":"instant","start":{"local":"2026-03-05T14:00","utc":"2026-03-05T14:00:00Z"}}`},
		{"Thu 2 July 2-3.30", `{"kind":"range","start":{"local":"2026-07-02T14:00","utc":"2026-07-02T13:00:00Z"},"end":{"local":"2026-07-02T15:30","utc":"2026-07-02T14:30:00Z"},"minutes":90,"assumed":["meridiem"]}`},
		{"Thu 5 March", `{"kind":"date","date":"2026-03-05"}`},
		{"on leave 20-31 July", `{"kind":"dates","first":"2026-07-20","last":"2026-07-31","intent":"away"}`},
		{"w/c 2 March, mornings", `{"kind":"window","from":{"date":"2026-03-02"},"to":{"date":"2026-03-08"},"part":{"from":"09:00","to":"12:00"}}`},
		{"after 3.30pm on Thu 5 March", `{"kind":"window","from":{"local":"2026-03-05T15:30","utc":"2026-03-05T15:30:00Z"},"to":null}`},
		{"any time next week after 2pm", `{"kind":"window","from":{"date":"2026-01-26"},"to":{"date":"2026-02-01"},"part":{"from":"14:00","to":null}}`},
		{"by Fri 6 March", `{"kind":"deadline","by":{"date":"2026-03-06"}}`},
		{"by close of business Fri 6 March", `{"kind":"deadline","by":{"local":"2026-03-06T17:00","utc":"2026-03-06T17:00:00Z"}}`},
		{"Thu 5 or Fri 6 March", `{"kind":"options","op":"any","items":[{"kind":"date","date":"2026-03-05"},{"kind":"date","date":"2026-03-06"}]}`},
		{"every Monday evening for 2 weeks", `{"kind":"recurrence","rrule":"FREQ=WEEKLY;COUNT=2;BYDAY=MO","start":{"date":"2026-01-26"},"part":{"from":"18:00","to":"21:00"},"needs":["time"],"occurrences":[{"date":"2026-01-26"},{"date":"2026-02-02"}]}`},
		{"last Wednesday of the month at 16:00 for an hour until the end of February except 28 January", `{"kind":"recurrence","rrule":"FREQ=MONTHLY;UNTIL=20260228T235959Z;BYDAY=-1WE","start":{"local":"2026-02-25T16:00","utc":"2026-02-25T16:00:00Z"},"minutes":60,"occurrences":[{"local":"2026-02-25T16:00","utc":"2026-02-25T16:00:00Z"}],"exdates":[{"local":"2026-01-28T16:00","utc":"2026-01-28T16:00:00Z"}]}`},
		{"quarterly", `{"kind":"recurrence","rrule":"FREQ=MONTHLY;INTERVAL=3","needs":["date","time"]}`},
		{"two weeks before every board meeting", `{"kind":"recurrence_anchor","anchor":"board meeting","offset_days":-14}`},
		{"every fourth meeting is budget, otherwise projects", `{"kind":"agenda_cycle","every":4,"theme":"budget","otherwise":"projects"}`},
		{"Fri 5 March", `{"kind":"ask","reasons":["weekday_mismatch"],"candidates":["2026-03-05","2026-03-06"]}`},
		{"Fri 6 March 3pm-2pm", `{"kind":"error","reasons":["end_before_start"]}`},
		{"Good Friday", `{"kind":"date","date":"2026-04-03","warn":["bank_holiday"]}`},
		{"good work", `{"kind":"none"}`},
	} {
		got, err := ReadJSON(tt.phrase, opt)
		if err != nil || string(got) != tt.want {
			t.Errorf("%q\n got %s\nwant %s (%v)", tt.phrase, got, tt.want, err)
		}
	}
}

// TestNation mentions the bank holidays of the nation that is asked for.
func TestNation(t *testing.T) {
	for nation, want := range map[Nation]bool{"": true, EnglandWales: true, NorthernIreland: true, Scotland: false} {
		r := Read("Easter Monday", Options{Now: wall(t, "2026-01-20T10:00"), Nation: nation})
		if (r.BankHoliday != nil) != want {
			t.Errorf("Easter Monday in %q: %v", nation, r.BankHoliday)
		}
	}
}

// TestOtherZone reads for people elsewhere: their wall time, the same moments.
func TestOtherZone(t *testing.T) {
	berlin := mustLoad("Europe/Berlin")
	r := Read("Thu 5 March 2pm", Options{Now: wall(t, "2026-01-20T10:00"), Zone: berlin})
	if r.Kind != Instant || r.Start.UTC().Hour() != 13 || r.Start.Hour() != 14 {
		t.Errorf("got %s %s", r.Kind, r.Start)
	}
	r = Read("Thu 5 March 2pm London time", Options{Now: wall(t, "2026-01-20T10:00"), Zone: berlin})
	if r.Kind != Instant || r.Start.UTC().Hour() != 14 || r.Start.Hour() != 15 {
		t.Errorf("got %s %s", r.Kind, r.Start)
	}
}
