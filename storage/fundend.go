package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// FundVeto is a co-op's veto, or its objection to a spend. The veto that
// makes the agreed number blocks the proposal and frees what was promised; an
// objection stops the clock of a spend.
func (db *DB) FundVeto(ctx context.Context, a FundAct) (FundProposal, bool, error) {
	a.Kind = "veto"
	return db.fundAct(ctx, a, func(ctx context.Context, p FundProposal) (fundStep, error) {
		if p.State != FundOpen || p.Due(a.At) {
			return fundStep{}, refused(p, FundEndedAlready)
		}
		if stands, err := db.FundVetoStands(ctx, p.ID, a.Coop); err != nil || stands {
			return fundStep{}, orRefused(err, p, FundTwice)
		}
		if p.Kind == FundSpend {
			if p.Stopped > 0 {
				return fundStep{state: FundOpen}, nil
			}
			left := int64(max(time.Second, p.Deadline.Sub(a.At)) / time.Second)
			_, err := db.Exec(ctx, `UPDATE fund_proposal SET stopped = $2 WHERE id = $1`, p.ID, left)
			return fundStep{state: FundOpen, data: fmt.Sprintf(`{"stopped":%d}`, left)}, err
		}
		needed, err := db.fundNumber(ctx, "vetoes", a.At)
		if err != nil {
			return fundStep{}, err
		}
		if int64(p.Vetoes+1) < needed {
			return fundStep{state: FundOpen}, nil
		}
		return db.fundFreed(ctx, p, FundBlocked)
	})
}

func orRefused(err error, p FundProposal, why FundWhy) error {
	if err != nil {
		return err
	}
	return refused(p, why)
}

// FundVetoStands reports whether a co-op has a veto that it did not take back.
func (db *DB) FundVetoStands(ctx context.Context, proposal, coop int64) (stands bool, err error) {
	err = db.QueryRow(ctx, `
		SELECT coalesce((SELECT kind = 'veto' FROM fund_entry
			WHERE proposal = $1 AND coop = $2 AND kind IN ('veto', 'unveto') ORDER BY id DESC LIMIT 1), 0)`, proposal, coop).Scan(&stands)
	return stands, err
}

// FundUnveto takes a co-op's veto back. The clock of a spend goes on, with
// what was left of it, when nobody objects any more.
func (db *DB) FundUnveto(ctx context.Context, a FundAct) (FundProposal, bool, error) {
	a.Kind = "unveto"
	return db.fundAct(ctx, a, func(ctx context.Context, p FundProposal) (fundStep, error) {
		if p.State != FundOpen || p.Due(a.At) {
			return fundStep{}, refused(p, FundEndedAlready)
		}
		if stands, err := db.FundVetoStands(ctx, p.ID, a.Coop); err != nil || !stands {
			return fundStep{}, orRefused(err, p, FundNothing)
		}
		if p.Stopped == 0 || p.Vetoes > 1 {
			return fundStep{state: FundOpen}, nil
		}
		until := a.At.Add(p.Stopped).Unix()
		_, err := db.Exec(ctx, `UPDATE fund_proposal SET stopped = 0, deadline = $2 WHERE id = $1`, p.ID, until)
		return fundStep{state: FundOpen, data: fmt.Sprintf(`{"deadline":%d}`, until)}, err
	})
}

// FundDecide ends a proposal whose time is up. It is the clock's doing, so
// that its key is the deadline: deciding twice is deciding once.
func (db *DB) FundDecide(ctx context.Context, p FundProposal, now time.Time) (FundProposal, bool, error) {
	a := FundAct{Kind: "decide", Key: fmt.Sprintf("decide/%d/%d", p.ID, p.Deadline.Unix()), At: p.Deadline, Proposal: p.ID}
	return db.fundAct(ctx, a, func(ctx context.Context, p FundProposal) (fundStep, error) {
		if !p.Due(now) {
			return fundStep{}, refused(p, FundEndedAlready)
		}
		return db.fundOutcome(ctx, p, p.Kind == FundSpend || p.Pledged >= p.Minimum)
	})
}

