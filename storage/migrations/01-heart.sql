-- v0 -> v1: inbox, outbox, promises, people

-- Where each transport's next batch begins.
CREATE TABLE position (
	transport TEXT PRIMARY KEY,
	value     TEXT NOT NULL,
	at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What people said to the bot, and whether it is answered. Times in milliseconds.
CREATE TABLE inbox (
	seq         INTEGER PRIMARY KEY,
	site        TEXT NOT NULL,
	id          TEXT NOT NULL,
	room        TEXT NOT NULL,
	thread      TEXT NOT NULL,
	sender      TEXT NOT NULL,
	sender_name TEXT NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('said', 'edited', 'deleted', 'reacted')),
	text        TEXT NOT NULL,
	reply_to    TEXT NOT NULL,
	about       TEXT NOT NULL,
	flags       INTEGER NOT NULL, -- 1 direct, 2 encrypted, 4 named
	said_at     INTEGER NOT NULL,
	answered_at INTEGER,
	UNIQUE (site, id)
) STRICT;
CREATE INDEX inbox_waiting ON inbox (seq) WHERE answered_at IS NULL;

-- What the bot owes and has said. Times in milliseconds.
CREATE TABLE outbox (
	seq      INTEGER PRIMARY KEY,
	key      TEXT NOT NULL UNIQUE,
	txn      TEXT NOT NULL,
	site     TEXT NOT NULL,
	room     TEXT NOT NULL,
	thread   TEXT NOT NULL,
	person   TEXT NOT NULL, -- to whom it is said directly, ''
	kind     TEXT NOT NULL CHECK (kind IN ('say', 'edit', 'withdraw', 'react', 'image', 'file')),
	rank     INTEGER NOT NULL,
	text     TEXT NOT NULL,
	reply_to TEXT NOT NULL,
	of_key   TEXT NOT NULL,
	of_id    TEXT NOT NULL,
	mentions TEXT NOT NULL, -- JSON list, ''
	loud     INTEGER NOT NULL,
	why      TEXT NOT NULL,
	made_at  INTEGER NOT NULL,
	tries    INTEGER NOT NULL DEFAULT 0,
	retry_at INTEGER NOT NULL DEFAULT 0,
	state    TEXT NOT NULL DEFAULT 'owed' CHECK (state IN ('owed', 'sent', 'given up')),
	sent_at  INTEGER,
	id       TEXT NOT NULL DEFAULT '', -- the site's
	note     TEXT NOT NULL DEFAULT ''  -- why it was given up
) STRICT;
CREATE INDEX outbox_owed ON outbox (rank, seq) WHERE state = 'owed';
CREATE INDEX outbox_due ON outbox (retry_at) WHERE state = 'owed';
CREATE INDEX outbox_id ON outbox (site, id) WHERE id <> '';
CREATE INDEX outbox_tried ON outbox (txn) WHERE state = 'owed' AND tries > 0;

CREATE TABLE outbox_file (
	key  TEXT PRIMARY KEY REFERENCES outbox (key) ON DELETE CASCADE,
	name TEXT NOT NULL,
	mime TEXT NOT NULL,
	alt  TEXT NOT NULL,
	data BLOB NOT NULL
) STRICT;

CREATE TABLE room (
	site      TEXT NOT NULL,
	id        TEXT NOT NULL,
	name      TEXT NOT NULL DEFAULT '',
	person    TEXT NOT NULL DEFAULT '', -- if it is a direct room
	encrypted INTEGER NOT NULL DEFAULT 0,
	joined_at INTEGER,
	left_at   INTEGER,
	PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;

-- How many messages people wrote, without words or names.
CREATE TABLE life (
	site     TEXT NOT NULL,
	room     TEXT NOT NULL,
	day      TEXT NOT NULL,
	messages INTEGER NOT NULL,
	PRIMARY KEY (site, room, day)
) STRICT, WITHOUT ROWID;

-- Promises for later. Times in seconds from here on.
CREATE TABLE reminder (
	id   INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	ref  TEXT NOT NULL,
	due  INTEGER NOT NULL,
	UNIQUE (kind, ref)
) STRICT;
CREATE INDEX reminder_due ON reminder (due, id);

CREATE TABLE job (
	name     TEXT PRIMARY KEY,
	last_run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE coop (
	id           INTEGER PRIMARY KEY,
	name         TEXT NOT NULL UNIQUE COLLATE NOCASE,
	slug         TEXT NOT NULL DEFAULT '',
	website      TEXT NOT NULL DEFAULT '',
	town         TEXT NOT NULL DEFAULT '',
	status       TEXT NOT NULL CHECK (status IN ('listed', 'former', 'mentioned')),
	delisted_on  TEXT NOT NULL DEFAULT '', -- 2025-06-12
	members      INTEGER NOT NULL DEFAULT 0, -- 0: unknown
	skills_as_of TEXT NOT NULL DEFAULT '',
	source       TEXT NOT NULL DEFAULT ''
) STRICT;

-- A person keeps their number when they ask to be forgotten: what they did
-- stays in the log, but the accounts that tell who they were are gone.
CREATE TABLE person (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	coop INTEGER REFERENCES coop (id) ON DELETE SET NULL,
	role INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE account (
	site   TEXT NOT NULL, -- 'matrix', 'discourse/hub' (its chat too), 'terminal'
	user   TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	PRIMARY KEY (site, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_person ON account (person);

-- What was done, by whom, and what takes it back.
CREATE TABLE audit (
	id        INTEGER PRIMARY KEY,
	at        INTEGER NOT NULL,
	person    INTEGER, -- a pseudonym once the person is forgotten
	user      TEXT NOT NULL, -- '' once the person is forgotten
	site      TEXT NOT NULL,
	room      TEXT NOT NULL,
	message   TEXT NOT NULL,
	post      TEXT NOT NULL,
	what      TEXT NOT NULL,
	undo_name TEXT NOT NULL,
	undo_data TEXT NOT NULL,
	fixed     TEXT NOT NULL,
	undone_at INTEGER
) STRICT;
CREATE INDEX audit_message ON audit (site, message);
CREATE INDEX audit_user ON audit (site, user, id);

CREATE TABLE question (
	code      TEXT PRIMARY KEY,
	post      TEXT NOT NULL UNIQUE,
	site      TEXT NOT NULL,
	room      TEXT NOT NULL,
	user      TEXT NOT NULL,
	act_name  TEXT NOT NULL,
	act_data  TEXT NOT NULL,
	needs     INTEGER NOT NULL,
	anybody   INTEGER NOT NULL,
	words     INTEGER NOT NULL,
	until     INTEGER NOT NULL,
	closed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX question_open ON question (site, user) WHERE closed_at IS NULL;
