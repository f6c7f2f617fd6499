package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/money"
	"go.mau.fi/util/dbutil"
)

// A FundKind is how a proposal is decided.
type FundKind string

// The two processes that the network agreed.
const (
	FundPledges FundKind = "pledges" // co-ops promise money; all of it or nothing
	FundSpend   FundKind = "spend"   // from the common fund, unless somebody objects within a week
)

// A FundState is where a proposal is in its life.
type FundState string

// The states. Drafts are kept elsewhere.
const (
	FundOpen      FundState = "open"
	FundSucceeded FundState = "succeeded"
	FundFailed    FundState = "failed"
	FundBlocked   FundState = "blocked"
	FundCancelled FundState = "cancelled"
	FundSettled   FundState = "settled"
	FundReported  FundState = "reported"
)

// A FundProposal is something the network is asked to pay for.
type FundProposal struct {
	ID        int64
	Kind      FundKind
	Title     string
	Owner     int64 // the co-op that proposed it
	OwnerName string
	Person    int64 // who opened it
	Currency  string
	Minimum   int64 // minor units; as much as Target unless part of it would do
	Target    int64
	Details   FundDetails
	Opened    time.Time
	Deadline  time.Time // nothing counts at or after it
	Stopped   time.Duration
	State     FundState
	Ended     time.Time // zero while open
	Room      bot.Room  // where it was announced, if anywhere

	Pledged int64 // minor units promised now
	Paid    int64 // of it, what was said to have arrived
	Coops   int   // with a promise
	Largest int64 // the largest promise of one co-op
	Vetoes  int   // that stand
	Reached int64 // what was pledged when it ended
}

// FundDetails are a proposal's own words.
type FundDetails struct {
	Benefit  string            `json:"benefit,omitempty"`
	Done     string            `json:"done,omitempty"` // how we shall know that it is done
	Payee    string            `json:"payee,omitempty"`
	PayWhen  string            `json:"pay_when,omitempty"`
	Mediator string            `json:"mediator,omitempty"`
	Link     string            `json:"link,omitempty"`
	More     map[string]string `json:"more,omitempty"` // for paid roles: who employs, who manages, how it is inclusive
}

// Amount returns minor units of the proposal's currency.
func (p FundProposal) Amount(minor int64) money.Amount {
	return money.Amount{Minor: minor, Currency: p.Currency}
}

// Left is what is still to be promised.
func (p FundProposal) Left() int64 { return max(0, p.Target-p.Pledged) }

// Due reports whether the proposal is open and its time is up.
func (p FundProposal) Due(now time.Time) bool {
	return p.State == FundOpen && p.Stopped == 0 && !now.Before(p.Deadline)
}

const fundProposalQuery = `
	SELECT p.id, p.kind, p.title, p.owner, coop.name, p.person, p.currency, p.minimum, p.target, p.details,
		p.opened_at, p.deadline, p.stopped, p.state, p.ended_at, p.site, p.room
	FROM fund_proposal AS p CROSS JOIN coop ON coop.id = p.owner
	WHERE `

func scanFundProposal(row dbutil.Scannable) (p FundProposal, err error) {
	var opened, deadline, stopped, ended int64
	var details string
	err = row.Scan(&p.ID, &p.Kind, &p.Title, &p.Owner, &p.OwnerName, &p.Person, &p.Currency, &p.Minimum, &p.Target, &details,
		&opened, &deadline, &stopped, &p.State, &ended, &p.Room.Site, &p.Room.ID)
	if err != nil {
		return p, err
	}
	p.Opened, p.Deadline = time.Unix(opened, 0).UTC(), time.Unix(deadline, 0).UTC()
	p.Stopped = time.Duration(stopped) * time.Second
	if ended != 0 {
		p.Ended = time.Unix(ended, 0).UTC()
	}
	return p, json.Unmarshal([]byte(details), &p.Details)
}

