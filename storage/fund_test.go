package storage

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var fundStart = time.Date(2026, 6, 2, 9, 0, 0, 0, time.UTC)

// failing is what helpers need of a test, whether Go's or rapid's.
type failing interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// fundWith opens a proposal of £1,000 with a week to go, and returns its
// number and those of three co-ops.
func fundWith(tb failing, db *DB) (id int64, coops []int64) {
	tb.Helper()
	ctx := context.Background()
	for _, name := range []string{"Agile Collective", "Autonomic", "Calverts"} {
		coop, err := db.EnsureCoop(ctx, name)
		if err != nil {
			tb.Fatal(err)
		}
		coops = append(coops, coop)
	}
	n, _, err := db.FundHead(ctx)
	if err != nil {
		tb.Fatal(err)
	}
	p, _, err := db.FundOpen(ctx, FundAct{Key: fmt.Sprint("open ", n), At: fundStart}, FundProposal{Kind: FundPledges, Title: "A van", Owner: coops[0], Currency: "GBP",
		Minimum: 100_000, Target: 100_000, Deadline: fundStart.Add(7 * 24 * time.Hour)})
	if err != nil {
		tb.Fatal(err)
	}
	return p.ID, coops
}

func pledge(key string, id, coop, minor int64) FundAct {
	return FundAct{Key: key, At: fundStart.Add(time.Hour), Proposal: id, Coop: coop, Amount: minor}
}

func setCap(tb testing.TB, db *DB, value string) {
	tb.Helper()
	_, err := db.FundSetRule(context.Background(), FundAct{Key: "cap " + value, At: fundStart}, FundRule{Name: "cap", Value: value, Source: "a vote", Since: "2026-01-01"})
	if err != nil {
		tb.Fatal(err)
	}
}

// whole fails the test if something is wrong with the ledger.
func whole(tb failing, db *DB) {
	tb.Helper()
	if trouble, err := db.FundCheck(context.Background(), fundStart); err != nil || trouble != "" {
		tb.Fatalf("the ledger is not whole: %s %v", trouble, err)
	}
}

func why(err error) FundWhy {
	var r *FundRefusal
	if errors.As(err, &r) {
		return r.Why
	}
	return ""
}

func TestFundRefuses(t *testing.T) {
	db := memory(t)
	id, coops := fundWith(t, db)
	setCap(t, db, "60000")
	ctx := t.Context()
	for i, tt := range []struct {
		coop, minor int64
		want        FundWhy
		room        int64
	}{
		{coops[1], 70_000, FundOverCap, 60_000}, {coops[1], 50_000, "", 0}, {coops[1], 10_001, FundOverCap, 10_000},
		{coops[2], 60_000, FundOverTarget, 50_000}, {coops[2], 50_000, "", 0}, {coops[0], 1, FundOverTarget, 0},
	} {
		p, _, err := db.FundPledge(ctx, pledge(fmt.Sprint("refuse", i), id, tt.coop, tt.minor))
		if why(err) != tt.want || tt.want == "" && err != nil {
			t.Errorf("%d: pledging %d: %v, want %q", i, tt.minor, err, tt.want)
		}
		var r *FundRefusal
		if errors.As(err, &r) && r.Room != tt.room {
			t.Errorf("%d: room is %d, want %d (%+v)", i, r.Room, tt.room, p)
		}
	}
	whole(t, db)
}

