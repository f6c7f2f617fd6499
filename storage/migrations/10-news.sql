-- v9 -> v10: the newsletter

CREATE TABLE news_issue (
	id       INTEGER PRIMARY KEY,
	month    TEXT NOT NULL UNIQUE, -- 2026-12
	deadline INTEGER NOT NULL, -- for items
	state    TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'sent')),
	intro    TEXT NOT NULL DEFAULT '',
	sent_at  INTEGER
) STRICT;

CREATE TABLE news_item (
	id        INTEGER PRIMARY KEY,
	issue     INTEGER NOT NULL REFERENCES news_issue (id),
	section   TEXT NOT NULL COLLATE NOCASE,
	state     TEXT NOT NULL CHECK (state IN ('suggested', 'accepted', 'held', 'used', 'rejected')),
	title     TEXT NOT NULL,
	text      TEXT NOT NULL DEFAULT '',
	link      TEXT NOT NULL DEFAULT '',
	link_key  TEXT NOT NULL DEFAULT '', -- the link as it is compared
	why       TEXT NOT NULL DEFAULT '', -- it was held or rejected
	origin    TEXT NOT NULL, -- 'person', 'star', 'forum', 'coop', 'skill', 'wanted', 'meeting', 'group', 'fund'
	ref       TEXT NOT NULL DEFAULT '', -- what it is about, if it was found: 'coop/12', 'matrix/$ev1'
	person    INTEGER REFERENCES person (id) ON DELETE SET NULL, -- who sent it, or whose words they are
	from_site TEXT NOT NULL DEFAULT '', -- where they are told about it
	from_user TEXT NOT NULL DEFAULT '',
	consent   TEXT NOT NULL DEFAULT '' CHECK (consent IN ('', 'asked', 'yes', 'no')),
	by_hand   INTEGER NOT NULL DEFAULT 0, -- people have changed the words that were found
	made_at   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX news_item_ref ON news_item (ref) WHERE ref <> '';
CREATE INDEX news_item_issue ON news_item (issue, state);
CREATE INDEX news_item_link ON news_item (link_key) WHERE link_key <> '';

-- What was noticed before, so that it is not news again.
CREATE TABLE news_seen (
	ref TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- How far lists of records have been looked through for news.
CREATE TABLE news_mark (
	list TEXT PRIMARY KEY, -- 'coop', 'audit'
	upto INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The rooms that take part.
CREATE TABLE news_room (
	site      TEXT NOT NULL,
	room      TEXT NOT NULL,
	news      INTEGER NOT NULL DEFAULT 0, -- the newsletter comes here
	announced INTEGER NOT NULL DEFAULT 0, -- and announcements
	reminded  INTEGER NOT NULL DEFAULT 0, -- and reminders of the deadline
	starred   INTEGER NOT NULL DEFAULT 0, -- a star puts a message on the pile
	tags      TEXT NOT NULL DEFAULT '', -- ' events north '
	PRIMARY KEY (site, room)
) STRICT, WITHOUT ROWID;

-- What was said lately in rooms where stars count.
CREATE TABLE news_heard (
	site      TEXT NOT NULL,
	id        TEXT NOT NULL,
	room      TEXT NOT NULL,
	sender    TEXT NOT NULL,
	name      TEXT NOT NULL,
	text      TEXT NOT NULL,
	said_at   INTEGER NOT NULL,
	PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;

-- The editors, in turn.
CREATE TABLE news_editor (
	person INTEGER PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
	turn   INTEGER NOT NULL
) STRICT;

-- When a co-op was last the featured one.
CREATE TABLE news_featured (
	coop  INTEGER NOT NULL REFERENCES coop (id) ON DELETE CASCADE,
	issue INTEGER PRIMARY KEY REFERENCES news_issue (id)
) STRICT;

-- What goes to many places: an issue, or an announcement.
CREATE TABLE broadcast (
	id         INTEGER PRIMARY KEY,
	code       TEXT NOT NULL UNIQUE, -- undoes it
	issue      INTEGER REFERENCES news_issue (id),
	title      TEXT NOT NULL,
	text       TEXT NOT NULL, -- what the rooms are told
	mark       TEXT NOT NULL, -- of the words that were confirmed
	tags       TEXT NOT NULL, -- of the rooms it is for, ' ' between them
	person     INTEGER, -- who confirmed it
	by_name    TEXT NOT NULL,
	asked_by   INTEGER, -- who wanted it
	site       TEXT NOT NULL, -- where its progress is told
	room       TEXT NOT NULL,
	answer     TEXT NOT NULL, -- the key of that post
	said       TEXT NOT NULL DEFAULT '', -- what it says now
	state      TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'undone')),
	begins_at  INTEGER NOT NULL,
	undo_until INTEGER NOT NULL,
	ended_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX broadcast_issue ON broadcast (issue) WHERE issue IS NOT NULL AND state <> 'undone';

-- Where it goes. While the post is in the outbox, that knows how it fares.
CREATE TABLE broadcast_copy (
	key       TEXT PRIMARY KEY, -- of the post
	broadcast INTEGER NOT NULL REFERENCES broadcast (id) ON DELETE CASCADE,
	site      TEXT NOT NULL,
	room      TEXT NOT NULL,
	person    TEXT NOT NULL,
	id        TEXT NOT NULL DEFAULT '', -- the site's, once it was said
	state     TEXT NOT NULL DEFAULT 'owed' CHECK (state IN ('owed', 'sent', 'given up')),
	sent_at   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX broadcast_copy_broadcast ON broadcast_copy (broadcast);

-- Who gets the newsletter by mail.
CREATE TABLE subscriber (
	id       INTEGER PRIMARY KEY,
	address  TEXT NOT NULL UNIQUE COLLATE NOCASE,
	state    TEXT NOT NULL CHECK (state IN ('asked', 'confirmed', 'bounced')),
	token    TEXT NOT NULL UNIQUE, -- in the links of each mail
	person   INTEGER REFERENCES person (id) ON DELETE SET NULL, -- if it was asked for in a chat
	bounces  INTEGER NOT NULL DEFAULT 0,
	asked_at INTEGER NOT NULL,
	since    INTEGER
) STRICT;