// fundOutcome is what comes of a proposal that ends.
func (db *DB) fundOutcome(ctx context.Context, p FundProposal, succeeds bool) (fundStep, error) {
	switch {
	case !succeeds:
		return db.fundFreed(ctx, p, FundFailed)
	case p.Kind == FundSpend:
		return fundStep{state: FundSucceeded, moves: []fundMove{{from: fundAccount{kind: "fund"}, to: proposalAccount(p.ID), amount: p.Target}}}, nil
	}
	return fundStep{state: FundSucceeded, data: reached(p)}, nil
}

// fundFreed ends a proposal without success: everything promised is free again.
func (db *DB) fundFreed(ctx context.Context, p FundProposal, s FundState) (fundStep, error) {
	moves, err := db.fundRelease(ctx, p.ID)
	return fundStep{state: s, moves: moves, data: reached(p)}, err
}

// reached is the data of an entry that ends a proposal.
func reached(p FundProposal) string { return fmt.Sprintf(`{"pledged":%d}`, p.Pledged) }

// FundClose ends an open proposal before its time: it succeeds if its minimum
// is promised. A spend is closed with what the network decided.
func (db *DB) FundClose(ctx context.Context, a FundAct, approved bool) (FundProposal, bool, error) {
	a.Kind = "close"
	return db.fundAct(ctx, a, func(ctx context.Context, p FundProposal) (fundStep, error) {
		if p.State != FundOpen || p.Due(a.At) {
			return fundStep{}, refused(p, FundEndedAlready)
		}
		if p.Kind == FundPledges {
			approved = p.Pledged >= p.Minimum
		}
		return db.fundOutcome(ctx, p, approved)
	})
}

// FundCancel ends a proposal for which nothing has been paid, and frees what
// was promised.
func (db *DB) FundCancel(ctx context.Context, a FundAct) (FundProposal, bool, error) {
	a.Kind = "cancel"
	return db.fundAct(ctx, a, func(ctx context.Context, p FundProposal) (fundStep, error) {
		switch {
		case p.Paid > 0:
			return fundStep{}, refused(p, FundPaidAlready)
		case p.State != FundOpen && p.State != FundSucceeded:
			return fundStep{}, refused(p, FundEndedAlready)
		}
		return db.fundFreed(ctx, p, FundCancelled)
	})
}

// FundRaise sets a higher target; one that has succeeded opens again. Whoever
// asked for all or nothing still does. The deadline moves if Until is set.
func (db *DB) FundRaise(ctx context.Context, a FundAct) (FundProposal, bool, error) {
	a.Kind = "raise"
	return db.fundAct(ctx, a, func(ctx context.Context, p FundProposal) (fundStep, error) {
		until := p.Deadline
		if !a.Until.IsZero() {
			until = a.Until
		}
		switch {
		case p.Kind != FundPledges:
			return fundStep{}, refused(p, FundWrongKind)
		case p.Paid > 0:
			return fundStep{}, refused(p, FundPaidAlready)
		case p.State != FundOpen && p.State != FundSucceeded || p.Due(a.At):
			return fundStep{}, refused(p, FundEndedAlready)
		case a.Amount <= p.Target:
			return fundStep{}, refused(p, FundNotHigher)
		case !until.After(a.At) || until.Before(p.Deadline):
			return fundStep{}, refused(p, FundNotLater)
		}
		least := p.Minimum
		if p.Minimum == p.Target {
			least = a.Amount
		}
		_, err := db.Exec(ctx, `UPDATE fund_proposal SET target = $2, minimum = $3, deadline = $4 WHERE id = $1`, p.ID, a.Amount, least, until.Unix())
		return fundStep{state: FundOpen, data: fmt.Sprintf(`{"target":%d,"minimum":%d,"was":%d,"deadline":%d}`, a.Amount, least, p.Target, until.Unix())}, err
	})
}

// FundExtend sets a later deadline. Everybody's promises stay.
func (db *DB) FundExtend(ctx context.Context, a FundAct) (FundProposal, bool, error) {
	a.Kind = "extend"
	return db.fundAct(ctx, a, func(ctx context.Context, p FundProposal) (fundStep, error) {
		switch {
		case p.State != FundOpen || p.Due(a.At):
			return fundStep{}, refused(p, FundEndedAlready)
		case p.Stopped > 0:
			return fundStep{}, refused(p, FundWrongKind)
		case !a.Until.After(p.Deadline):
			return fundStep{}, refused(p, FundNotLater)
		}
		_, err := db.Exec(ctx, `UPDATE fund_proposal SET deadline = $2 WHERE id = $1`, p.ID, a.Until.Unix())
		return fundStep{state: FundOpen, data: fmt.Sprintf(`{"deadline":%d,"was":%d}`, a.Until.Unix(), p.Deadline.Unix())}, err
	})
}

