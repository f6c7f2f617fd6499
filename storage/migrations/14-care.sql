-- v13 -> v14: how groups are, and what was said about it

CREATE TABLE health (
	grp        INTEGER PRIMARY KEY REFERENCES working_group (id) ON DELETE CASCADE,
	state      TEXT NOT NULL CHECK (state IN ('fine', 'watch', 'quiet', 'resting', 'closed')),
	since      TEXT NOT NULL,
	status     TEXT NOT NULL, -- JSON: what has to be known tomorrow
	led        INTEGER NOT NULL DEFAULT 0, -- it has had a convenor
	unled      TEXT NOT NULL DEFAULT '', -- since when it has none, nor a deputy
	step       INTEGER NOT NULL DEFAULT -1, -- of care that was taken last
	asked      INTEGER NOT NULL DEFAULT 0, -- how often its convenor was asked since it was fine
	stepped_at INTEGER NOT NULL DEFAULT 0,
	room_at    INTEGER NOT NULL DEFAULT 0, -- when its own rooms were told last
	unanswered INTEGER NOT NULL DEFAULT 0, -- how often, since anybody wrote
	muted      INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE health_change (
	grp     INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	day     TEXT NOT NULL,
	state   TEXT NOT NULL,
	reasons TEXT NOT NULL,
	PRIMARY KEY (grp, day)
) STRICT, WITHOUT ROWID;

-- Days on which a group said that it rests.
CREATE TABLE group_rest (
	grp   INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	first TEXT NOT NULL,
	last  TEXT NOT NULL,
	PRIMARY KEY (grp, first)
) STRICT, WITHOUT ROWID;

-- Days on which the bot was away and heard nobody.
CREATE TABLE deaf (
	first TEXT PRIMARY KEY,
	last  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who does not want to be told about a group.
CREATE TABLE care_mute (
	grp    INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	PRIMARY KEY (grp, person)
) STRICT, WITHOUT ROWID;

-- Groups that need hands.
CREATE TABLE need (
	grp INTEGER PRIMARY KEY REFERENCES working_group (id) ON DELETE CASCADE,
	at  INTEGER NOT NULL
) STRICT;
