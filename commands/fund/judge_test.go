package fund

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot/money"
	"git.coop/cotech/wortley/storage"
)

var start = time.Date(2026, 6, 2, 9, 0, 0, 0, time.UTC)

// busy writes a ledger in which a good deal has happened, and returns the
// database.
func busy(tb testing.TB) *storage.DB {
	tb.Helper()
	ctx := context.Background()
	db, err := storage.OpenMemory(ctx)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	var coops []int64
	for _, name := range []string{"Agile Collective", "Co-op: with; signs (£)", "Ünïcode & Söhne", "Calverts"} {
		id, err := db.EnsureCoop(ctx, name)
		if err != nil {
			tb.Fatal(err)
		}
		coops = append(coops, id)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 12 {
		kind := storage.FundPledges
		if i%4 == 3 {
			kind = storage.FundSpend
		}
		p, _, err := db.FundOpen(ctx, storage.FundAct{Key: fmt.Sprint("open ", i), At: start}, storage.FundProposal{Kind: kind, Title: fmt.Sprint("thing ", i),
			Owner: coops[0], Currency: "GBP", Minimum: 1, Target: 100_000, Deadline: start.Add(7 * day)})
		if err != nil {
			tb.Fatal(err)
		}
		for k := range 12 {
			a := storage.FundAct{Key: fmt.Sprint(i, " ", k), At: start.Add(time.Hour), Proposal: p.ID, Coop: coops[r.IntN(4)], Amount: r.Int64N(20_000) + 1}
			act := db.FundPledge
			if k%4 == 3 {
				act = db.FundWithdraw
			}
			act(ctx, a) // some are refused, which is as well
		}
		if p, err = db.FundProposal(ctx, p.ID); err != nil {
			tb.Fatal(err)
		}
		if i%2 == 1 {
			if _, _, err := db.FundDecide(ctx, p, start.Add(8*day)); err != nil {
				tb.Fatal(err)
			}
			db.FundPay(ctx, storage.FundAct{Key: fmt.Sprint("paid ", i), At: start.Add(9 * day), Proposal: p.ID, Coop: coops[1]})
		}
	}
	return db
}

// TestJudge has hledger and beancount read what we export, and compares
// hledger's totals with ours.
func TestJudge(t *testing.T) {
	db := busy(t)
	if trouble, err := db.FundCheck(t.Context(), start); err != nil || trouble != "" {
		t.Fatal(trouble, err)
	}
	for form, check := range map[string][]string{"hledger": {"hledger", "check", "-f"}, "beancount": {"bean-check"}} {
		t.Run(form, func(t *testing.T) {
			file := exported(t, db, form)
			judged(t, append(check, file)...)
		})
	}
	t.Run("totals", func(t *testing.T) {
		out := judged(t, "hledger", "-f", exported(t, db, "hledger"), "balance", "--flat", "--empty", "--no-total", "-O", "csv")
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, row := range rows[1:] {
			got[row[0]] = strings.TrimPrefix(row[1], "GBP ")
		}
		legs, err := db.FundLegs(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		names, err := accountNames(t.Context(), db, legs)
		if err != nil {
			t.Fatal(err)
		}
		sums := map[string]int64{}
		for _, l := range legs {
			sums[l.From] -= l.Amount
			sums[l.To] += l.Amount
		}
		for a, minor := range sums {
			if g, want := got[names[a]], money.Pence(minor).Decimal(); g != want && !(minor == 0 && g == "0") {
				t.Errorf("hledger has %q for %s, we have %s", g, names[a], want)
			}
		}
	})
}

func exported(t *testing.T, db *storage.DB, form string) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(t.Context(), db, &b, form, 0, "GBP", time.UTC); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "fund."+form)
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func judged(t *testing.T, call ...string) string {
	t.Helper()
	if _, err := exec.LookPath(call[0]); err != nil {
		t.Skipf("SKIPPED: %s is not installed", call[0])
	}
	cmd := exec.CommandContext(t.Context(), call[0], call[1:]...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", call, err, out)
	}
	return string(out)
}
