package contribution

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// call is "key=value key=value"; values hold no spaces.
func call(text string) map[string]string {
	in := map[string]string{}
	for _, field := range strings.Fields(text) {
		k, v, _ := strings.Cut(field, "=")
		in[k] = v
	}
	return in
}

func TestCalc(t *testing.T) {
	for _, tt := range []struct{ model, in, want string }{
		{"cotech_per_member_week", "members=21", `{"pence":109200}`},
		{"cotech_per_member_week", "members=21 weeks=26", `{"pence":54600}`},
		{"cotech_per_member_week", "members=0", `{"pence":0}`},
		{"cotech_per_member_week", "members=58 weeks=52", `{"pence":301600}`},
		{"cotech_money_or_time", "money_members=3 time_members=2", `{"pence":15600,"minutes":1440}`},
		{"cotech_money_or_time", "money_members=3 time_members=0 weeks=10 months=6", `{"pence":3000,"minutes":0}`},
		{"cotech_per_member_flat", "members_per_coop=[6,8,4,5]", `{"pence":230000}`},
		{"cotech_per_member_flat", `members_per_coop={"a":6,"b":8}`, `{"pence":140000}`},
		{"cotech_per_member_flat", "members=9", `{"pence":90000}`},
		{"cotech_labour_half_percent", "labour_pence=22500000", `{"pence":112500}`},
		{"cotech_labour_half_percent", "labour=£225k", `{"pence":112500}`},
		{"cotech_labour_half_percent", "labour_pence=100", `{"pence":1}`}, // 0.5 p: the tie goes up
		{"cotech_labour_half_percent", "labour_pence=99", `{"pence":0}`},
		{"cotech_labour_half_percent", "labour_pence=300", `{"pence":2}`}, // 1.5 p
		{"coordinator_commission", "contract_pence=4000000", `{"pence":200000}`},
		{"coordinator_commission", "contract_pence=10", `{"pence":1}`},
		{"cotech_revenue_one_percent", "revenue_pence=48000000", `{"pence":480000}`},
		{"cotech_revenue_one_percent", "revenue_pence=50", `{"pence":1}`},
		{"workers_coop_subscription", "wages_pence=50000000", `{"pence":50000}`},
		{"workers_coop_subscription", "wages_pence=50000000 vat=true", `{"pence":60000,"parts":{"subscription":50000,"vat":10000}}`},
		{"workers_coop_subscription", "wages_pence=14999900", `{"pence":15000}`},
		{"workers_coop_subscription", "wages_pence=15000500", `{"pence":15001}`}, // 15000.5
		{"workers_coop_subscription", "wages_pence=15000499", `{"pence":15000}`},
		{"workers_coop_subscription", "wages_pence=0 paid_to_members_pence=20000000", `{"pence":20000}`},
		{"workers_coop_subscription", "wages_pence=50000000 pay_what_you_can=true years_member=1 offered_pence=2500", `{"pence":2500}`},
		{"workers_coop_subscription", "wages_pence=50000000 pay_what_you_can=true years_member=0 offered_pence=2503 vat=true", `{"pence":3004,"parts":{"subscription":2503,"vat":501}}`},
		{"workers_coop_subscription", "wages_pence=50000000 pay_what_you_can=true offered_pence=2500", `{"pence":50000}`},
		{"arizmendi_development", "revenue_pence=100000000 profit_pence=10000000", `{"pence":2500000}`},
		{"arizmendi_development", "revenue_pence=50000000 profit_pence=3000000", `{"pence":750000}`},
		{"arizmendi_development", "revenue_pence=100000000 profit_pence=20000000", `{"pence":4000000}`},
		{"arizmendi_development", "revenue=£1m profit=-£5k", `{"pence":0}`},
		{"arizmendi_development", "revenue_pence=1000 profit_pence=2", `{"pence":1}`}, // 0.5 p
		{"arizmendi_wage_per_20", "wage_pence=2800000 fte_hundredths=3000", `{"pence":4200000}`},
		{"arizmendi_wage_per_20", "wage_pence=2800000 fte_hundredths=3000 mode=steps", `{"pence":2800000}`},
		{"arizmendi_wage_per_20", "wage=£28,000 fte=7.5", `{"pence":1050000}`},
		{"arizmendi_wage_per_20", "wage_pence=2800000 fte_hundredths=1999 mode=steps", `{"pence":0}`},
		{"seikatsu_monthly", "members=1 pence_per_1000_yen=750", `{"minor_units":12000,"currency":"JPY"}`},
		{"seikatsu_monthly", "members=9 months=1 pence_per_1000_yen=520", `{"minor_units":9000,"currency":"JPY"}`},
		{"mondragon_pooling", "profit_pence=100000000 sector_percent=15", `{"pence":29000000,"parts":{"sector":15000000,"foundation":10000000,"education":2000000,"solidarity":2000000}}`},
		{"mondragon_pooling", "profit_pence=25 sector_percent=30", `{"pence":13,"parts":{"sector":8,"foundation":3,"education":1,"solidarity":1}}`},
		{"mondragon_pooling", "profit_pence=-5 sector_percent=40", `{"pence":0,"parts":{"sector":0,"foundation":0,"education":0,"solidarity":0}}`},
		{"mondragon_loss_offset", "loss_pence=10000000 available_profit_pence=9000000", `{"pence":4000000}`},
		{"mondragon_loss_offset", "loss_pence=10000000 available_profit_pence=100", `{"pence":100}`},
		{"vawc_dues_and_fund", "revenue_pence=100000000 profit_pence=8000000", `{"pence":525000,"parts":{"dues":125000,"fund":400000}}`},
		{"vawc_dues_and_fund", "revenue=£500k profit=-£5", `{"pence":62500,"parts":{"dues":62500,"fund":0}}`},
		{"vawc_dues_and_fund", "revenue_pence=400 profit_pence=10", `{"pence":2,"parts":{"dues":1,"fund":1}}`}, // two ties
		{"enspiral_agreed", "revenue_pence=42000000 percent_hundredths=500", `{"pence":2100000}`},
		{"enspiral_agreed", "revenue=£420k percent=2.5", `{"pence":1050000}`},
		{"enspiral_agreed", `periods=[{"months":6,"monthly_pence":10000},{"months":6,"monthly_pence":15000}]`, `{"pence":150000}`},
		{"enspiral_gift_tax", "gift_pence=7200", `{"minor_units":2800,"currency":"NZD"}`},
		{"enspiral_gift_tax", "gift_pence=100000", `{"minor_units":38889,"currency":"NZD"}`},
		{"enspiral_gift_tax", "gift=NZ$72", `{"minor_units":2800,"currency":"NZD"}`},
		{"radical_routes_hours", "hours_per_week=3", `{"pence":0,"minutes":9360}`},
		{"radical_routes_hours", "hours_per_week=2.5 weeks=4", `{"pence":0,"minutes":600}`},
		{"equal_pool", "total_pence=1000000 coops=3", `{"pence":1000000,"shares":[333334,333333,333333]}`},
		{"equal_pool", `total=£0.02 coops=["c","a","b"]`, `{"pence":2,"parts":{"a":1,"b":1,"c":0},"shares":[1,1,0]}`},
		{"equal_pool", "total_pence=0 coops=2", `{"pence":0,"shares":[0,0]}`},
	} {
		if got := string(CalcJSON(tt.model, call(tt.in))); got != tt.want {
			t.Errorf("%s %s\n got %s\nwant %s", tt.model, tt.in, got, tt.want)
		}
	}
}