// FundPay writes down that a co-op's money has arrived, all that it promised
// if the amount is 0; for a spend, that the fund has paid. When everything has
// arrived the proposal is settled.
func (db *DB) FundPay(ctx context.Context, a FundAct) (FundProposal, bool, error) {
	a.Kind = "paid"
	return db.fundAct(ctx, a, func(ctx context.Context, p FundProposal) (fundStep, error) {
		if p.State != FundSucceeded {
			return fundStep{}, refused(p, FundUnpaid)
		}
		if p.Kind == FundSpend {
			return fundStep{state: FundSettled, moves: []fundMove{{from: proposalAccount(p.ID), to: fundAccount{kind: "spent"}, amount: p.Target}}}, nil
		}
		has, err := db.FundPledgeOf(ctx, p.ID, a.Coop)
		if err != nil {
			return fundStep{}, err
		}
		left := has.Pledged - has.Paid
		amount := a.Amount
		if amount == 0 {
			amount = left
		}
		switch {
		case has.Pledged == 0:
			return fundStep{}, refused(p, FundNothing)
		case left == 0:
			return fundStep{}, &FundRefusal{Why: FundTwice, Mine: has.Pledged, Proposal: p}
		case amount > left:
			return fundStep{}, &FundRefusal{Why: FundTooMuch, Room: left, Mine: has.Pledged, Proposal: p}
		}
		s := fundStep{state: FundSucceeded, data: fmt.Sprintf(`{"amount":%d}`, amount),
			moves: []fundMove{{from: proposalAccount(p.ID), to: fundAccount{kind: "paid"}, amount: amount}}}
		if p.Paid+amount == p.Pledged {
			s.state = FundSettled
		}
		return s, nil
	})
}

// FundUnpay takes back that money has arrived, or that the fund has paid: the
// transfer that the act with this key wrote is reversed, once. What was
// settled is so no longer.
func (db *DB) FundUnpay(ctx context.Context, a FundAct, key string) (FundProposal, bool, error) {
	a.Kind = "unpaid"
	return db.fundAct(ctx, a, func(ctx context.Context, p FundProposal) (fundStep, error) {
		if p.State != FundSucceeded && p.State != FundSettled {
			return fundStep{}, refused(p, FundEndedAlready)
		}
		m := fundMove{to: proposalAccount(p.ID)}
		err := db.QueryRow(ctx, `
			SELECT t.id, t.amount, d.kind FROM fund_entry AS e
			JOIN fund_transfer AS t ON t.entry = e.id JOIN fund_account AS d ON d.id = t.dst
			WHERE e.key = $1 AND e.proposal = $2 AND e.kind = 'paid' AND NOT EXISTS (SELECT 1 FROM fund_transfer AS r WHERE r.reverses = t.id)`,
			key, p.ID).Scan(&m.reverses, &m.amount, &m.from.kind)
		if errors.Is(err, sql.ErrNoRows) {
			return fundStep{}, refused(p, FundNothing)
		}
		return fundStep{state: FundSucceeded, moves: []fundMove{m}, data: fmt.Sprintf(`{"amount":%d}`, m.amount)}, err
	})
}

// FundReport says what came of a proposal that was settled.
func (db *DB) FundReport(ctx context.Context, a FundAct) (FundProposal, bool, error) {
	a.Kind = "report"
	return db.fundAct(ctx, a, func(ctx context.Context, p FundProposal) (fundStep, error) {
		if p.State != FundSettled && p.State != FundReported {
			return fundStep{}, refused(p, FundUnpaid)
		}
		return fundStep{state: FundReported}, nil
	})
}

// FundLink sets where a proposal is talked about.
func (db *DB) FundLink(ctx context.Context, a FundAct) (FundProposal, bool, error) {
	a.Kind = "link"
	return db.fundAct(ctx, a, func(ctx context.Context, p FundProposal) (fundStep, error) {
		_, err := db.Exec(ctx, `UPDATE fund_proposal SET details = json_set(details, '$.link', $2) WHERE id = $1`, p.ID, a.Words)
		return fundStep{state: p.State}, err
	})
}
