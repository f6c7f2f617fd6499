-- v0 -> v1: the device, its rooms, and what waits for keys or errands

-- The one device of the bot. It is written before the login, so that a crash
-- in between leaves no stray device on the server.
CREATE TABLE matrix_device (
	one         INTEGER PRIMARY KEY CHECK (one = 1),
	user        TEXT NOT NULL,
	device      TEXT NOT NULL,
	token       TEXT NOT NULL, -- '' until it is logged in
	first_login INTEGER NOT NULL -- milliseconds; what was said before is history
) STRICT;

CREATE TABLE matrix_room (
	id        TEXT PRIMARY KEY,
	name      TEXT NOT NULL DEFAULT '',
	person    TEXT NOT NULL DEFAULT '', -- if it is a direct room
	joined    INTEGER NOT NULL DEFAULT 0,
	encrypted INTEGER NOT NULL DEFAULT 0, -- once 1, for ever 1
	asked     INTEGER NOT NULL DEFAULT 0, -- the server was asked whether it is
	members   INTEGER NOT NULL DEFAULT 0, -- joined, 0: unknown
	invited   INTEGER NOT NULL DEFAULT 0,
	last      TEXT NOT NULL DEFAULT '', -- the newest event that was read
	succeeds  TEXT NOT NULL DEFAULT '' -- the room it takes the place of
) STRICT, WITHOUT ROWID;
CREATE INDEX matrix_room_person ON matrix_room (person) WHERE person <> '';

-- What people call themselves; servers say it once, not with every message.
CREATE TABLE matrix_name (
	user TEXT PRIMARY KEY,
	name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Events whose key has not arrived yet.
CREATE TABLE matrix_undecrypted (
	id      TEXT PRIMARY KEY,
	room    TEXT NOT NULL,
	session TEXT NOT NULL,
	event   TEXT NOT NULL, -- JSON
	at      INTEGER NOT NULL, -- milliseconds
	asked   INTEGER NOT NULL DEFAULT 0, -- for the key
	told    INTEGER NOT NULL DEFAULT 0 -- the sender, that it cannot be read
) STRICT, WITHOUT ROWID;
CREATE INDEX matrix_undecrypted_session ON matrix_undecrypted (session);

-- What has to be asked of the server some time: to join, to leave.
CREATE TABLE matrix_errand (
	kind   TEXT NOT NULL CHECK (kind IN ('join', 'decline', 'leave', 'direct')),
	room   TEXT NOT NULL,
	via    TEXT NOT NULL DEFAULT '', -- a server that knows the room
	reason TEXT NOT NULL DEFAULT '',
	tries  INTEGER NOT NULL DEFAULT 0,
	due    INTEGER NOT NULL DEFAULT 0, -- milliseconds
	PRIMARY KEY (kind, room)
) STRICT, WITHOUT ROWID;
