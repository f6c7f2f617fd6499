-- v7 -> v8: agendas, actions, minutes

-- What a group means to talk about. It stays on the agenda of its next
-- meeting until it is done.
CREATE TABLE agenda_item (
	id        INTEGER PRIMARY KEY,
	grp       INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	meeting   INTEGER REFERENCES meeting (id) ON DELETE SET NULL, -- for that one and not before; NULL: for the next
	text      TEXT NOT NULL,
	person    INTEGER REFERENCES person (id) ON DELETE SET NULL, -- who asked for it
	state     TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dropped')),
	made_at   INTEGER NOT NULL,
	closed_at INTEGER
) STRICT;
CREATE INDEX agenda_item_open ON agenda_item (grp, id) WHERE state = 'open';

-- What somebody said they would do.
CREATE TABLE action_item (
	id         INTEGER PRIMARY KEY, -- people say it
	grp        INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	text       TEXT NOT NULL,
	owner      INTEGER REFERENCES person (id) ON DELETE SET NULL,
	owner_name TEXT NOT NULL DEFAULT '', -- as it was written, if we know nobody of that name
	due        TEXT NOT NULL DEFAULT '', -- 2026-01-16
	state      TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dropped')),
	post       TEXT NOT NULL DEFAULT '', -- the key of what the bot said about it first
	made_by    INTEGER REFERENCES person (id) ON DELETE SET NULL,
	made_at    INTEGER NOT NULL,
	closed_at  INTEGER
) STRICT;
CREATE INDEX action_item_open ON action_item (grp, id) WHERE state = 'open';
CREATE INDEX action_item_owner ON action_item (owner) WHERE state = 'open';
CREATE INDEX action_item_post ON action_item (post) WHERE post <> '';

-- What was said at a meeting: taken in a room, pasted, or a link.
CREATE TABLE minutes (
	id         INTEGER PRIMARY KEY,
	grp        INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	meeting    INTEGER REFERENCES meeting (id) ON DELETE SET NULL,
	day        TEXT NOT NULL, -- of the meeting: 2026-01-15
	title      TEXT NOT NULL DEFAULT '',
	link       TEXT NOT NULL DEFAULT '', -- where they are, or were published
	text       TEXT NOT NULL DEFAULT '', -- pasted, or what the lines came to
	state      TEXT NOT NULL CHECK (state IN ('taking', 'kept', 'dropped')),
	site       TEXT NOT NULL DEFAULT '', -- where they are taken
	room       TEXT NOT NULL DEFAULT '',
	post       TEXT NOT NULL DEFAULT '', -- the key of the post that published them
	taker      INTEGER REFERENCES person (id) ON DELETE SET NULL,
	made_at    INTEGER NOT NULL,
	changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX minutes_grp ON minutes (grp, day, id);
CREATE UNIQUE INDEX minutes_taking ON minutes (site, room) WHERE state = 'taking';

-- The lines of minutes that are taken in a room, in the order they were said.
CREATE TABLE minutes_line (
	minutes INTEGER NOT NULL REFERENCES minutes (id) ON DELETE CASCADE,
	message TEXT NOT NULL, -- the site's ID of what somebody wrote
	n       INTEGER NOT NULL, -- 1, 2, 3: as they were said
	kind    TEXT NOT NULL CHECK (kind IN ('topic', 'note', 'agreed', 'action', 'present')),
	text    TEXT NOT NULL,
	action  INTEGER REFERENCES action_item (id) ON DELETE SET NULL,
	gone    INTEGER NOT NULL DEFAULT 0, -- taken back; the place is kept
	at      INTEGER NOT NULL, -- milliseconds
	PRIMARY KEY (minutes, message)
) STRICT, WITHOUT ROWID;
