-- v5 -> v6: meetings, series, date polls, leave

-- What repeats. The rule, the wall time and the zone are the truth.
CREATE TABLE series (
	id          INTEGER PRIMARY KEY,
	grp         INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	title       TEXT NOT NULL DEFAULT '',
	rule        TEXT NOT NULL DEFAULT '', -- 'FREQ=MONTHLY;BYDAY=-1WE'; '' if it hangs on an anchor
	anchor      TEXT NOT NULL DEFAULT '' COLLATE NOCASE, -- the anchor's name
	offset_days INTEGER NOT NULL DEFAULT 0, -- before the anchor is negative
	day         TEXT NOT NULL, -- 2025-01-29: the first one; the rule counts from it
	clock       INTEGER NOT NULL CHECK (clock BETWEEN 0 AND 1439), -- minutes after midnight
	minutes     INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 1440), -- by the wall clock
	zone        TEXT NOT NULL,
	call        TEXT NOT NULL DEFAULT '', -- link
	every       INTEGER NOT NULL DEFAULT 0, -- every so many meetings held …
	theme       TEXT NOT NULL DEFAULT '', -- … this is the theme,
	otherwise   TEXT NOT NULL DEFAULT '', -- and this at the others
	made_to     TEXT NOT NULL DEFAULT '', -- its meetings have been made up to this day
	renew_by    TEXT NOT NULL DEFAULT '', -- the day from which it stops unless somebody says that it goes on
	state       TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'ended')),
	made_by     INTEGER REFERENCES person (id) ON DELETE SET NULL,
	made_at     INTEGER NOT NULL,
	ended_at    INTEGER
) STRICT;
CREATE INDEX series_grp ON series (grp, state);

-- Days on which a series takes a break.
CREATE TABLE series_except (
	series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
	day    TEXT NOT NULL,
	PRIMARY KEY (series, day)
) STRICT, WITHOUT ROWID;

-- Meetings, those of series made ahead of time. Day, clock, minutes and zone
-- are the truth; start and end follow from them and the zone data.
CREATE TABLE meeting (
	id          INTEGER PRIMARY KEY,
	grp         INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	series      INTEGER REFERENCES series (id) ON DELETE SET NULL,
	rule_day    TEXT NOT NULL DEFAULT '', -- the day that the series' rule gave, for good
	uid         TEXT NOT NULL UNIQUE, -- for calendars, for good
	title       TEXT NOT NULL DEFAULT '', -- '': the group's name says enough
	day         TEXT NOT NULL, -- 2025-01-16
	clock       INTEGER NOT NULL CHECK (clock BETWEEN 0 AND 1439), -- minutes after midnight
	minutes     INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 1440), -- by the wall clock
	second      INTEGER NOT NULL DEFAULT 0, -- the second of two equal wall times was meant
	zone        TEXT NOT NULL,
	start_at    INTEGER NOT NULL, -- UTC
	end_at      INTEGER NOT NULL,
	state       TEXT NOT NULL CHECK (state IN ('proposed', 'booked', 'cancelled', 'postponed', 'held', 'lapsed')),
	sequence    INTEGER NOT NULL DEFAULT 0, -- rises when day, time, length or standing change
	edited      INTEGER NOT NULL DEFAULT 0, -- by people: its series leaves it alone
	theme       TEXT NOT NULL DEFAULT '',
	topic       TEXT NOT NULL DEFAULT '', -- link to where it is talked about
	call        TEXT NOT NULL DEFAULT '', -- link
	why         TEXT NOT NULL DEFAULT '', -- it was put off or cancelled
	facilitator INTEGER REFERENCES person (id) ON DELETE SET NULL,
	note_taker  INTEGER REFERENCES person (id) ON DELETE SET NULL,
	successor   INTEGER REFERENCES meeting (id) ON DELETE SET NULL, -- what takes the place of one put off
	made_by     INTEGER REFERENCES person (id) ON DELETE SET NULL,
	made_at     INTEGER NOT NULL,
	changed_at  INTEGER NOT NULL,
	UNIQUE (series, rule_day)
) STRICT;
CREATE INDEX meeting_grp ON meeting (grp, start_at);
CREATE INDEX meeting_start ON meeting (start_at);
CREATE INDEX meeting_changed ON meeting (changed_at);
CREATE INDEX meeting_zone ON meeting (zone, end_at);