// TestFundDeadline tries every act a second before, at, and after the deadline.
func TestFundDeadline(t *testing.T) {
	for _, tt := range []struct {
		off  time.Duration
		want FundWhy
	}{{-time.Second, ""}, {0, FundEndedAlready}, {time.Second, FundEndedAlready}} {
		db := memory(t)
		id, coops := fundWith(t, db)
		at := fundStart.Add(7*24*time.Hour + tt.off)
		a := FundAct{Key: "late", At: at, Proposal: id, Coop: coops[1], Amount: 500}
		if _, _, err := db.FundPledge(t.Context(), a); why(err) != tt.want {
			t.Errorf("pledge %v: %v, want %q", tt.off, err, tt.want)
		}
		p, err := db.FundProposal(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := db.FundDecide(t.Context(), p, at); (why(err) == "") == (tt.want == "") {
			t.Errorf("decide %v: %v", tt.off, err)
		}
		whole(t, db)
	}
}

// TestUnpay takes back that money has arrived, and lets it arrive again.
func TestUnpay(t *testing.T) {
	db := memory(t)
	id, coops := fundWith(t, db)
	ctx := t.Context()
	for i, minor := range []int64{60_000, 40_000} {
		if _, _, err := db.FundPledge(ctx, pledge(fmt.Sprint("p", i), id, coops[i], minor)); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := db.FundClose(ctx, pledge("close", id, coops[0], 0), false); err != nil {
		t.Fatal(err)
	}
	for i, tt := range []struct {
		key, undoes string
		coop, want  int64
		state       FundState
		why         FundWhy
	}{
		{"a", "", coops[0], 60_000, FundSucceeded, ""}, {"b", "", coops[1], 100_000, FundSettled, ""}, {"c", "a", coops[0], 40_000, FundSucceeded, ""},
		{"d", "a", coops[0], 40_000, FundSucceeded, FundNothing}, {"e", "", coops[0], 100_000, FundSettled, ""}, {"f", "p0", coops[0], 100_000, FundSettled, FundNothing},
	} {
		a := FundAct{Key: tt.key, At: fundStart.Add(time.Hour), Proposal: id, Coop: tt.coop}
		var err error
		if tt.undoes == "" {
			_, _, err = db.FundPay(ctx, a)
		} else {
			_, _, err = db.FundUnpay(ctx, a, tt.undoes)
		}
		p, lookErr := db.FundProposal(ctx, id)
		if why(err) != tt.why || lookErr != nil || p.Paid != tt.want || p.State != tt.state {
			t.Errorf("%d: %d is paid, %s (%v, %v), want %d, %s", i, p.Paid, p.State, err, lookErr, tt.want, tt.state)
		}
		whole(t, db)
	}
}

func TestFundKeyIsUsedOnce(t *testing.T) {
	db := memory(t)
	id, coops := fundWith(t, db)
	ctx := t.Context()
	a := pledge("matrix/$1", id, coops[1], 5_000)
	for i := range 3 {
		a.At = a.At.Add(time.Minute) // delivered again, later
		p, again, err := db.FundPledge(ctx, a)
		if err != nil || again != (i > 0) || p.Pledged != 5_000 {
			t.Errorf("time %d: again %v, pledged %d, %v", i, again, p.Pledged, err)
		}
	}
	a.Amount = 6_000
	if _, _, err := db.FundPledge(ctx, a); !errors.Is(err, ErrFundKey) {
		t.Errorf("the same event with another amount: %v", err)
	}
	p, again, err := db.FundOpen(ctx, FundAct{Key: "open 0", At: fundStart}, FundProposal{Kind: FundPledges, Title: "A van", Owner: coops[0], Currency: "GBP",
		Minimum: 100_000, Target: 100_000, Deadline: fundStart.Add(7 * 24 * time.Hour)})
	if err != nil || !again || p.ID != id {
		t.Errorf("opening again: %+v, %v, %v", p, again, err)
	}
	whole(t, db)
}

// TestLedgerIsOnlyAddedTo tries to change what is written on a connection of
// each pool.
func TestLedgerIsOnlyAddedTo(t *testing.T) {
	db := file(t, Options{})
	id, coops := fundWith(t, db)
	ctx := t.Context()
	if _, _, err := db.FundPledge(ctx, pledge("p", id, coops[1], 5_000)); err != nil {
		t.Fatal(err)
	}
	if _, err := db.FundImport(ctx, FundAct{Key: "books", At: fundStart}, FundBooks{Source: "x", Currency: "GBP", Years: []FundYear{{Year: "2025", In: []FundLine{{"a", 1}}}}}); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"fund_entry", "fund_transfer", "fund_account", "fund_rule", "fund_books", "fund_books_line"} {
		column := map[string]string{"fund_entry": "words", "fund_transfer": "amount", "fund_account": "currency", "fund_rule": "value", "fund_books": "balance", "fund_books_line": "amount"}[table]
		for _, query := range []string{
			"UPDATE " + table + " SET " + column + " = " + column, "DELETE FROM " + table, "INSERT OR REPLACE INTO " + table + " SELECT * FROM " + table,
			"REPLACE INTO " + table + " SELECT * FROM " + table, "UPDATE OR REPLACE " + table + " SET rowid = rowid",
		} {
			if _, err := db.RawDB.ExecContext(ctx, query); err == nil {
				t.Errorf("done: %s", query)
			}
			if _, err := db.Read.ExecContext(ctx, query); err == nil {
				t.Errorf("done by a reader: %s", query)
			}
		}
	}
	if _, err := db.RawDB.ExecContext(ctx, "DELETE FROM fund_proposal"); err == nil {
		t.Error("a proposal can be deleted")
	}
	whole(t, db)
}

// TestFundForbids tries transfers that the schema itself has to refuse.
func TestFundForbids(t *testing.T) {
	db := memory(t)
	id, coops := fundWith(t, db)
	ctx := t.Context()
	if _, _, err := db.FundPledge(ctx, pledge("p", id, coops[1], 5_000)); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		`INSERT INTO fund_transfer (entry, src, dst, amount) VALUES (2, 1, 2, 0)`,
		`INSERT INTO fund_transfer (entry, src, dst, amount) VALUES (2, 1, 2, -5)`,
		`INSERT INTO fund_transfer (entry, src, dst, amount) VALUES (2, 1, 2, 1000000000001)`,
		`INSERT INTO fund_transfer (entry, src, dst, amount) VALUES (2, 1, 1, 5)`,
		`INSERT INTO fund_transfer (entry, src, dst, amount) VALUES (2, 1, 2, 1.5)`,
		`INSERT INTO fund_transfer (entry, src, dst, amount) VALUES (2, 2, 1, 5001)`,              // more than lies there
		`INSERT INTO fund_transfer (entry, src, dst, amount, reverses) VALUES (2, 2, 1, 4000, 1)`, // not its mirror
		`INSERT INTO fund_transfer (entry, src, dst, amount, reverses) VALUES (2, 1, 2, 5000, 1)`,
		`INSERT INTO fund_account (kind, ref, currency) VALUES ('coop', 99, 'EUR'); INSERT INTO fund_transfer (entry, src, dst, amount) VALUES (2, 3, 2, 5)`,
		`INSERT INTO fund_entry (id, at, kind, person, words, data, state, key, request, prev, hash) VALUES (3, 0, 'x', 0, '', '', '', 'k', '', 'no', 'h')`,
		`INSERT INTO fund_entry (id, at, kind, person, words, data, state, key, request, prev, hash) SELECT 5, 0, 'x', 0, '', '', '', 'k', '', hash, 'h' FROM fund_entry WHERE id = 2`,
	} {
		if _, err := db.RawDB.ExecContext(ctx, query); err == nil {
			t.Errorf("done: %s", query)
		}
	}
}

