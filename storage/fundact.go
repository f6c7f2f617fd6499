package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// A FundWhy is a reason for which the ledger refuses an act.
type FundWhy string

// The reasons.
const (
	FundEndedAlready FundWhy = "ended"       // the proposal is not open, or its time is up
	FundWrongKind    FundWhy = "kind"        // it takes no pledges, or nothing but pledges
	FundOverTarget   FundWhy = "over target" // Room says how much would do
	FundOverCap      FundWhy = "over cap"    // Room says how much would do
	FundNothing      FundWhy = "nothing"     // there is nothing to take back
	FundTooMuch      FundWhy = "too much"    // Room says how much there is
	FundTwice        FundWhy = "twice"       // it is so already
	FundUnpaid       FundWhy = "unpaid"      // that comes later in a proposal's life
	FundPaidAlready  FundWhy = "paid"        // money has gone out, so people have to sort it out
	FundNotHigher    FundWhy = "not higher"
	FundNotLater     FundWhy = "not later"
)

// A FundRefusal is an act that the ledger does not take.
type FundRefusal struct {
	Why      FundWhy
	Room     int64 // minor units
	Cap      int64 // minor units; 0: none is agreed
	Mine     int64 // what the co-op promises already
	Proposal FundProposal
}

// Error implements error.
func (r *FundRefusal) Error() string { return "fund: refused: " + string(r.Why) }

func refused(p FundProposal, why FundWhy) error { return &FundRefusal{Why: why, Proposal: p} }

// fundAct writes an act on a proposal, and returns the proposal afterwards.
func (db *DB) fundAct(ctx context.Context, a FundAct, decide func(ctx context.Context, p FundProposal) (fundStep, error)) (p FundProposal, again bool, err error) {
	err = db.Do(ctx, func(ctx context.Context) error {
		again, err = db.fundDo(ctx, a, func(ctx context.Context) (fundStep, error) {
			p, err := db.FundProposal(ctx, a.Proposal)
			if err != nil {
				return fundStep{}, err
			}
			s, err := decide(ctx, p)
			if s.data == "" {
				s.data = a.Data
			}
			return s, err
		})
		if err != nil {
			return err
		}
		p, err = db.FundProposal(ctx, a.Proposal)
		return err
	})
	return p, again, err
}

// FundOpen opens a proposal. Its number comes back with it.
func (db *DB) FundOpen(ctx context.Context, a FundAct, p FundProposal) (opened FundProposal, again bool, err error) {
	a.Kind, a.Coop, a.Person, a.Words, a.Amount, a.Until = "open", p.Owner, p.Person, p.Title, p.Target, p.Deadline
	err = db.Do(ctx, func(ctx context.Context) error {
		request, err := db.fundRequest(ctx, a.Key)
		if err != nil {
			return err
		}
		if request != "" {
			again = true
			if err := db.QueryRow(ctx, `SELECT proposal FROM fund_entry WHERE key = $1`, a.Key).Scan(&a.Proposal); err != nil {
				return err
			}
		} else if a.Proposal, err = db.fundInsert(ctx, p, a.At); err != nil {
			return fmt.Errorf("storage: open a proposal: %w", err)
		}
		_, err = db.fundDo(ctx, a, func(context.Context) (fundStep, error) {
			data, err := json.Marshal(map[string]any{"kind": p.Kind, "minimum": p.Minimum, "target": p.Target, "deadline": p.Deadline.Unix(), "details": p.Details})
			return fundStep{state: FundOpen, data: string(data)}, err
		})
		if err != nil {
			return err
		}
		opened, err = db.FundProposal(ctx, a.Proposal)
		return err
	})
	return opened, again, err
}

func (db *DB) fundInsert(ctx context.Context, p FundProposal, at time.Time) (id int64, err error) {
	details, err := json.Marshal(p.Details)
	if err != nil {
		return 0, err
	}
	err = db.QueryRow(ctx, `
		INSERT INTO fund_proposal (kind, title, owner, person, currency, minimum, target, details, opened_at, deadline, state, site, room)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, $12) RETURNING id`,
		p.Kind, p.Title, p.Owner, p.Person, p.Currency, p.Minimum, p.Target, string(details), at.Unix(), p.Deadline.Unix(),
		p.Room.Site, p.Room.ID).Scan(&id)
	return id, err
}

// FundPledge promises an amount of a co-op's to a proposal.
func (db *DB) FundPledge(ctx context.Context, a FundAct) (FundProposal, bool, error) {
	a.Kind = "pledge"
	return db.fundAct(ctx, a, func(ctx context.Context, p FundProposal) (fundStep, error) {
		switch {
		case p.Kind != FundPledges:
			return fundStep{}, refused(p, FundWrongKind)
		case p.State != FundOpen || p.Due(a.At):
			return fundStep{}, refused(p, FundEndedAlready)
		}
		room, why, limit, mine, err := db.fundRoom(ctx, p, a.Coop, a.At)
		if err != nil {
			return fundStep{}, err
		}
		if a.Amount > room {
			return fundStep{}, &FundRefusal{Why: why, Room: room, Cap: limit, Mine: mine, Proposal: p}
		}
		return fundStep{state: FundOpen, data: fmt.Sprintf(`{"amount":%d,"cap":%d}`, a.Amount, limit),
			moves: []fundMove{{from: coopAccount(a.Coop), to: proposalAccount(p.ID), amount: a.Amount}}}, nil
	})
}

