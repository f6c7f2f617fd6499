package contribution

import (
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	rows, err := Compare(call("members=9 payroll=£320k revenue=£480k profit=£30k"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range rows {
		got[r.Model.ID] = r.Text()
	}
	for id, want := range map[string]string{
		"cotech_per_member_week":     "£468.00",
		"cotech_money_or_time":       "£468.00 or 108 h",
		"cotech_per_member_flat":     "£900.00",
		"cotech_labour_half_percent": "£1,600.00",
		"coordinator_commission":     "needs contract",
		"cotech_revenue_one_percent": "£4,800.00",
		"workers_coop_subscription":  "£320.00",
		"arizmendi_development":      "£7,500.00",
		"arizmendi_wage_per_20":      "needs wage and fte",
		"seikatsu_monthly":           "¥108,000",
		"mondragon_pooling":          "£8,700.00 to £16,200.00",
		"mondragon_loss_offset":      "needs loss and available_profit",
		"vawc_dues_and_fund":         "£2,100.00",
		"enspiral_agreed":            "£24,000.00",
		"enspiral_gift_tax":          "needs gift",
		"radical_routes_hours":       "104 h to 208 h",
		"equal_pool":                 "needs total and coops",
	} {
		if got[id] != want {
			t.Errorf("%s: %s, want %s", id, got[id], want)
		}
	}
	if len(rows) != len(all) {
		t.Errorf("%d rows for %d models", len(rows), len(all))
	}
	text := CompareText(rows)
	if !strings.Contains(text, "- Arizmendi, for new co-ops: **£7,500.00** (told in the forum)\n") || !strings.Contains(text, "Not without more: ") {
		t.Error(text)
	}
}

func TestCompareTakesWhatIsGiven(t *testing.T) {
	rows, err := Compare(call("profit=-£1k sector_percent=20 hours_per_week=3 weeks=10 contract_pence=1000 revenue=0"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		want := map[string]string{
			"mondragon_pooling": "£0.00", "radical_routes_hours": "30 h", "coordinator_commission": "£0.50", "vawc_dues_and_fund": "£0.00",
			"cotech_money_or_time": "needs members",
		}[r.Model.ID]
		if want != "" && r.Text() != want {
			t.Errorf("%s: %s, want %s", r.Model.ID, r.Text(), want)
		}
	}
}

func TestCompareRefuses(t *testing.T) {
	for in, why := range map[string]string{"members=-1": "below zero", "payrol=5": "no model takes", "payroll=lots": "no amount", "revenue=5 revenue_pence=5": "the same"} {
		if _, err := Compare(call(in)); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("Compare(%s): %v, want %q", in, err, why)
		}
	}
}

func TestSubs(t *testing.T) {
	for in, want := range map[string]string{"320000": "£320.00", "£320k": "£320.00", "£100,000": "£150.00", "0": "£150.00"} {
		if got, err := Subs(in); err != nil || got.Total() != want {
			t.Errorf("Subs(%s) = %s, %v, want %s", in, got.Total(), err, want)
		}
	}
	if out, err := Subs("-5"); err == nil {
		t.Errorf("a payroll below zero gives %s", out.Total())
	}
}

func TestText(t *testing.T) {
	for _, tt := range []struct{ model, in, want string }{
		{"vawc_dues_and_fund", "revenue=£500k profit=£0", `Valley Alliance of Worker Co-operatives: £625.00 (dues £625.00, fund £0.00)
Formula: dues of 0.125 % of revenue, and 5 % of profit to the development fund
Rounding: each part to the nearest penny, halves away from zero; the total is the sum of the parts
Standing: told in the forum; the 5 % is confirmed elsewhere
Source: Forum thread "CoTech Network Coordinator" ; https://blog.p2pfoundation.net/movement-of-the-day-the-valley-alliance-of-worker-cooperatives/2013/06/15
Note: One eighth of one per cent is 0.125 %. The thread has 0.00125 %, which is a slip: 0.00125 is the fraction, and the dues would be 100 times too small.
`},
		{"equal_pool", "total=£10k coops=3", "£10,000.00 (1 of £3,333.34, 2 of £3,333.33)\n"},
		{"cotech_money_or_time", "money_members=3 time_members=2", "£156.00 and 24 h\n"},
		{"radical_routes_hours", "hours_per_week=2.25 weeks=1", "2 h 15 min\n"},
		{"cotech_per_member_flat", "members_per_coop=[6,8,4,5]", "Note: If £100.00 a co-op was meant: £400.00 for 4 co-ops.\n"},
		{"workers_coop_subscription", "payroll=£500k", "Note: With 20 % VAT: £600.00.\n"},
		{"seikatsu_monthly", "members=1 pence_per_1000_yen=750", "Note: About £90.00 at £7.50 for 1000 yen.\n"},
	} {
		out, err := Calc(tt.model, call(tt.in))
		if err != nil || !strings.Contains(out.Text(), tt.want) {
			t.Errorf("%s %s: %v\n%s\nwant %s", tt.model, tt.in, err, out.Text(), tt.want)
		}
	}
}
