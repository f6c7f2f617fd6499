package ledgerfile

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"git.coop/cotech/wortley/bot/money"
)

func TestSummary(t *testing.T) {
	s := read(t, sample).Summary()
	if s.From != "2021-01-01" || s.AsOf != "2021-04-02" || s.Balance != money.Pence(160100) || len(s.Years) != 1 {
		t.Fatalf("%+v", s)
	}
	y := s.Years[0]
	if y.Year != "2021" || y.Income != money.Pence(47300) || y.Spent != money.Pence(12250) {
		t.Errorf("%+v", y)
	}
	if len(y.In) != 2 || y.In[0].Name() != "Outlandish" || y.In[1].Account != "donations:friends" || len(y.Out) != 3 || y.Out[0].Name() != "venue hire" {
		t.Errorf("%+v", y)
	}
	if empty := (Journal{Currency: "GBP"}).Summary(); empty.AsOf != "" || empty.Balance != money.Pence(0) || empty.Years != nil {
		t.Errorf("an empty journal: %+v", empty)
	}
}

func TestHistoryReconciles(t *testing.T) {
	h := History()
	s := h.Journal().Summary()
	for i, year := range h.Years {
		y := s.Years[i]
		if y.Year != year || y.Income.Minor != h.Published.Total[year] {
			t.Errorf("%s: %v came in, %d was published", y.Year, y.Income, h.Published.Total[year])
		}
		if n, ok := h.Published.Contributors[year]; ok && n != len(y.In) {
			t.Errorf("%s: %d contributors, want %d", year, len(y.In), n)
		}
		if spent, ok := h.Published.Spent[year]; ok && y.Spent.Minor != spent {
			t.Errorf("%s: %v spent, want %d", year, y.Spent, spent)
		}
	}
	if s.Balance != money.Pence(526203) || s.Balance.Minor != 287307+477100-238204 || s.AsOf != "2021-12-31" {
		t.Errorf("the balance is %v on %s", s.Balance, s.AsOf)
	}
	odd := map[int64]bool{}
	for _, c := range h.Subscriptions {
		if len(c.Pence) != len(h.Years) {
			t.Errorf("%s has %d years", c.Coop, len(c.Pence))
		}
		for _, p := range c.Pence {
			if p%5200 != 0 {
				odd[p] = true
			}
		}
	}
	if len(odd) != 3 || !odd[22100] || !odd[107900] || !odd[10200] {
		t.Errorf("not whole member-years: %v", odd)
	}
}

// TestHistoryAgainstFacts compares our copy with the figures it was made from, where these are at hand.
func TestHistoryAgainstFacts(t *testing.T) {
	data, err := os.ReadFile("../../../../shared/data/fund-history.json")
	if err != nil {
		t.Skipf("SKIPPED: the facts are not at hand: %v", err)
	}
	var facts struct {
		History struct {
			Subscriptions map[string]map[string]int64 `json:"subscriptions_pence"`
		} `json:"fund_history"`
	}
	if err := json.Unmarshal(data, &facts); err != nil {
		t.Fatal(err)
	}
	h := History()
	if len(h.Subscriptions) != len(facts.History.Subscriptions) {
		t.Errorf("%d co-ops, the facts have %d", len(h.Subscriptions), len(facts.History.Subscriptions))
	}
	for _, c := range h.Subscriptions {
		for i, year := range h.Years {
			if want := facts.History.Subscriptions[c.Coop][year]; c.Pence[i] != want {
				t.Errorf("%s %s: %d, the facts have %d", c.Coop, year, c.Pence[i], want)
			}
		}
	}
}

func TestReadMembers(t *testing.T) {
	text := "\ufeffContribution,E-mail,Co-op,Notes\r\n£468.00,someone@example.org,Outlandish,\r\n0,,\"Agile  Collective\",\"asks\nagain\"\r\n\"1,040\",x@example.org,Web,\r\n"
	members, problems := ReadMembers(text, "GBP")
	if len(problems) > 0 || len(members) != 3 {
		t.Fatal(members, problems)
	}
	want := []Member{{2, "Outlandish", money.Pence(46800)}, {3, "Agile Collective", money.Pence(0)}, {5, "Web", money.Pence(104000)}}
	for i, m := range members {
		if m != want[i] {
			t.Errorf("%+v, want %+v", m, want[i])
		}
	}
	if kept, _ := json.Marshal(members); strings.Contains(string(kept), "@") {
		t.Errorf("an address is kept: %s", kept)
	}
}

func TestReadMembersProblems(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", "the file is empty"}, {"coop,when\n", "line 1: no column says the contribution"}, {"coop,name,amount\n", "line 1: two columns say the coop"},
		{"coop,amount\nA,5\nA,6\n", "line 3: A is there twice"}, {"coop,amount\n,5\n", "line 2: a line without"}, {"coop,amount\nA,lots\n", "line 2: A: I see no amount"},
		{"coop,amount\nA,-5\n", "line 2: A: a contribution cannot be below"}, {"coop,amount\nA,€5\n", "line 2: A: the books are in GBP"}, {"coop,amount\nA,\"1,25\"\n", "line 2: A: Do you mean"},
		{"coop,amount\na@example.org,5\n", "line 2: the co-op looks like an e-mail"}, {"coop,amount\nA\n", "line 2: this line has more or fewer"}, {"coop,amount\n\"A,5\n", "quotation marks"}, {"\xff", "plain text"},
	} {
		members, problems := ReadMembers(tt.in, "GBP")
		if len(problems) == 0 || members != nil || !strings.Contains(problems[0].String(), tt.want) || strings.Contains(problems[0].String(), "@example") {
			t.Errorf("ReadMembers(%q) = %v, %v, want %q", tt.in, members, problems, tt.want)
		}
	}
	if _, problems := ReadMembers("coop,amount\nA\nB,lots\nC,5\n", "GBP"); len(problems) != 2 {
		t.Errorf("%v, want both lines", problems)
	}
}

func FuzzReadMembers(f *testing.F) {
	f.Add("coop,amount\nA,£5\n")
	f.Add("Co-op,email,contribution\n\"A\nB\",x@example.org,\"1,040\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		members, problems := ReadMembers(text, "GBP")
		if len(members) > 0 && len(problems) > 0 {
			t.Fatal("half imported")
		}
		for _, m := range members {
			if m.Coop == "" || strings.Contains(m.Coop, "@") || m.Contribution.Minor < 0 {
				t.Fatalf("%+v", m)
			}
		}
	})
}