func coopAccount(id int64) fundAccount     { return fundAccount{"coop", id} }
func proposalAccount(id int64) fundAccount { return fundAccount{"proposal", id} }

// FundRoom returns how much a co-op may still promise to a proposal, and the
// cap (0 if none is agreed).
func (db *DB) FundRoom(ctx context.Context, p FundProposal, coop int64, at time.Time) (room, limit int64, err error) {
	room, _, limit, _, err = db.fundRoom(ctx, p, coop, at)
	return room, limit, err
}

func (db *DB) fundRoom(ctx context.Context, p FundProposal, coop int64, at time.Time) (room int64, why FundWhy, limit, mine int64, err error) {
	limit, err = db.fundNumber(ctx, "cap", at)
	if err != nil {
		return 0, "", 0, 0, err
	}
	has, err := db.FundPledgeOf(ctx, p.ID, coop)
	if err != nil {
		return 0, "", 0, 0, err
	}
	room, why = p.Left(), FundOverTarget
	if own := max(0, limit-has.Pledged); limit > 0 && own < room {
		room, why = own, FundOverCap
	}
	return room, why, limit, has.Pledged, nil
}

// FundWithdraw takes an amount of a co-op's promise back, all of it if the
// amount is 0.
func (db *DB) FundWithdraw(ctx context.Context, a FundAct) (FundProposal, bool, error) {
	a.Kind = "withdraw"
	return db.fundAct(ctx, a, func(ctx context.Context, p FundProposal) (fundStep, error) {
		has, err := db.FundPledgeOf(ctx, p.ID, a.Coop)
		if err != nil {
			return fundStep{}, err
		}
		switch {
		case p.Kind != FundPledges:
			return fundStep{}, refused(p, FundWrongKind)
		case p.State != FundOpen || p.Due(a.At):
			return fundStep{}, &FundRefusal{Why: FundEndedAlready, Mine: has.Pledged, Proposal: p}
		case has.Pledged == 0:
			return fundStep{}, refused(p, FundNothing)
		case a.Amount > has.Pledged:
			return fundStep{}, &FundRefusal{Why: FundTooMuch, Room: has.Pledged, Mine: has.Pledged, Proposal: p}
		}
		amount := a.Amount
		if amount == 0 {
			amount = has.Pledged
		}
		moves, err := db.fundReversals(ctx, p.ID, a.Coop, amount)
		return fundStep{state: FundOpen, moves: moves, data: fmt.Sprintf(`{"amount":%d}`, amount)}, err
	})
}

// fundReversals takes back transfers of a co-op to a proposal, the last first,
// until the amount is reached. Each is reversed as a whole; what was taken
// back too much is promised again in the same entry.
func (db *DB) fundReversals(ctx context.Context, proposal, coop, amount int64) (moves []fundMove, err error) {
	standing, err := db.fundStanding(ctx, proposal, coop)
	if err != nil {
		return nil, err
	}
	for i := len(standing) - 1; i >= 0 && amount > 0; i-- {
		t := standing[i]
		moves = append(moves, fundMove{from: t.to, to: t.from, amount: t.amount, reverses: t.reverses})
		amount -= t.amount
	}
	if amount < 0 {
		moves = append(moves, fundMove{from: coopAccount(coop), to: proposalAccount(proposal), amount: -amount})
	}
	return moves, nil
}

// fundStanding returns the transfers into a proposal that nothing has
// reversed, oldest first; only those of one co-op unless it is 0. Their
// reverses is their own number.
func (db *DB) fundStanding(ctx context.Context, proposal, coop int64) ([]fundMove, error) {
	found, err := db.Query(ctx, `
		SELECT t.id, s.kind, s.ref, t.amount
		FROM fund_account AS d CROSS JOIN fund_transfer AS t ON t.dst = d.id CROSS JOIN fund_account AS s ON s.id = t.src
		WHERE d.kind = 'proposal' AND d.ref = $1 AND ($2 = 0 OR s.ref = $2) AND t.reverses IS NULL
			AND NOT EXISTS (SELECT 1 FROM fund_transfer AS r WHERE r.reverses = t.id)
		ORDER BY t.id`, proposal, coop)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var all []fundMove
	for found.Next() {
		m := fundMove{to: proposalAccount(proposal)}
		if err := found.Scan(&m.reverses, &m.from.kind, &m.from.ref, &m.amount); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, found.Err()
}

// fundRelease gives everything back that lies with a proposal.
func (db *DB) fundRelease(ctx context.Context, proposal int64) ([]fundMove, error) {
	all, err := db.fundStanding(ctx, proposal, 0)
	for i := range all {
		all[i].from, all[i].to = all[i].to, all[i].from
	}
	return all, err
}
