package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mau.fi/util/dbutil"
)

// What the ledger refuses, beside [FundRefusal].
var (
	// ErrFundKey: the same event asks for something else than it did.
	ErrFundKey = errors.New("fund: this event has already asked for something else")
	// ErrFundStopped: the last look at the ledger found something wrong.
	ErrFundStopped = errors.New("fund: the ledger is stopped until somebody has looked at it")
)

// A FundAct is one thing that somebody does to the ledger.
type FundAct struct {
	Key      string // the event it comes from; the same key is written once
	At       time.Time
	Kind     string // "pledge"
	Proposal int64
	Coop     int64
	Person   int64
	Words    string // a reason, a link
	Amount   int64  // minor units; part of the fingerprint
	Until    time.Time
	Data     string // JSON of what changed
}

// request is the fingerprint of what is asked for, without when.
func (a FundAct) request() string {
	until := int64(0)
	if !a.Until.IsZero() {
		until = a.Until.Unix()
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %d %d %d %d %q", a.Kind, a.Proposal, a.Coop, a.Amount, until, a.Words))
	return hex.EncodeToString(sum[:8])
}

// A FundEntry is a row of the ledger.
type FundEntry struct {
	ID       int64
	At       time.Time
	Kind     string
	Proposal int64 // 0: none
	Coop     int64 // 0: none
	CoopName string
	Person   int64
	Words    string
	Data     string
	State    FundState
	Key      string
	Request  string
	Prev     string
	Hash     string
}

// A fundAccount names where promises lie.
type fundAccount struct {
	kind string // coop, proposal, fund, paid, spent
	ref  int64
}

// A fundMove is a transfer that is to be written.
type fundMove struct {
	from, to fundAccount
	amount   int64
	reverses int64
}

// A fundStep is what an act comes to, once it has been looked at.
type fundStep struct {
	moves []fundMove
	state FundState // of the proposal afterwards
	data  string
}

// fundDo writes an act with what decide makes of it, or says that the same
// event has already been written. Everything that decide reads is read in the
// transaction that writes.
func (db *DB) fundDo(ctx context.Context, a FundAct, decide func(ctx context.Context) (fundStep, error)) (again bool, err error) {
	err = db.Do(ctx, func(ctx context.Context) error {
		old, err := db.fundRequest(ctx, a.Key)
		if err != nil {
			return err
		}
		if old != "" {
			again = true
			if old != a.request() {
				return ErrFundKey
			}
			return nil
		}
		if trouble, _, err := db.FundTrouble(ctx); err != nil {
			return err
		} else if trouble != "" {
			return ErrFundStopped
		}
		s, err := decide(ctx)
		if err != nil {
			return err
		}
		return db.fundWrite(ctx, a, s)
	})
	return again, err
}

func (db *DB) fundRequest(ctx context.Context, key string) (request string, err error) {
	err = db.QueryRow(ctx, `SELECT request FROM fund_entry WHERE key = $1`, key).Scan(&request)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return request, err
}

// fundWrite adds an entry and its transfers to the chain, and brings the
// proposal to its new state.
func (db *DB) fundWrite(ctx context.Context, a FundAct, s fundStep) error {
	e := FundEntry{At: a.At, Kind: a.Kind, Proposal: a.Proposal, Coop: a.Coop, Person: a.Person, Words: a.Words, Data: s.data,
		State: s.state, Key: a.Key, Request: a.request()}
	err := db.QueryRow(ctx, `SELECT id, hash FROM fund_entry ORDER BY id DESC LIMIT 1`).Scan(&e.ID, &e.Prev)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("storage: end of the ledger: %w", err)
	}
	e.ID++
	currency, err := db.fundCurrency(ctx, a.Proposal)
	if err != nil {
		return err
	}
	var all []FundTransfer
	for _, m := range s.moves {
		from, err := db.fundAccountID(ctx, m.from, currency)
		if err != nil {
			return err
		}
		to, err := db.fundAccountID(ctx, m.to, currency)
		if err != nil {
			return err
		}
		all = append(all, FundTransfer{From: from, To: to, Amount: m.amount, Reverses: m.reverses})
	}
	e.Hash = e.link(all)
	_, err = db.Exec(ctx, `
		INSERT INTO fund_entry (id, at, kind, proposal, coop, person, words, data, state, key, request, prev, hash)
		VALUES ($1, $2, $3, nullif($4, 0), nullif($5, 0), $6, $7, $8, $9, $10, $11, $12, $13)`,
		e.ID, e.At.Unix(), e.Kind, e.Proposal, e.Coop, e.Person, e.Words, e.Data, e.State, e.Key, e.Request, e.Prev, e.Hash)
	if err != nil {
		return fmt.Errorf("storage: ledger entry: %w", err)
	}
	for _, t := range all {
		_, err := db.Exec(ctx, `
			INSERT INTO fund_transfer (entry, src, dst, amount, reverses) VALUES ($1, $2, $3, $4, nullif($5, 0))`,
			e.ID, t.From, t.To, t.Amount, t.Reverses)
		if err != nil {
			return fmt.Errorf("storage: ledger transfer: %w", err)
		}
	}
	if a.Proposal == 0 {
		return nil
	}
	_, err = db.Exec(ctx, `
		UPDATE fund_proposal SET state = $2, ended_at = CASE WHEN $2 = 'open' THEN 0 ELSE $3 END
		WHERE id = $1 AND state <> $2`, a.Proposal, s.state, a.At.Unix())
	return err
}