CREATE TABLE rsvp (
	meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
	person  INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	answer  TEXT NOT NULL CHECK (answer IN ('yes', 'maybe', 'no')),
	stale   INTEGER NOT NULL DEFAULT 0, -- said before the meeting moved
	at      INTEGER NOT NULL,
	PRIMARY KEY (meeting, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX rsvp_person ON rsvp (person);

-- When somebody cannot come to anything.
CREATE TABLE leave (
	id     INTEGER PRIMARY KEY,
	person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	first  TEXT NOT NULL, -- 2025-02-13
	last   TEXT NOT NULL, -- included
	at     INTEGER NOT NULL
) STRICT;
CREATE INDEX leave_person ON leave (person, last);

-- Named days that meetings hang on: 'board meeting'.
CREATE TABLE anchor (
	name   TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
	day    TEXT NOT NULL,
	set_by INTEGER REFERENCES person (id) ON DELETE SET NULL,
	at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A search for a date.
CREATE TABLE poll (
	id         INTEGER PRIMARY KEY,
	grp        INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	title      TEXT NOT NULL DEFAULT '', -- of the meeting
	call       TEXT NOT NULL DEFAULT '', -- link
	site       TEXT NOT NULL, -- where it was asked
	room       TEXT NOT NULL,
	quorum     INTEGER NOT NULL, -- people, or co-ops for a call
	several    INTEGER NOT NULL DEFAULT 0, -- each option with a quorum is booked, not only the best
	instead_of INTEGER REFERENCES meeting (id) ON DELETE SET NULL, -- one that was put off
	state      TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'booked', 'failed', 'withdrawn')),
	closes     INTEGER NOT NULL,
	nudged     INTEGER NOT NULL DEFAULT 0, -- those who had not voted were asked directly
	made_by    INTEGER REFERENCES person (id) ON DELETE SET NULL,
	made_at    INTEGER NOT NULL,
	closed_at  INTEGER
) STRICT;
CREATE INDEX poll_grp ON poll (grp, state);

CREATE TABLE poll_option (
	poll    INTEGER NOT NULL REFERENCES poll (id) ON DELETE CASCADE,
	n       INTEGER NOT NULL, -- 1, 2, 3
	day     TEXT NOT NULL,
	clock   INTEGER NOT NULL,
	minutes INTEGER NOT NULL,
	second  INTEGER NOT NULL DEFAULT 0,
	zone    TEXT NOT NULL,
	start_at INTEGER NOT NULL, -- UTC
	end_at  INTEGER NOT NULL,
	dropped INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (poll, n)
) STRICT, WITHOUT ROWID;

-- Without whom an option cannot win.
CREATE TABLE poll_required (
	poll   INTEGER NOT NULL REFERENCES poll (id) ON DELETE CASCADE,
	person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	PRIMARY KEY (poll, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE vote (
	poll   INTEGER NOT NULL,
	n      INTEGER NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	answer TEXT NOT NULL CHECK (answer IN ('yes', 'maybe', 'no')), -- maybe: if need be
	at     INTEGER NOT NULL,
	PRIMARY KEY (poll, n, person),
	FOREIGN KEY (poll, n) REFERENCES poll_option (poll, n) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX vote_person ON vote (person);

-- The clock changes of each zone that meetings use, as the starts and ends of
-- meetings were last worked out with.
CREATE TABLE zone_data (
	zone TEXT NOT NULL PRIMARY KEY,
	mark TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Dates that people wrote, for which an entry was offered once.
CREATE TABLE meeting_offer (
	grp INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	day TEXT NOT NULL,
	at  INTEGER NOT NULL,
	PRIMARY KEY (grp, day)
) STRICT, WITHOUT ROWID;