func TestCalcRefuses(t *testing.T) {
	for _, tt := range []struct{ model, in, why string }{
		{"", "", "no model"}, {"cotech", "", "cotech_per_member_week, cotech_money_or_time"}, {"mondragon_pooling", "", "profit_pence and sector_percent are missing"},
		{"cotech_per_member_week", "", "members is missing"}, {"cotech_per_member_week", "members=-1", "below zero"},
		{"cotech_per_member_week", "members=1e3", "whole number"}, {"cotech_per_member_week", "members=2.5", "whole number"},
		{"cotech_per_member_week", "members=٣", "whole number"}, {"cotech_per_member_week", "members=", "whole number"},
		{"cotech_per_member_week", "members=99999999999999999999", "too large"}, {"cotech_per_member_week", "members=9223372036854775807", "too large"},
		{"cotech_per_member_week", "members=3 wekks=4", `does not take "wekks"`},
		{"cotech_labour_half_percent", "labour_pence=-1", "below zero"}, {"cotech_labour_half_percent", "labour=-£5", "below zero"},
		{"cotech_labour_half_percent", "labour_pence=£225k", "payroll=£225k"}, {"cotech_labour_half_percent", "labour=1,25", "Do you mean £1.25?"},
		{"cotech_labour_half_percent", "labour=€5", "GBP"}, {"cotech_labour_half_percent", "labour=5 payroll=5", "the same"},
		{"workers_coop_subscription", "wages_pence=1 vat=maybe", "true or false"}, {"workers_coop_subscription", "vat=true", "wages_pence is missing"},
		{"workers_coop_subscription", "wages_pence=9223372036854775807 paid_to_members_pence=1", "too large"},
		{"arizmendi_wage_per_20", "wage_pence=1 fte=-1", "below zero"}, {"arizmendi_wage_per_20", "wage_pence=1 fte=1.234", "two decimals"},
		{"arizmendi_wage_per_20", "wage_pence=1 fte=1 mode=leaps", "proportional or steps"}, {"seikatsu_monthly", "members=1", "pence_per_1000_yen is missing"},
		{"mondragon_pooling", "profit_pence=1 sector_percent=14", "between 15 and 40"}, {"mondragon_pooling", "profit_pence=1 sector_percent=40.01", "between 15 and 40"},
		{"mondragon_loss_offset", "loss_pence=-4 available_profit_pence=1", "below zero"},
		{"enspiral_agreed", "", "missing"}, {"enspiral_agreed", "revenue_pence=4", "missing"}, {"enspiral_agreed", "revenue_pence=4 percent=101", "between 0 and 100"},
		{"enspiral_agreed", `periods=[{"months":1,"monthly_pence":1}] percent=5`, "not both"}, {"enspiral_agreed", `periods=[]`, "is a list"},
		{"enspiral_agreed", `periods=[{"months":1}]`, "periods.monthly_pence"}, {"enspiral_agreed", `periods=[{"months":1,"pence":1}]`, "is a list"},
		{"enspiral_agreed", `periods=[{"months":1.5,"monthly_pence":1}]`, "whole number"}, {"enspiral_agreed", `periods=[{"months":-1,"monthly_pence":1}]`, "below zero"},
		{"radical_routes_hours", "hours_per_week=5", "between 2 and 4"}, {"radical_routes_hours", "hours_per_week=2.33 weeks=1", "whole minutes"},
		{"cotech_per_member_flat", "members_per_coop=[]", "takes 1 to"}, {"cotech_per_member_flat", "members_per_coop=[6,-1]", "below zero"},
		{"cotech_per_member_flat", "members_per_coop=[6,8]]", "list of whole"}, {"cotech_per_member_flat", "members_per_coop=[6,1e3]", "whole number"},
		{"cotech_per_member_flat", `members_per_coop={"a":1,"a":2}`, "list of whole"}, {"cotech_per_member_flat", `members_per_coop={}`, "takes 1 to"},
		{"equal_pool", "total_pence=5 coops=0", "1 to 10000"}, {"equal_pool", "total_pence=5 coops=1000000000", "1 to 10000"},
		{"equal_pool", `total_pence=5 coops=["a","a"]`, "twice"}, {"equal_pool", `total_pence=5 coops=[1]`, "list of names"}, {"equal_pool", `total_pence=-5 coops=2`, "below zero"},
	} {
		_, err := Calc(tt.model, call(tt.in))
		var in *InputError
		if !errors.As(err, &in) || !strings.Contains(in.Why, tt.why) {
			t.Errorf("%s %s: %v, want a refusal with %q", tt.model, tt.in, err, tt.why)
		}
	}
	want := `{"error":"invalid_input","why":"members is missing"}`
	if got := string(CalcJSON("cotech_per_member_week", nil)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEveryModelHasItsSum(t *testing.T) {
	for _, m := range Models() {
		if sums[m.ID] == nil || m.Name == "" || m.Formula == "" || m.Standing == "" || len(m.Sources) == 0 {
			t.Errorf("%s is not complete", m.ID)
		}
	}
	if len(sums) != len(all) {
		t.Errorf("%d sums for %d models", len(sums), len(all))
	}
}

// TestAgainstFacts compares the models with the facts they were taken from, where these are at hand, and works out the
// examples that may be given there.
func TestAgainstFacts(t *testing.T) {
	data, err := os.ReadFile("../../../../shared/data/contribution-models.json")
	if err != nil {
		t.Skipf("SKIPPED: the facts are not at hand: %v", err)
	}
	var facts struct {
		Models []struct {
			ID       string
			Rounding string
			Inputs   []string
			Examples []struct {
				Inputs map[string]json.RawMessage
				Result json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(data, &facts); err != nil {
		t.Fatal(err)
	}
	if len(facts.Models) != len(all) {
		t.Errorf("%d models in the facts, %d here", len(facts.Models), len(all))
	}
	for i, f := range facts.Models {
		m := all[min(i, len(all)-1)]
		var names []string
		for _, in := range m.Inputs {
			names = append(names, in.Name)
		}
		slices.Sort(names)
		if m.ID != f.ID || !slices.Equal(names, f.Inputs) {
			t.Errorf("%s takes %v, the facts have %s with %v", m.ID, names, f.ID, f.Inputs)
		}
		if want := strings.ReplaceAll(f.Rounding, ", each part", "_each"); string(m.Rounding) != want {
			t.Errorf("%s rounds %q, want %q", m.ID, m.Rounding, want)
		}
		for _, e := range f.Examples {
			in := map[string]string{}
			for k, v := range e.Inputs {
				in[k] = strings.Trim(string(v), `"`)
			}
			if got := CalcJSON(m.ID, in); string(got) != string(e.Result) {
				t.Errorf("%s %v = %s, the facts have %s", m.ID, in, got, e.Result)
			}
		}
	}
}

func TestPartsAndSharesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Int64Range(0, 1<<50)
		in := map[string]string{}
		text := func(name string) { in[name] = rapid.Map(number, itoa).Draw(t, name) }
		model := rapid.SampledFrom([]string{"vawc_dues_and_fund", "equal_pool", "workers_coop_subscription"}).Draw(t, "model")
		switch model {
		case "vawc_dues_and_fund":
			text("revenue_pence")
			text("profit_pence")
		case "equal_pool":
			text("total_pence")
			in["coops"] = itoa(rapid.Int64Range(1, 60).Draw(t, "coops"))
		case "workers_coop_subscription":
			text("wages_pence")
			in["vat"] = "true"
		}
		out, err := Calc(model, in)
		if err != nil {
			t.Fatal(err)
		}
		var sum int64
		for _, p := range out.Parts {
			sum += p.Minor
		}
		for i, s := range out.Shares {
			sum += s
			if s > out.Shares[0] || s < out.Shares[0]-1 {
				t.Fatalf("share %d of %v", i, out.Shares)
			}
		}
		if sum != out.Minor {
			t.Fatalf("%s %v: %+v adds up to %d", model, in, out, sum)
		}
	})
}

func itoa(n int64) string { b, _ := json.Marshal(n); return string(b) }

func FuzzCalc(f *testing.F) {
	f.Add("equal_pool", "total_pence", "5", "coops", `["a","b"]`)
	f.Add("enspiral_agreed", "periods", `[{"months":6,"monthly_pence":10000}]`, "", "")
	f.Add("cotech_per_member_flat", "members_per_coop", `{"a":1}`, "", "")
	f.Add("vawc_dues_and_fund", "revenue", "£1,250.50", "profit", "-£5")
	f.Add("radical_routes_hours", "hours_per_week", "2.5", "weeks", "4")
	f.Fuzz(func(t *testing.T, model, k1, v1, k2, v2 string) {
		in := map[string]string{k1: v1}
		if k2 != "" {
			in[k2] = v2
		}
		if out := CalcJSON(model, in); !json.Valid(out) {
			t.Fatalf("%s %v: %s", model, in, out)
		}
		if out, err := Calc(model, in); err == nil && (out.Minor < 0 || out.Minutes < 0) {
			t.Fatalf("%s %v: %+v", model, in, out)
		}
		if _, err := Compare(in); err != nil {
			var e *InputError
			if !errors.As(err, &e) {
				t.Fatalf("%v: %v", in, err)
			}
		}
	})
}