func (db *DB) fundCurrency(ctx context.Context, proposal int64) (currency string, err error) {
	if proposal == 0 {
		return "", nil
	}
	err = db.QueryRow(ctx, `SELECT currency FROM fund_proposal WHERE id = $1`, proposal).Scan(&currency)
	return currency, err
}

func (db *DB) fundAccountID(ctx context.Context, a fundAccount, currency string) (id int64, err error) {
	err = db.QueryRow(ctx, `SELECT id FROM fund_account WHERE kind = $1 AND ref = $2`, a.kind, a.ref).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = db.QueryRow(ctx, `INSERT INTO fund_account (kind, ref, currency) VALUES ($1, $2, $3) RETURNING id`, a.kind, a.ref, currency).Scan(&id)
	}
	return id, err
}

// A FundTransfer is an amount that went from one account to another.
type FundTransfer struct {
	ID, Entry int64
	From, To  int64
	Amount    int64
	Reverses  int64 // the transfer it takes back; 0: none
}

// link returns the entry's hash: of everything in it, its transfers, and the
// hash of the entry before.
func (e FundEntry) link(transfers []FundTransfer) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%d %d %q %d %d %d\n%q\n%q\n%q %q %q\n", e.Prev, e.ID, e.At.Unix(), e.Kind, e.Proposal, e.Coop, e.Person,
		e.Words, e.Data, e.State, e.Key, e.Request)
	for _, t := range transfers {
		fmt.Fprintf(h, "%d>%d %d %d\n", t.From, t.To, t.Amount, t.Reverses)
	}
	return hex.EncodeToString(h.Sum(nil))
}

const fundEntryColumns = `e.id, e.at, e.kind, coalesce(e.proposal, 0), coalesce(e.coop, 0), coalesce(coop.name, ''),
	e.person, e.words, e.data, e.state, e.key, e.request, e.prev, e.hash
	FROM fund_entry AS e LEFT JOIN coop ON coop.id = e.coop`

func scanFundEntry(row dbutil.Scannable) (e FundEntry, err error) {
	var at int64
	err = row.Scan(&e.ID, &at, &e.Kind, &e.Proposal, &e.Coop, &e.CoopName, &e.Person, &e.Words, &e.Data, &e.State, &e.Key, &e.Request, &e.Prev, &e.Hash)
	e.At = time.Unix(at, 0).UTC()
	return e, err
}

// FundEntries returns the last entries about a proposal, or about anything if
// it is 0, oldest first. Without a limit it returns all.
func (db *DB) FundEntries(ctx context.Context, proposal int64, limit int) ([]FundEntry, error) {
	if limit == 0 {
		limit = -1
	}
	where := ` WHERE e.proposal = $1`
	if proposal == 0 {
		where = ` WHERE $1 = 0`
	}
	all, err := rows(ctx, db, scanFundEntry, `SELECT `+fundEntryColumns+where+` ORDER BY e.id DESC LIMIT $2`, proposal, limit)
	slices.Reverse(all)
	return all, err
}

// FundHead returns how many entries there are, and the last one's hash.
func (db *DB) FundHead(ctx context.Context) (n int64, hash string, err error) {
	err = db.QueryRow(ctx, `SELECT id, hash FROM fund_entry ORDER BY id DESC LIMIT 1`).Scan(&n, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return n, hash, err
}

// A FundLeg is a transfer with the names of its accounts.
type FundLeg struct {
	Entry    int64
	From, To string // "coop/12", "proposal/7", "fund/0", "paid/0", "spent/0"
	Amount   int64
	Currency string
}

// FundLegs returns the transfers about a proposal, or all if it is 0, in order.
func (db *DB) FundLegs(ctx context.Context, proposal int64) ([]FundLeg, error) {
	where := ` WHERE $1 = 0`
	if proposal != 0 {
		where = ` WHERE t.entry IN (SELECT id FROM fund_entry WHERE proposal = $1)`
	}
	return rows(ctx, db, func(row dbutil.Scannable) (l FundLeg, err error) {
		err = row.Scan(&l.Entry, &l.From, &l.To, &l.Amount, &l.Currency)
		return l, err
	}, `
		SELECT t.entry, s.kind || '/' || s.ref, d.kind || '/' || d.ref, t.amount, s.currency
		FROM fund_transfer AS t JOIN fund_account AS s ON s.id = t.src JOIN fund_account AS d ON d.id = t.dst`+
		where+` ORDER BY t.id`, proposal)
}