// FundProposal returns a proposal by its number, or [ErrNotFound].
func (db *DB) FundProposal(ctx context.Context, id int64) (FundProposal, error) {
	p, err := scanFundProposal(db.QueryRow(ctx, fundProposalQuery+`p.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return p, ErrNotFound
	}
	if err != nil {
		return p, err
	}
	return p, db.fundSums(ctx, &p)
}

// fundSums fills in what is promised, paid and vetoed. A veto stands until
// its co-op takes it back.
func (db *DB) fundSums(ctx context.Context, p *FundProposal) error {
	err := db.QueryRow(ctx, `
		SELECT coalesce(sum(pledged), 0), coalesce(sum(paid), 0), count(nullif(pledged, 0)), coalesce(max(pledged), 0)
		FROM fund_pledge WHERE proposal = $1`, p.ID).Scan(&p.Pledged, &p.Paid, &p.Coops, &p.Largest)
	if err != nil {
		return err
	}
	if p.Kind == FundSpend && (p.State == FundSettled || p.State == FundReported) {
		p.Paid = p.Target
	}
	if p.State != FundOpen {
		err := db.QueryRow(ctx, `
			SELECT coalesce(json_extract(data, '$.pledged'), 0) FROM fund_entry
			WHERE proposal = $1 AND data LIKE '{"pledged":%' ORDER BY id DESC LIMIT 1`, p.ID).Scan(&p.Reached)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	return db.QueryRow(ctx, `
		SELECT count(*) FROM (
			SELECT coop, kind, max(id) FROM fund_entry
			WHERE proposal = $1 AND kind IN ('veto', 'unveto') GROUP BY coop) WHERE kind = 'veto'`,
		p.ID).Scan(&p.Vetoes)
}

// FundOpenProposals returns up to limit open proposals, those that end first
// before the others, after so many.
func (db *DB) FundOpenProposals(ctx context.Context, limit, after int) ([]FundProposal, error) {
	return db.fundProposals(ctx, `p.state = 'open' ORDER BY p.state, p.deadline, p.id LIMIT $1 OFFSET $2`, limit, after)
}

// FundAwaiting returns up to limit proposals that succeeded and are not settled.
func (db *DB) FundAwaiting(ctx context.Context, limit int) ([]FundProposal, error) {
	return db.fundProposals(ctx, `p.state = 'succeeded' ORDER BY p.state, p.deadline, p.id LIMIT $1`, limit)
}

// FundEnded returns the proposals that ended last.
func (db *DB) FundEnded(ctx context.Context, limit int) ([]FundProposal, error) {
	return db.fundProposals(ctx, `p.state <> 'open' ORDER BY p.id DESC LIMIT $1`, limit)
}

// FundDue returns open proposals whose time is up.
func (db *DB) FundDue(ctx context.Context, now time.Time) ([]FundProposal, error) {
	return db.fundProposals(ctx, `p.state = 'open' AND p.stopped = 0 AND p.deadline <= $1 ORDER BY p.deadline, p.id`, now.Unix())
}

func (db *DB) fundProposals(ctx context.Context, where string, args ...any) ([]FundProposal, error) {
	all, err := rows(ctx, db, scanFundProposal, fundProposalQuery+where, args...)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if err := db.fundSums(ctx, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// A FundPledge is what one co-op promises to one proposal.
type FundPledge struct {
	Proposal int64
	Coop     int64
	CoopName string
	Pledged  int64
	Paid     int64
}

func scanFundPledge(row dbutil.Scannable) (p FundPledge, err error) {
	err = row.Scan(&p.Proposal, &p.Coop, &p.CoopName, &p.Pledged, &p.Paid)
	return p, err
}

const fundPledgeQuery = `
	SELECT f.proposal, f.coop, coop.name, f.pledged, f.paid
	FROM fund_pledge AS f CROSS JOIN coop ON coop.id = f.coop WHERE `

// FundPledgesTo returns the promises to a proposal, the largest first.
func (db *DB) FundPledgesTo(ctx context.Context, proposal int64) ([]FundPledge, error) {
	return rows(ctx, db, scanFundPledge, fundPledgeQuery+`f.proposal = $1 AND f.pledged > 0 ORDER BY f.pledged DESC, coop.name`, proposal)
}

// FundPledgesOf returns a co-op's promises to proposals that are open or wait to be paid.
func (db *DB) FundPledgesOf(ctx context.Context, coop int64) ([]FundPledge, error) {
	return rows(ctx, db, scanFundPledge, fundPledgeQuery+`
		f.coop = $1 AND f.pledged > 0
		AND EXISTS (SELECT 1 FROM fund_proposal AS p WHERE p.id = f.proposal AND p.state IN ('open', 'succeeded'))
		ORDER BY f.proposal`, coop)
}

// FundPledgeOf returns what a co-op promises to a proposal; zero if nothing.
func (db *DB) FundPledgeOf(ctx context.Context, proposal, coop int64) (FundPledge, error) {
	p, err := scanFundPledge(db.QueryRow(ctx, fundPledgeQuery+`f.proposal = $1 AND f.coop = $2`, proposal, coop))
	if errors.Is(err, sql.ErrNoRows) {
		return FundPledge{Proposal: proposal, Coop: coop}, nil
	}
	return p, err
}

// FundPromised returns what a co-op has promised to any proposal and not paid.
func (db *DB) FundPromised(ctx context.Context, coop int64) (minor int64, err error) {
	err = db.QueryRow(ctx, `
		SELECT coalesce((SELECT -b.amount FROM fund_account AS a JOIN fund_balance AS b ON b.account = a.id WHERE a.kind = 'coop' AND a.ref = $1), 0)
			- coalesce((SELECT amount FROM fund_paid WHERE coop = $1), 0)`, coop).Scan(&minor)
	return minor, err
}

// FundTotals are sums over everything, in minor units of the fund's currency.
type FundTotals struct {
	Open      int   // how many proposals are open
	Spends    int   // how many of them ask the common fund
	Promised  int64 // by co-ops, to open proposals
	ToPay     int64 // promised to proposals that succeeded, and not paid yet
	Committed int64 // from the common fund, approved and not paid yet
}

// FundTotals returns the sums. What co-ops have promised altogether, less what
// they paid, is what lies with proposals; so few rows have to be added up.
func (db *DB) FundTotals(ctx context.Context) (t FundTotals, err error) {
	err = db.QueryRow(ctx, `
		SELECT (SELECT count(*) FROM fund_proposal WHERE state = 'open'),
			(SELECT count(*) FROM fund_proposal WHERE state = 'open' AND kind = 'spend')`).Scan(&t.Open, &t.Spends)
	if err != nil {
		return t, err
	}
	var lies int64
	err = db.QueryRow(ctx, `
		SELECT coalesce(-sum(CASE WHEN a.kind IN ('coop', 'paid') THEN b.amount END), 0),
			coalesce(-sum(CASE WHEN a.kind IN ('fund', 'spent') THEN b.amount END), 0)
		FROM fund_account AS a CROSS JOIN fund_balance AS b ON b.account = a.id
		WHERE a.kind IN ('coop', 'paid', 'fund', 'spent')`).Scan(&lies, &t.Committed)
	if err != nil {
		return t, err
	}
	err = db.QueryRow(ctx, `
		SELECT coalesce(sum(b.amount), 0) FROM fund_proposal AS p
		CROSS JOIN fund_account AS a ON a.kind = 'proposal' AND a.ref = p.id
		CROSS JOIN fund_balance AS b ON b.account = a.id
		WHERE p.state = 'succeeded' AND p.kind = 'pledges'`).Scan(&t.ToPay)
	t.Promised = lies - t.ToPay
	return t, err
}