// TestTamperingIsSeen takes the triggers away, as somebody with the file could.
func TestTamperingIsSeen(t *testing.T) {
	for what, query := range map[string]string{
		"amount":  `DROP TRIGGER fund_transfer_no_update; UPDATE fund_transfer SET amount = 4000`,
		"words":   `DROP TRIGGER fund_entry_no_update; UPDATE fund_entry SET words = 'something else' WHERE id = 1`,
		"time":    `DROP TRIGGER fund_entry_no_update; UPDATE fund_entry SET at = at - 86400 WHERE id = 2`,
		"entry":   `DROP TRIGGER fund_entry_no_delete; DELETE FROM fund_transfer WHERE 0; DROP TRIGGER fund_transfer_no_delete; DELETE FROM fund_transfer; DELETE FROM fund_balance; DELETE FROM fund_pledge; DELETE FROM fund_entry WHERE id = 2`,
		"balance": `UPDATE fund_balance SET amount = amount + 1`,
		"pledge":  `UPDATE fund_pledge SET pledged = pledged + 1`,
		"state":   `UPDATE fund_proposal SET state = 'succeeded'`,
		"target":  `UPDATE fund_proposal SET target = 4000, minimum = 4000`,
	} {
		db := memory(t)
		id, coops := fundWith(t, db)
		if _, _, err := db.FundPledge(t.Context(), pledge("p", id, coops[1], 5_000)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := db.FundPledge(t.Context(), pledge("q", id, coops[2], 5_000)); err != nil {
			t.Fatal(err)
		}
		if _, err := db.RawDB.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
		trouble, err := db.FundCheck(t.Context(), fundStart)
		if err != nil || trouble == "" {
			t.Errorf("%s: nobody noticed (%v)", what, err)
		}
		if _, _, err := db.FundPledge(t.Context(), pledge("r", id, coops[2], 10)); !errors.Is(err, ErrFundStopped) {
			t.Errorf("%s: something was written after that: %v", what, err)
		}
	}
}

// TestPledgesAtOnce has twenty people of one co-op pledge £30 each through
// two processes on one file, with a cap of £100.
func TestPledgesAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.db")
	var dbs []*DB
	for range 2 {
		db, err := Open(t.Context(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		dbs = append(dbs, db)
	}
	id, coops := fundWith(t, dbs[0])
	setCap(t, dbs[0], "10000")
	var all sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for i := range 20 {
		all.Go(func() {
			_, _, err := dbs[i%2].FundPledge(context.Background(), pledge(fmt.Sprint("at once ", i), id, coops[1], 3_000))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				taken++
			case why(err) != FundOverCap:
				t.Errorf("pledge %d: %v", i, err)
			}
		})
	}
	all.Wait()
	p, err := dbs[1].FundProposal(t.Context(), id)
	if err != nil || taken != 3 || p.Pledged != 9_000 {
		t.Errorf("%d pledges were taken, %d is pledged (%v); want 3 and 9000", taken, p.Pledged, err)
	}
	whole(t, dbs[0])
}

// TestCrashAnywhere breaks off at every statement that writes, and looks at
// what a new start finds.
func TestCrashAnywhere(t *testing.T) {
	for _, at := range []string{"INSERT ON fund_account", "INSERT ON fund_entry", "INSERT ON fund_transfer", "INSERT ON fund_balance", "UPDATE ON fund_balance",
		"INSERT ON fund_pledge", "UPDATE ON fund_pledge", "UPDATE ON fund_proposal", "INSERT ON fund_rule"} {
		db := file(t, Options{})
		id, coops := fundWith(t, db)
		setCap(t, db, "90000")
		if _, _, err := db.FundPledge(t.Context(), pledge("before", id, coops[1], 50_000)); err != nil {
			t.Fatal(err)
		}
		before, broke := fundPrint(t, db), 0
		if _, err := db.Exec(t.Context(), `CREATE TRIGGER boom AFTER `+at+` BEGIN SELECT raise(FAIL, 'the power is gone'); END`); err != nil {
			t.Fatal(err)
		}
		for i, act := range []func(ctx context.Context) error{
			func(ctx context.Context) error {
				_, _, err := db.FundWithdraw(ctx, pledge("w", id, coops[1], 20_000))
				return err
			},
			func(ctx context.Context) error {
				_, _, err := db.FundPledge(ctx, pledge("x", id, coops[2], 30_000))
				return err
			},
			func(ctx context.Context) error {
				_, _, err := db.FundClose(ctx, pledge("z", id, coops[0], 0), false)
				return err
			},
			func(ctx context.Context) error {
				_, err := db.FundSetRule(ctx, FundAct{Key: "r", At: fundStart}, FundRule{Name: "cap", Value: "1", Source: "x", Since: "2026-01-01"})
				return err
			},
		} {
			kept := errors.New("undone") // acts that are not broken are undone, so that each begins as the first
			err := db.Do(t.Context(), func(ctx context.Context) error {
				if err := act(ctx); err != nil {
					return err
				}
				return kept
			})
			if !errors.Is(err, kept) {
				broke++
			}
			if after := fundPrint(t, db); after != before {
				t.Errorf("%s: act %d left something behind:\n%s\nwas\n%s", at, i, after, before)
			}
		}
		if broke == 0 {
			t.Errorf("%s: nothing was broken off", at)
		}
		db.Close()
		again, err := Open(t.Context(), db.Path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		whole(t, again)
		if after := fundPrint(t, again); after != before {
			t.Errorf("%s: a new start finds\n%s\nwas\n%s", at, after, before)
		}
		again.Close()
	}
}

// fundPrint is everything the ledger says.
func fundPrint(tb testing.TB, db *DB) string {
	tb.Helper()
	entries, err := db.FundEntries(context.Background(), 0, 0)
	if err != nil {
		tb.Fatal(err)
	}
	var b strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&b, "%d %s %s\n", e.ID, e.Kind, e.Hash)
	}
	p, err := db.FundProposal(context.Background(), 1)
	fmt.Fprintf(&b, "%+v %v", p, err)
	return b.String()
}

// TestDropCoopOfTheBooks undoes an import that brought a co-op which has
// pledged since: it leaves the list and stays in the books.
func TestDropCoopOfTheBooks(t *testing.T) {
	db, ctx := memory(t), t.Context()
	id, coops := fundWith(t, db)
	if _, _, err := db.FundPledge(ctx, pledge("p1", id, coops[1], 10_000)); err != nil {
		t.Fatal(err)
	}
	for _, coop := range coops {
		if err := db.DropCoop(ctx, coop); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{"mentioned", "mentioned", ""} {
		var status string
		if err := db.QueryRow(ctx, `SELECT coalesce((SELECT status FROM coop WHERE id = $1), '')`, coops[i]).Scan(&status); err != nil || status != want {
			t.Errorf("co-op %d is %q (%v), want %q", i, status, err, want)
		}
	}
	whole(t, db)
}
