package storage

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A fundModel is what the ledger should say, kept as simply as possible.
type fundModel struct {
	target, limit int64
	deadline      time.Time
	pledged       map[int64]int64
	vetoes        map[int64]bool
	state         FundState
}

func (m *fundModel) total() (sum int64) {
	for _, n := range m.pledged {
		sum += n
	}
	return sum
}

func (m *fundModel) open(now time.Time) bool { return m.state == FundOpen && now.Before(m.deadline) }

func (m *fundModel) end(s FundState) {
	if m.state = s; s != FundSucceeded {
		m.pledged = map[int64]int64{}
	}
}

// TestFundMachine does random things to a proposal through two processes on
// one file, with jumps of the clock and events that come twice, and compares
// with the model after each.
func TestFundMachine(t *testing.T) {
	dbs := twoProcesses(t, filepath.Join(t.TempDir(), "w.db"))
	rapid.Check(t, func(t *rapid.T) {
		id, coops := fundWith(t, dbs[0])
		if _, err := dbs[0].FundSetRule(context.Background(), FundAct{Key: fmt.Sprint(id, " no cap"), At: fundStart}, FundRule{Name: "cap", Source: "a vote", Since: "2026-01-01"}); err != nil {
			t.Fatal(err)
		}
		m := &fundModel{target: 100_000, deadline: fundStart.Add(7 * 24 * time.Hour), pledged: map[int64]int64{}, vetoes: map[int64]bool{}, state: FundOpen}
		now, step := fundStart, 0
		var last []func() error // what was done, to be done again
		db := func() *DB { return dbs[rapid.IntRange(0, 1).Draw(t, "process")] }
		act := func() FundAct {
			step++
			return FundAct{Key: fmt.Sprint(id, " step ", step), At: now, Proposal: id, Coop: rapid.SampledFrom(coops).Draw(t, "co-op")}
		}
		do := func(f func(*DB) (FundProposal, bool, error)) error {
			at := db()
			_, again, err := f(at)
			if again {
				t.Fatal("a new event is taken for an old one")
			}
			if err == nil {
				last = append(last, func() error {
					_, again, err := f(db())
					if err == nil && !again {
						err = errors.New("done twice")
					}
					return err
				})
			}
			return err
		}
		agree := func(what string, err error, want bool) {
			if (err == nil) != want || err != nil && why(err) == "" {
				t.Fatalf("%s at %v: %v, want done: %v (model %+v)", what, now, err, want, m)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"pledge": func(t *rapid.T) {
				a := act()
				a.Amount = rapid.Int64Range(1, 60_000).Draw(t, "amount")
				fits := m.total()+a.Amount <= m.target && (m.limit == 0 || m.pledged[a.Coop]+a.Amount <= m.limit)
				want := m.open(now) && fits
				agree("pledge", do(func(db *DB) (FundProposal, bool, error) { return db.FundPledge(context.Background(), a) }), want)
				if want {
					m.pledged[a.Coop] += a.Amount
				}
			},
			"withdraw": func(t *rapid.T) {
				a := act()
				a.Amount = rapid.Int64Range(0, 60_000).Draw(t, "amount")
				want := m.open(now) && m.pledged[a.Coop] > 0 && a.Amount <= m.pledged[a.Coop]
				agree("withdraw", do(func(db *DB) (FundProposal, bool, error) { return db.FundWithdraw(context.Background(), a) }), want)
				switch {
				case want && a.Amount == 0:
					m.pledged[a.Coop] = 0
				case want:
					m.pledged[a.Coop] -= a.Amount
				}
			},
			"veto": func(t *rapid.T) {
				a := act()
				want := m.open(now) && !m.vetoes[a.Coop]
				agree("veto", do(func(db *DB) (FundProposal, bool, error) { return db.FundVeto(context.Background(), a) }), want)
				if want {
					if m.vetoes[a.Coop] = true; len(m.vetoes) == 2 {
						m.end(FundBlocked)
					}
				}
			},
			"unveto": func(t *rapid.T) {
				a := act()
				want := m.open(now) && m.vetoes[a.Coop]
				agree("unveto", do(func(db *DB) (FundProposal, bool, error) { return db.FundUnveto(context.Background(), a) }), want)
				if want {
					delete(m.vetoes, a.Coop)
				}
			},
			"close": func(t *rapid.T) {
				a := act()
				want := m.open(now)
				agree("close", do(func(db *DB) (FundProposal, bool, error) { return db.FundClose(context.Background(), a, false) }), want)
				if want {
					m.end(map[bool]FundState{true: FundSucceeded, false: FundFailed}[m.total() >= m.target])
				}
			},
			"raise": func(t *rapid.T) {
				a := act()
				a.Amount = m.target + rapid.Int64Range(-10, 20_000).Draw(t, "more")
				if rapid.Bool().Draw(t, "later") {
					a.Until = later(m.deadline, now).Add(time.Hour)
				}
				until := later(m.deadline, a.Until)
				want := (m.open(now) || m.state == FundSucceeded) && a.Amount > m.target && until.After(now)
				agree("raise", do(func(db *DB) (FundProposal, bool, error) { return db.FundRaise(context.Background(), a) }), want)
				if want {
					m.target, m.state, m.deadline = a.Amount, FundOpen, until
				}
			},
			"extend": func(t *rapid.T) {
				a := act()
				a.Until = m.deadline.Add(time.Duration(rapid.IntRange(-1, 48).Draw(t, "hours")) * time.Hour)
				want := m.open(now) && a.Until.After(m.deadline)
				agree("extend", do(func(db *DB) (FundProposal, bool, error) { return db.FundExtend(context.Background(), a) }), want)
				if want {
					m.deadline = a.Until
				}
			},
			"cap": func(t *rapid.T) {
				step++
				m.limit = rapid.Int64Range(0, 60_000).Draw(t, "cap")
				value := fmt.Sprint(m.limit)
				if m.limit == 0 {
					value = ""
				}
				if _, err := db().FundSetRule(context.Background(), FundAct{Key: fmt.Sprint(id, " step ", step), At: now}, FundRule{Name: "cap", Value: value, Source: "a vote", Since: "2026-01-01"}); err != nil {
					t.Fatal(err)
				}
			},
			"clock": func(t *rapid.T) {
				switch rapid.IntRange(0, 2).Draw(t, "jump") {
				case 0:
					now = now.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "hours")) * time.Hour)
				case 1: // right before, at or after the deadline
					now = later(now, m.deadline.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "seconds"))*time.Second))
				}
			},
			"decide": func(t *rapid.T) {
				at := db()
				p, err := at.FundProposal(context.Background(), id)
				if err != nil {
					t.Fatal(err)
				}
				want := m.state == FundOpen && !now.Before(m.deadline)
				_, again, err := at.FundDecide(context.Background(), p, now)
				agree("decide", err, want || again)
				if want {
					m.end(map[bool]FundState{true: FundSucceeded, false: FundFailed}[m.total() >= m.target])
				}
			},
			"again": func(t *rapid.T) {
				if len(last) == 0 {
					t.Skip("nothing has been done")
				}
				if err := rapid.SampledFrom(last).Draw(t, "what")(); err != nil {
					t.Fatal(err)
				}
			},
			"": func(t *rapid.T) {
				p, err := db().FundProposal(context.Background(), id)
				if err != nil {
					t.Fatal(err)
				}
				if p.Pledged != m.total() || p.State != m.state || p.Target != m.target || !p.Deadline.Equal(m.deadline) || p.Pledged > p.Target {
					t.Fatalf("the ledger has %+v, the model %+v", p, m)
				}
			},
		})
		whole(t, dbs[1])
	})
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func twoProcesses(t *testing.T, path string) (dbs [2]*DB) {
	for i := range dbs {
		db, err := Open(t.Context(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		dbs[i] = db
	}
	return dbs
}

// TestPledgesInAnyOrder gives the same totals whatever the order, if all fit.
func TestPledgesInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type one struct {
			coop   int
			amount int64
		}
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) one {
			return one{rapid.IntRange(0, 2).Draw(t, "co-op"), rapid.Int64Range(1, 10_000).Draw(t, "amount")}
		}), 1, 8).Draw(t, "pledges")
		order := rapid.Permutation(all).Draw(t, "order")
		var sums [2]string
		for i, list := range [][]one{all, order} {
			db, err := OpenMemory(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			id, coops := fundWith(t, db)
			for k, o := range list {
				if _, _, err := db.FundPledge(context.Background(), pledge(fmt.Sprint(k), id, coops[o.coop], o.amount)); err != nil {
					t.Fatal(err)
				}
			}
			to, err := db.FundPledgesTo(context.Background(), id)
			sums[i] = fmt.Sprint(to, err)
			db.Close()
		}
		if sums[0] != sums[1] {
			t.Fatalf("in another order %s, not %s", sums[1], sums[0])
		}
	})
}
