package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A fundInvariant is a query that finds nothing as long as all is well. Each
// row it does find is one number to look at.
type fundInvariant struct{ what, query string }

var fundInvariants = []fundInvariant{
	{"the balances of a currency do not add up to nothing", `
		SELECT coalesce(sum(b.amount), 0) FROM fund_balance AS b JOIN fund_account AS a ON a.id = b.account
		GROUP BY a.currency HAVING sum(b.amount) <> 0`},
	{"an account's balance is not what its transfers come to", `
		SELECT a.id FROM fund_account AS a
		LEFT JOIN (SELECT account, sum(amount) AS amount FROM (
			SELECT dst AS account, amount FROM fund_transfer UNION ALL SELECT src, -amount FROM fund_transfer) GROUP BY account) AS t ON t.account = a.id
		LEFT JOIN fund_balance AS b ON b.account = a.id
		WHERE coalesce(t.amount, 0) <> coalesce(b.amount, 0)`},
	{"a co-op's pledge is not what its transfers come to", `
		SELECT f.proposal FROM fund_pledge AS f
		JOIN fund_account AS c ON c.kind = 'coop' AND c.ref = f.coop
		JOIN fund_account AS p ON p.kind = 'proposal' AND p.ref = f.proposal
		WHERE f.pledged <> coalesce((SELECT sum(amount) FROM fund_transfer WHERE dst = p.id AND src = c.id), 0)
			- coalesce((SELECT sum(amount) FROM fund_transfer WHERE dst = c.id AND src = p.id), 0)`},
	{"a proposal holds something else than is pledged and not paid", `
		SELECT p.ref FROM fund_account AS p JOIN fund_balance AS b ON b.account = p.id
		JOIN fund_proposal AS o ON o.id = p.ref AND o.kind = 'pledges'
		WHERE p.kind = 'proposal' AND b.amount <> (SELECT coalesce(sum(pledged - paid), 0) FROM fund_pledge WHERE proposal = p.ref)`},
	{"what a co-op has paid is not the sum of what it paid to proposals", `
		SELECT coop FROM fund_pledge GROUP BY coop
		HAVING sum(paid) <> coalesce((SELECT amount FROM fund_paid WHERE coop = fund_pledge.coop), 0)`},
	{"an account is below its floor", `
		SELECT a.id FROM fund_account AS a JOIN fund_balance AS b ON b.account = a.id
		WHERE a.kind IN ('proposal', 'paid', 'spent') AND b.amount < 0 OR a.kind IN ('coop', 'fund') AND b.amount > 0`},
	{"more is pledged than the target", `
		SELECT p.id FROM fund_proposal AS p
		WHERE p.kind = 'pledges' AND (SELECT coalesce(sum(pledged), 0) FROM fund_pledge WHERE proposal = p.id) > p.target`},
	{"a co-op has pledged more than the cap it pledged under", `
		SELECT f.proposal FROM fund_pledge AS f
		WHERE f.pledged > coalesce((
			SELECT nullif(json_extract(nullif(e.data, ''), '$.cap'), 0) FROM fund_entry AS e
			WHERE e.proposal = f.proposal AND e.coop = f.coop AND e.kind = 'pledge' ORDER BY e.id DESC LIMIT 1), f.pledged)`},
	{"a reversal does not mirror its original", `
		SELECT r.id FROM fund_transfer AS r LEFT JOIN fund_transfer AS t ON t.id = r.reverses
		WHERE r.reverses IS NOT NULL AND (t.id IS NULL OR r.src <> t.dst OR r.dst <> t.src OR r.amount <> t.amount OR t.reverses IS NOT NULL)`},
	{"a proposal's state is not that of its last entry", `
		SELECT p.id FROM fund_proposal AS p
		WHERE p.state <> coalesce((SELECT state FROM fund_entry WHERE proposal = p.id ORDER BY id DESC LIMIT 1), '')`},
	{"something lies with a proposal that has ended without success", `
		SELECT p.id FROM fund_proposal AS p
		JOIN fund_account AS a ON a.kind = 'proposal' AND a.ref = p.id JOIN fund_balance AS b ON b.account = a.id
		WHERE p.state IN ('failed', 'blocked', 'cancelled', 'settled', 'reported') AND b.amount <> 0`},
}

