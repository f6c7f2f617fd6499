-- v8 -> v9: the fund

-- Where promises lie. An amount goes from one account to another; nothing is
-- ever made or lost. Money itself is with the co-ops and the bank.
CREATE TABLE fund_account (
	id       INTEGER PRIMARY KEY,
	kind     TEXT NOT NULL CHECK (kind IN ('coop', 'proposal', 'fund', 'paid', 'spent')),
	ref      INTEGER NOT NULL, -- which co-op or proposal; 0 for the others
	currency TEXT NOT NULL CHECK (length(currency) = 3),
	UNIQUE (kind, ref)
) STRICT;

-- A proposal as it stands. Every change of it is an entry of the ledger too.
CREATE TABLE fund_proposal (
	id        INTEGER PRIMARY KEY, -- the number people use
	kind      TEXT NOT NULL CHECK (kind IN ('pledges', 'spend')),
	title     TEXT NOT NULL CHECK (title <> ''),
	owner     INTEGER NOT NULL REFERENCES coop (id),
	person    INTEGER NOT NULL, -- who opened it, by number
	currency  TEXT NOT NULL CHECK (length(currency) = 3),
	minimum   INTEGER NOT NULL,
	target    INTEGER NOT NULL CHECK (target > 0 AND target <= 1000000000000),
	details   TEXT NOT NULL, -- JSON: benefit, payee, pay_when, mediator, link and what else was said
	opened_at INTEGER NOT NULL,
	deadline  INTEGER NOT NULL,
	stopped   INTEGER NOT NULL DEFAULT 0, -- seconds that were left when an objection stopped the clock
	state     TEXT NOT NULL CHECK (state IN ('open', 'succeeded', 'failed', 'blocked', 'cancelled', 'settled', 'reported')),
	ended_at  INTEGER NOT NULL DEFAULT 0,
	site      TEXT NOT NULL DEFAULT '', -- where it was announced
	room      TEXT NOT NULL DEFAULT '',
	CHECK (minimum > 0 AND minimum <= target)
) STRICT;
CREATE INDEX fund_proposal_state ON fund_proposal (state, deadline);
CREATE INDEX fund_proposal_spends ON fund_proposal (id) WHERE state = 'open' AND kind = 'spend';

