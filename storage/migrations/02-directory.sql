-- v1 -> v2: the directory

CREATE TABLE coop_alias (
	key   TEXT PRIMARY KEY, -- as commands/whohas folds names
	alias TEXT NOT NULL,
	coop  INTEGER NOT NULL REFERENCES coop (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE skill (
	id   INTEGER PRIMARY KEY,
	key  TEXT NOT NULL UNIQUE, -- as integrations/directory folds words
	name TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('service', 'technology', 'group'))
) STRICT;

-- Words that people added to the vocabulary, or would like to.
CREATE TABLE skill_alias (
	key      TEXT PRIMARY KEY,
	alias    TEXT NOT NULL,
	skill    INTEGER NOT NULL REFERENCES skill (id) ON DELETE CASCADE,
	accepted INTEGER NOT NULL,
	at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who does what. The key finds the current owners of a skill without a look
-- at anything else, in an order that a page of them can begin anywhere in.
CREATE TABLE coop_skill (
	skill  INTEGER NOT NULL REFERENCES skill (id) ON DELETE CASCADE,
	former INTEGER NOT NULL, -- 1: the co-op is not listed now
	coop   INTEGER NOT NULL REFERENCES coop (id) ON DELETE CASCADE,
	level  TEXT NOT NULL DEFAULT '' CHECK (level IN ('', 'expert', 'can do', 'learning')),
	as_of  TEXT NOT NULL DEFAULT '', -- 2025-06-30, '' if nobody said when
	source TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (skill, former, coop)
) STRICT, WITHOUT ROWID;
CREATE INDEX coop_skill_coop ON coop_skill (coop, skill);

CREATE TRIGGER coop_moves AFTER UPDATE OF status ON coop
WHEN (old.status = 'listed') <> (new.status = 'listed')
BEGIN
	UPDATE coop_skill SET former = (new.status <> 'listed') WHERE coop = new.id;
END;

-- What a co-op has time for. One statement each, until a day.
CREATE TABLE capacity (
	coop        INTEGER PRIMARY KEY REFERENCES coop (id) ON DELETE CASCADE,
	words       TEXT NOT NULL, -- what they said
	people      INTEGER NOT NULL DEFAULT 0, -- 0: not said
	weeks       INTEGER NOT NULL DEFAULT 0,
	lead_months INTEGER, -- how far off they could start, if said
	from_day    TEXT NOT NULL DEFAULT '',
	until_day   TEXT NOT NULL,
	said_on     TEXT NOT NULL
) STRICT;

-- Co-ops that asked to be asked about it every month, and whom.
CREATE TABLE capacity_prompt (
	coop INTEGER PRIMARY KEY REFERENCES coop (id) ON DELETE CASCADE,
	site TEXT NOT NULL,
	user TEXT NOT NULL
) STRICT;

-- What was asked for and not found. Never by whom.
CREATE TABLE wanted (
	key     TEXT PRIMARY KEY,
	word    TEXT NOT NULL,
	times   INTEGER NOT NULL,
	last_on TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One-time codes that join a person's accounts on two sites.
CREATE TABLE link_code (
	code  TEXT PRIMARY KEY,
	site  TEXT NOT NULL,
	user  TEXT NOT NULL,
	until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