// FundCheck looks whether the ledger is whole, and remembers what it found: as
// long as there is trouble nothing more is written. It reads beside the writer.
func (db *DB) FundCheck(ctx context.Context, now time.Time) (trouble string, err error) {
	trouble, err = db.fundLook(ctx)
	if err != nil {
		return "", fmt.Errorf("storage: check the ledger: %w", err)
	}
	_, err = db.Exec(ctx, `
		INSERT INTO fund_check (id, at, trouble) VALUES (1, $1, $2)
		ON CONFLICT (id) DO UPDATE SET at = excluded.at, trouble = excluded.trouble`, now.Unix(), trouble)
	return trouble, err
}

// FundTrouble returns what the last look found, ” if all was well, and when that was.
func (db *DB) FundTrouble(ctx context.Context) (trouble string, at time.Time, err error) {
	var unix int64
	err = db.QueryRow(ctx, `SELECT trouble, at FROM fund_check WHERE id = 1`).Scan(&trouble, &unix)
	if errors.Is(err, sql.ErrNoRows) {
		return "", time.Time{}, nil
	}
	return trouble, time.Unix(unix, 0).UTC(), err
}

func (db *DB) fundLook(ctx context.Context) (trouble string, err error) {
	if db.Path == "" { // there is one connection, which may be in a transaction
		err = db.Do(ctx, func(ctx context.Context) error {
			trouble, err = fundLookWith(func(query string) (fundRows, error) { return db.Query(ctx, query) })
			return err
		})
		return trouble, err
	}
	tx, err := db.Read.BeginTx(ctx, nil)
	if err != nil {
		return "", err
	}
	defer tx.Rollback()
	return fundLookWith(func(query string) (fundRows, error) { return tx.QueryContext(ctx, query) })
}

type fundRows interface {
	Next() bool
	Scan(...any) error
	Err() error
	Close() error
}

func fundLookWith(ask func(query string) (fundRows, error)) (trouble string, err error) {
	for _, v := range fundInvariants {
		found, err := ask(v.query)
		if err != nil {
			return "", fmt.Errorf("%s: %w", v.what, err)
		}
		var number int64
		some := found.Next()
		if some {
			err = found.Scan(&number)
		}
		if err := errors.Join(err, found.Err(), found.Close()); err != nil {
			return "", fmt.Errorf("%s: %w", v.what, err)
		}
		if some {
			return fmt.Sprintf("%s (%d)", v.what, number), nil
		}
	}
	return fundChain(ask)
}

// fundChain goes along the chain from its beginning.
func fundChain(ask func(query string) (fundRows, error)) (trouble string, err error) {
	entries, err := ask(`
		SELECT id, at, kind, coalesce(proposal, 0), coalesce(coop, 0), person, words, data, state, key, request, prev, hash
		FROM fund_entry ORDER BY id`)
	if err != nil {
		return "", err
	}
	defer entries.Close()
	transfers, err := ask(`SELECT id, entry, src, dst, amount, coalesce(reverses, 0) FROM fund_transfer ORDER BY entry, id`)
	if err != nil {
		return "", err
	}
	defer transfers.Close()
	var next FundTransfer // the first that belongs to a later entry; none left if its entry is 0
	read := func() error {
		next = FundTransfer{}
		if !transfers.Next() {
			return transfers.Err()
		}
		return transfers.Scan(&next.ID, &next.Entry, &next.From, &next.To, &next.Amount, &next.Reverses)
	}
	if err := read(); err != nil {
		return "", err
	}
	prev, n := "", int64(0)
	for entries.Next() {
		var e FundEntry
		var at int64
		err := entries.Scan(&e.ID, &at, &e.Kind, &e.Proposal, &e.Coop, &e.Person, &e.Words, &e.Data, &e.State, &e.Key, &e.Request, &e.Prev, &e.Hash)
		if err != nil {
			return "", err
		}
		e.At = time.Unix(at, 0)
		n++
		var its []FundTransfer
		for next.Entry == e.ID {
			its = append(its, next)
			if err := read(); err != nil {
				return "", err
			}
		}
		if e.ID != n || e.Prev != prev || e.Hash != e.link(its) {
			return fmt.Sprintf("the chain breaks at entry %d", e.ID), nil
		}
		prev = e.Hash
	}
	if err := entries.Err(); err != nil {
		return "", err
	}
	if next.Entry != 0 {
		return fmt.Sprintf("transfer %d belongs to no entry", next.ID), nil
	}
	return "", nil
}
