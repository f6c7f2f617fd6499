-- v3 -> v4: working groups, and what is said on forums

CREATE TABLE working_group (
	id        INTEGER PRIMARY KEY,
	slug      TEXT NOT NULL UNIQUE COLLATE NOCASE, -- the word people type for it
	name      TEXT NOT NULL COLLATE NOCASE,
	kind      TEXT NOT NULL CHECK (kind IN ('circle', 'strategy', 'project', 'board', 'rota', 'call')),
	purpose   TEXT NOT NULL DEFAULT '',
	zone      TEXT NOT NULL DEFAULT '', -- 'Europe/London', '': the network's
	nation    TEXT NOT NULL DEFAULT '', -- whose bank holidays, '': the network's
	cadence   INTEGER NOT NULL DEFAULT 0, -- days between meetings, as agreed; 0: not agreed
	quorum    INTEGER NOT NULL DEFAULT 0, -- people, or co-ops for a network call; 0: not agreed
	ends_on   TEXT NOT NULL DEFAULT '', -- 2026-06-30, for a project
	state     TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resting', 'closed')),
	until_day TEXT NOT NULL DEFAULT '', -- it rests until then
	merged    INTEGER REFERENCES working_group (id) ON DELETE SET NULL, -- the group that took it in
	made_at   INTEGER NOT NULL,
	closed_at INTEGER
) STRICT;

-- Where a group talks. Room is the site's own name of a room or topic, or
-- 'category/<id>' or 'tag/<name>' on a forum.
CREATE TABLE group_place (
	site   TEXT NOT NULL,
	room   TEXT NOT NULL,
	grp    INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	at     INTEGER NOT NULL,
	PRIMARY KEY (site, room)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_place_grp ON group_place (grp);

CREATE TABLE group_member (
	grp    INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	role   TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'deputy', 'convenor')),
	at     INTEGER NOT NULL,
	PRIMARY KEY (grp, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_member_person ON group_member (person);

-- Where a group keeps its things: 'folder', 'board', 'call', 'minutes', or any word.
CREATE TABLE group_link (
	grp  INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	what TEXT NOT NULL COLLATE NOCASE,
	url  TEXT NOT NULL,
	at   INTEGER NOT NULL,
	PRIMARY KEY (grp, what)
) STRICT, WITHOUT ROWID;

ALTER TABLE outbox ADD COLUMN title TEXT NOT NULL DEFAULT ''; -- of the forum topic that it opens

-- Topics and replies of forums, without their words.
CREATE TABLE forum_item (
	site     TEXT NOT NULL,
	id       TEXT NOT NULL, -- of the post
	topic    TEXT NOT NULL,
	number   INTEGER NOT NULL, -- 1 opens the topic
	title    TEXT NOT NULL,
	url      TEXT NOT NULL,
	category TEXT NOT NULL, -- its number
	tags     TEXT NOT NULL, -- JSON list
	author   TEXT NOT NULL,
	at       INTEGER NOT NULL,
	gone     INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX forum_item_topic ON forum_item (site, topic, number);
CREATE INDEX forum_item_category ON forum_item (site, category, at);
CREATE INDEX forum_item_author ON forum_item (site, author);