-- What was done, in a chain: each entry carries the hash of the one before.
CREATE TABLE fund_entry (
	id       INTEGER PRIMARY KEY,
	at       INTEGER NOT NULL,
	kind     TEXT NOT NULL,
	proposal INTEGER REFERENCES fund_proposal (id),
	coop     INTEGER REFERENCES coop (id),
	person   INTEGER NOT NULL, -- a number; 0 for the clock
	words    TEXT NOT NULL,
	data     TEXT NOT NULL, -- JSON, ''
	state    TEXT NOT NULL, -- the proposal's afterwards, '' without one
	key      TEXT NOT NULL UNIQUE, -- the event it came from
	request  TEXT NOT NULL, -- fingerprint of what was asked
	prev     TEXT NOT NULL,
	hash     TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX fund_entry_proposal ON fund_entry (proposal, id);
CREATE INDEX fund_entry_veto ON fund_entry (proposal, coop, id, kind) WHERE kind IN ('veto', 'unveto');

CREATE TABLE fund_transfer (
	id       INTEGER PRIMARY KEY,
	entry    INTEGER NOT NULL REFERENCES fund_entry (id),
	src      INTEGER NOT NULL REFERENCES fund_account (id),
	dst      INTEGER NOT NULL REFERENCES fund_account (id),
	amount   INTEGER NOT NULL CHECK (amount > 0 AND amount <= 1000000000000),
	reverses INTEGER UNIQUE REFERENCES fund_transfer (id),
	CHECK (src <> dst)
) STRICT;
CREATE INDEX fund_transfer_entry ON fund_transfer (entry);
CREATE INDEX fund_transfer_dst ON fund_transfer (dst, src);

-- Sums of the transfers, kept by triggers and compared with them every night.
CREATE TABLE fund_balance (
	account INTEGER PRIMARY KEY REFERENCES fund_account (id),
	amount  INTEGER NOT NULL
) STRICT;

CREATE TABLE fund_pledge (
	proposal INTEGER NOT NULL,
	coop     INTEGER NOT NULL,
	pledged  INTEGER NOT NULL,
	paid     INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (proposal, coop)
) STRICT, WITHOUT ROWID;
CREATE INDEX fund_pledge_coop ON fund_pledge (coop, proposal);

CREATE TABLE fund_paid (
	coop   INTEGER PRIMARY KEY,
	amount INTEGER NOT NULL -- of what it pledged, to whatever proposal
) STRICT;

CREATE TRIGGER fund_transfer_checked BEFORE INSERT ON fund_transfer
BEGIN
	SELECT raise(ABORT, 'fund: accounts of different currencies')
	WHERE (SELECT currency FROM fund_account WHERE id = new.src) <> (SELECT currency FROM fund_account WHERE id = new.dst);
	SELECT raise(ABORT, 'fund: a proposal cannot give what it does not have')
	WHERE (SELECT kind FROM fund_account WHERE id = new.src) = 'proposal'
		AND coalesce((SELECT amount FROM fund_balance WHERE account = new.src), 0) < new.amount;
	SELECT raise(ABORT, 'fund: a reversal has to mirror its original')
	WHERE new.reverses IS NOT NULL AND NOT EXISTS (
		SELECT 1 FROM fund_transfer WHERE id = new.reverses AND src = new.dst AND dst = new.src AND amount = new.amount AND reverses IS NULL);
END;

CREATE TRIGGER fund_transfer_summed AFTER INSERT ON fund_transfer
BEGIN
	INSERT INTO fund_balance (account, amount) VALUES (new.src, -new.amount)
		ON CONFLICT (account) DO UPDATE SET amount = amount + excluded.amount;
	INSERT INTO fund_balance (account, amount) VALUES (new.dst, new.amount)
		ON CONFLICT (account) DO UPDATE SET amount = amount + excluded.amount;
	INSERT INTO fund_pledge (proposal, coop, pledged)
		SELECT d.ref, s.ref, new.amount FROM fund_account AS s, fund_account AS d
		WHERE s.id = new.src AND s.kind = 'coop' AND d.id = new.dst AND d.kind = 'proposal'
		ON CONFLICT (proposal, coop) DO UPDATE SET pledged = pledged + excluded.pledged;
	UPDATE fund_pledge SET pledged = pledged - new.amount
		WHERE proposal = (SELECT ref FROM fund_account WHERE id = new.src AND kind = 'proposal')
		AND coop = (SELECT ref FROM fund_account WHERE id = new.dst AND kind = 'coop');
	UPDATE fund_pledge SET paid = paid + new.amount
		WHERE proposal = (SELECT ref FROM fund_account WHERE id = new.src AND kind = 'proposal')
		AND coop = (SELECT coop FROM fund_entry WHERE id = new.entry)
		AND (SELECT kind FROM fund_account WHERE id = new.dst) = 'paid';
	UPDATE fund_pledge SET paid = paid - new.amount
		WHERE proposal = (SELECT ref FROM fund_account WHERE id = new.dst AND kind = 'proposal')
		AND coop = (SELECT coop FROM fund_entry WHERE id = new.entry)
		AND (SELECT kind FROM fund_account WHERE id = new.src) = 'paid';
	UPDATE fund_paid SET amount = amount - new.amount
		WHERE coop = (SELECT coop FROM fund_entry WHERE id = new.entry)
		AND (SELECT kind FROM fund_account WHERE id = new.src) = 'paid';
	INSERT INTO fund_paid (coop, amount)
		SELECT e.coop, new.amount FROM fund_entry AS e, fund_account AS d
		WHERE e.id = new.entry AND e.coop IS NOT NULL AND d.id = new.dst AND d.kind = 'paid'
		ON CONFLICT (coop) DO UPDATE SET amount = amount + excluded.amount;
END;

CREATE TRIGGER fund_entry_chained BEFORE INSERT ON fund_entry
BEGIN
	SELECT raise(ABORT, 'fund: an entry has to follow the last one')
	WHERE new.prev <> coalesce((SELECT hash FROM fund_entry ORDER BY id DESC LIMIT 1), '')
		OR new.id <> coalesce((SELECT max(id) FROM fund_entry), 0) + 1;
END;

-- What was agreed, with where and from when. A later one takes its place.
CREATE TABLE fund_rule (
	id     INTEGER PRIMARY KEY,
	name   TEXT NOT NULL,
	value  TEXT NOT NULL, -- '' ends the rule
	source TEXT NOT NULL,
	since  TEXT NOT NULL, -- 2017-11-30
	entry  INTEGER REFERENCES fund_entry (id)
) STRICT;
CREATE INDEX fund_rule_name ON fund_rule (name, since, id);

INSERT INTO fund_rule (name, value, source, since) VALUES
	('vetoes', '2', 'https://wiki.coops.tech/wiki/CoTech_Cobudget', '2017-11-01'),
	('objection_days', '7', 'https://wiki.coops.tech/wiki/Newcastle_2019/Fund', '2019-01-01');

-- The books of the common fund, as they were imported: the newest counts.
CREATE TABLE fund_books (
	id       INTEGER PRIMARY KEY,
	source   TEXT NOT NULL,
	currency TEXT NOT NULL,
	from_day TEXT NOT NULL,
	as_of    TEXT NOT NULL,
	balance  INTEGER NOT NULL,
	text     TEXT NOT NULL, -- as hledger reads it
	at       INTEGER NOT NULL,
	entry    INTEGER NOT NULL REFERENCES fund_entry (id)
) STRICT;

CREATE TABLE fund_books_line (
	books   INTEGER NOT NULL REFERENCES fund_books (id),
	year    TEXT NOT NULL,
	side    TEXT NOT NULL CHECK (side IN ('in', 'out')),
	account TEXT NOT NULL,
	amount  INTEGER NOT NULL,
	PRIMARY KEY (books, year, side, account)
) STRICT, WITHOUT ROWID;

-- What co-ops said they give in a year.
CREATE TABLE fund_member (
	name   TEXT PRIMARY KEY,
	amount INTEGER NOT NULL,
	at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How the last look at the ledger went: '' if all was well.
CREATE TABLE fund_check (
	id      INTEGER PRIMARY KEY CHECK (id = 1),
	at      INTEGER NOT NULL,
	trouble TEXT NOT NULL
) STRICT;

CREATE TABLE fund_draft (
	person INTEGER PRIMARY KEY,
	data   TEXT NOT NULL, -- JSON
	at     INTEGER NOT NULL
) STRICT;

CREATE TABLE fund_remind (
	person   INTEGER NOT NULL,
	proposal INTEGER NOT NULL, -- 0: all
	site     TEXT NOT NULL,
	user     TEXT NOT NULL,
	PRIMARY KEY (person, proposal)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER fund_entry_no_update BEFORE UPDATE ON fund_entry
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_entry_no_delete BEFORE DELETE ON fund_entry
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_transfer_no_update BEFORE UPDATE ON fund_transfer
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_transfer_no_delete BEFORE DELETE ON fund_transfer
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_account_no_update BEFORE UPDATE ON fund_account
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_account_no_delete BEFORE DELETE ON fund_account
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_rule_no_update BEFORE UPDATE ON fund_rule
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_rule_no_delete BEFORE DELETE ON fund_rule
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_books_no_update BEFORE UPDATE ON fund_books
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_books_no_delete BEFORE DELETE ON fund_books
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_books_line_no_update BEFORE UPDATE ON fund_books_line
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_books_line_no_delete BEFORE DELETE ON fund_books_line
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_proposal_no_delete BEFORE DELETE ON fund_proposal
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;
