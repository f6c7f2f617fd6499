-- What the migrations make. Written by: go test ./storage -update

CREATE TABLE account (
	site   TEXT NOT NULL, -- 'matrix', 'discourse/hub' (its chat too), 'terminal'
	user   TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	PRIMARY KEY (site, user)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE anchor (
	name   TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
	day    TEXT NOT NULL,
	set_by INTEGER REFERENCES person (id) ON DELETE SET NULL,
	at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE calendar_change (
	kind TEXT NOT NULL CHECK (kind IN ('group', 'person')),
	id   INTEGER NOT NULL,
	n    INTEGER NOT NULL,
	PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE calendar_listing (
	id      INTEGER PRIMARY KEY,
	name    TEXT NOT NULL UNIQUE COLLATE NOCASE,
	url     TEXT NOT NULL,
	grp     INTEGER REFERENCES working_group (id) ON DELETE CASCADE, -- NULL: the network's
	site    TEXT NOT NULL, -- where it was asked for, and where what is amiss is said
	room    TEXT NOT NULL,
	at      INTEGER NOT NULL,
	read_at INTEGER NOT NULL
) STRICT;

CREATE TABLE calendar_published (
	uid TEXT PRIMARY KEY,
	at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE calendar_secret (
	person INTEGER PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
	hash   TEXT NOT NULL UNIQUE,
	at     INTEGER NOT NULL
) STRICT;

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

CREATE TABLE capacity_prompt (
	coop INTEGER PRIMARY KEY REFERENCES coop (id) ON DELETE CASCADE,
	site TEXT NOT NULL,
	user TEXT NOT NULL
) STRICT;

CREATE TABLE care_mute (
	grp    INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	PRIMARY KEY (grp, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE configured (
	site TEXT NOT NULL,
	user TEXT NOT NULL,
	PRIMARY KEY (site, user)
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

CREATE TABLE coop_alias (
	key   TEXT PRIMARY KEY, -- as commands/whohas folds names
	alias TEXT NOT NULL,
	coop  INTEGER NOT NULL REFERENCES coop (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE coop_skill (
	skill  INTEGER NOT NULL REFERENCES skill (id) ON DELETE CASCADE,
	former INTEGER NOT NULL, -- 1: the co-op is not listed now
	coop   INTEGER NOT NULL REFERENCES coop (id) ON DELETE CASCADE,
	level  TEXT NOT NULL DEFAULT '' CHECK (level IN ('', 'expert', 'can do', 'learning')),
	as_of  TEXT NOT NULL DEFAULT '', -- 2025-06-30, '' if nobody said when
	source TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (skill, former, coop)
) STRICT, WITHOUT ROWID;

CREATE TABLE deaf (
	first TEXT PRIMARY KEY,
	last  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE feed (
	id     INTEGER PRIMARY KEY,
	site   TEXT NOT NULL,
	room   TEXT NOT NULL,
	forum  TEXT NOT NULL, -- 'discourse/hub'
	what   TEXT NOT NULL CHECK (what IN ('all', 'category', 'tag', 'author')),
	value  TEXT NOT NULL COLLATE NOCASE, -- a category's number, a tag, a user; '' for all
	name   TEXT NOT NULL, -- as people say it
	level  TEXT NOT NULL CHECK (level IN ('follow', 'watch', 'mute')), -- topics; replies too; nothing
	person INTEGER REFERENCES person (id) ON DELETE SET NULL, -- who asked for it
	at     INTEGER NOT NULL,
	UNIQUE (site, room, forum, what, value)
) STRICT;

CREATE TABLE feed_line (
	id     INTEGER PRIMARY KEY,
	site   TEXT NOT NULL,
	room   TEXT NOT NULL,
	forum  TEXT NOT NULL,
	post   TEXT NOT NULL,
	topic  TEXT NOT NULL,
	number INTEGER NOT NULL, -- 1 opens the topic
	feed   INTEGER REFERENCES feed (id) ON DELETE SET NULL, -- the rule it is told for
	label  TEXT NOT NULL, -- the rule's name
	title  TEXT NOT NULL,
	url    TEXT NOT NULL,
	author TEXT NOT NULL, -- the user's name on the forum
	name   TEXT NOT NULL, -- what people call them
	at     INTEGER NOT NULL, -- when it was written
	due    INTEGER NOT NULL, -- when it is to be told
	state  TEXT NOT NULL CHECK (state IN ('waiting', 'said', 'gone')),
	key    TEXT NOT NULL DEFAULT '', -- of the post that tells of it; a digest's lines share one
	edits  INTEGER NOT NULL DEFAULT 0,
	UNIQUE (site, room, forum, post)
) STRICT;

CREATE TABLE forum_category (
	site       TEXT NOT NULL,
	id         TEXT NOT NULL, -- its number
	name       TEXT NOT NULL,
	slug       TEXT NOT NULL,
	parent     TEXT NOT NULL DEFAULT '', -- the number of the one it is in
	restricted INTEGER NOT NULL DEFAULT 0, -- not everybody may read it
	PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE fund_account (
	id       INTEGER PRIMARY KEY,
	kind     TEXT NOT NULL CHECK (kind IN ('coop', 'proposal', 'fund', 'paid', 'spent')),
	ref      INTEGER NOT NULL, -- which co-op or proposal; 0 for the others
	currency TEXT NOT NULL CHECK (length(currency) = 3),
	UNIQUE (kind, ref)
) STRICT;

CREATE TABLE fund_balance (
	account INTEGER PRIMARY KEY REFERENCES fund_account (id),
	amount  INTEGER NOT NULL
) STRICT;

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

CREATE TABLE fund_member (
	name   TEXT PRIMARY KEY,
	amount INTEGER NOT NULL,
	at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE fund_paid (
	coop   INTEGER PRIMARY KEY,
	amount INTEGER NOT NULL -- of what it pledged, to whatever proposal
) STRICT;

CREATE TABLE fund_pledge (
	proposal INTEGER NOT NULL,
	coop     INTEGER NOT NULL,
	pledged  INTEGER NOT NULL,
	paid     INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (proposal, coop)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE fund_remind (
	person   INTEGER NOT NULL,
	proposal INTEGER NOT NULL, -- 0: all
	site     TEXT NOT NULL,
	user     TEXT NOT NULL,
	PRIMARY KEY (person, proposal)
) STRICT, WITHOUT ROWID;

CREATE TABLE fund_rule (
	id     INTEGER PRIMARY KEY,
	name   TEXT NOT NULL,
	value  TEXT NOT NULL, -- '' ends the rule
	source TEXT NOT NULL,
	since  TEXT NOT NULL, -- 2017-11-30
	entry  INTEGER REFERENCES fund_entry (id)
) STRICT;

CREATE TABLE fund_transfer (
	id       INTEGER PRIMARY KEY,
	entry    INTEGER NOT NULL REFERENCES fund_entry (id),
	src      INTEGER NOT NULL REFERENCES fund_account (id),
	dst      INTEGER NOT NULL REFERENCES fund_account (id),
	amount   INTEGER NOT NULL CHECK (amount > 0 AND amount <= 1000000000000),
	reverses INTEGER UNIQUE REFERENCES fund_transfer (id),
	CHECK (src <> dst)
) STRICT;

CREATE TABLE group_link (
	grp  INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	what TEXT NOT NULL COLLATE NOCASE,
	url  TEXT NOT NULL,
	at   INTEGER NOT NULL,
	PRIMARY KEY (grp, what)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_member (
	grp    INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	role   TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'deputy', 'convenor')),
	at     INTEGER NOT NULL,
	PRIMARY KEY (grp, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_place (
	site   TEXT NOT NULL,
	room   TEXT NOT NULL,
	grp    INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	at     INTEGER NOT NULL,
	PRIMARY KEY (site, room)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_rest (
	grp   INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	first TEXT NOT NULL,
	last  TEXT NOT NULL,
	PRIMARY KEY (grp, first)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE job (
	name     TEXT PRIMARY KEY,
	last_run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE leave (
	id     INTEGER PRIMARY KEY,
	person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	first  TEXT NOT NULL, -- 2025-02-13
	last   TEXT NOT NULL, -- included
	at     INTEGER NOT NULL
) STRICT;

CREATE TABLE life (
	site     TEXT NOT NULL,
	room     TEXT NOT NULL,
	day      TEXT NOT NULL,
	messages INTEGER NOT NULL, speakers INTEGER NOT NULL DEFAULT 0, last_at INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (site, room, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE life_salt (
	day  TEXT PRIMARY KEY,
	salt BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE life_voice (
	site  TEXT NOT NULL,
	room  TEXT NOT NULL,
	day   TEXT NOT NULL REFERENCES life_salt (day) ON DELETE CASCADE,
	voice BLOB NOT NULL,
	PRIMARY KEY (site, room, day, voice)
) STRICT, WITHOUT ROWID;

CREATE TABLE link_code (
	code  TEXT PRIMARY KEY,
	site  TEXT NOT NULL,
	user  TEXT NOT NULL,
	until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE meeting_offer (
	grp INTEGER NOT NULL REFERENCES working_group (id) ON DELETE CASCADE,
	day TEXT NOT NULL,
	at  INTEGER NOT NULL,
	PRIMARY KEY (grp, day)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE need (
	grp INTEGER PRIMARY KEY REFERENCES working_group (id) ON DELETE CASCADE,
	at  INTEGER NOT NULL
) STRICT;

CREATE TABLE news_editor (
	person INTEGER PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
	turn   INTEGER NOT NULL
) STRICT;

CREATE TABLE news_featured (
	coop  INTEGER NOT NULL REFERENCES coop (id) ON DELETE CASCADE,
	issue INTEGER PRIMARY KEY REFERENCES news_issue (id)
) STRICT;

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

CREATE TABLE news_mark (
	list TEXT PRIMARY KEY, -- 'coop', 'audit'
	upto INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE news_seen (
	ref TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

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
, title TEXT NOT NULL DEFAULT '', options TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE outbox_file (
	key  TEXT PRIMARY KEY REFERENCES outbox (key) ON DELETE CASCADE,
	name TEXT NOT NULL,
	mime TEXT NOT NULL,
	alt  TEXT NOT NULL,
	data BLOB NOT NULL
) STRICT;

CREATE TABLE person (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	coop INTEGER REFERENCES coop (id) ON DELETE SET NULL,
	role INTEGER NOT NULL DEFAULT 0
) STRICT;

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

CREATE TABLE poll_required (
	poll   INTEGER NOT NULL REFERENCES poll (id) ON DELETE CASCADE,
	person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	PRIMARY KEY (poll, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE position (
	transport TEXT PRIMARY KEY,
	value     TEXT NOT NULL,
	at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE reminder (
	id   INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	ref  TEXT NOT NULL,
	due  INTEGER NOT NULL,
	UNIQUE (kind, ref)
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

CREATE TABLE rsvp (
	meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
	person  INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	answer  TEXT NOT NULL CHECK (answer IN ('yes', 'maybe', 'no')),
	stale   INTEGER NOT NULL DEFAULT 0, -- said before the meeting moved
	at      INTEGER NOT NULL,
	PRIMARY KEY (meeting, person)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE series_except (
	series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
	day    TEXT NOT NULL,
	PRIMARY KEY (series, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE skill (
	id   INTEGER PRIMARY KEY,
	key  TEXT NOT NULL UNIQUE, -- as integrations/directory folds words
	name TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('service', 'technology', 'group'))
) STRICT;

CREATE TABLE skill_alias (
	key      TEXT PRIMARY KEY,
	alias    TEXT NOT NULL,
	skill    INTEGER NOT NULL REFERENCES skill (id) ON DELETE CASCADE,
	accepted INTEGER NOT NULL,
	at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE vote (
	poll   INTEGER NOT NULL,
	n      INTEGER NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	answer TEXT NOT NULL CHECK (answer IN ('yes', 'maybe', 'no')), -- maybe: if need be
	at     INTEGER NOT NULL,
	PRIMARY KEY (poll, n, person),
	FOREIGN KEY (poll, n) REFERENCES poll_option (poll, n) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE wanted (
	key     TEXT PRIMARY KEY,
	word    TEXT NOT NULL,
	times   INTEGER NOT NULL,
	last_on TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE zone_data (
	zone TEXT NOT NULL PRIMARY KEY,
	mark TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX account_person ON account (person);

CREATE INDEX action_item_open ON action_item (grp, id) WHERE state = 'open';

CREATE INDEX action_item_owner ON action_item (owner) WHERE state = 'open';

CREATE INDEX action_item_post ON action_item (post) WHERE post <> '';

CREATE INDEX agenda_item_open ON agenda_item (grp, id) WHERE state = 'open';

CREATE INDEX audit_message ON audit (site, message);

CREATE INDEX audit_user ON audit (site, user, id);

CREATE INDEX broadcast_copy_broadcast ON broadcast_copy (broadcast);

CREATE UNIQUE INDEX broadcast_issue ON broadcast (issue) WHERE issue IS NOT NULL AND state <> 'undone';

CREATE INDEX coop_skill_coop ON coop_skill (coop, skill);

CREATE INDEX feed_forum ON feed (forum);

CREATE INDEX feed_line_key ON feed_line (key) WHERE key <> '';

CREATE INDEX feed_line_topic ON feed_line (forum, topic);

CREATE INDEX feed_line_waiting ON feed_line (site, room, due) WHERE state = 'waiting';

CREATE INDEX forum_item_author ON forum_item (site, author);

CREATE INDEX forum_item_category ON forum_item (site, category, at);

CREATE INDEX forum_item_topic ON forum_item (site, topic, number);

CREATE INDEX fund_entry_proposal ON fund_entry (proposal, id);

CREATE INDEX fund_entry_veto ON fund_entry (proposal, coop, id, kind) WHERE kind IN ('veto', 'unveto');

CREATE INDEX fund_pledge_coop ON fund_pledge (coop, proposal);

CREATE INDEX fund_proposal_spends ON fund_proposal (id) WHERE state = 'open' AND kind = 'spend';

CREATE INDEX fund_proposal_state ON fund_proposal (state, deadline);

CREATE INDEX fund_rule_name ON fund_rule (name, since, id);

CREATE INDEX fund_transfer_dst ON fund_transfer (dst, src);

CREATE INDEX fund_transfer_entry ON fund_transfer (entry);

CREATE INDEX group_member_person ON group_member (person);

CREATE INDEX group_place_grp ON group_place (grp);

CREATE INDEX inbox_waiting ON inbox (seq) WHERE answered_at IS NULL;

CREATE INDEX leave_person ON leave (person, last);

CREATE INDEX life_voice_day ON life_voice (day);

CREATE INDEX meeting_changed ON meeting (changed_at);

CREATE INDEX meeting_grp ON meeting (grp, start_at);

CREATE INDEX meeting_start ON meeting (start_at);

CREATE INDEX meeting_zone ON meeting (zone, end_at);

CREATE INDEX minutes_grp ON minutes (grp, day, id);

CREATE UNIQUE INDEX minutes_taking ON minutes (site, room) WHERE state = 'taking';

CREATE INDEX news_item_issue ON news_item (issue, state);

CREATE INDEX news_item_link ON news_item (link_key) WHERE link_key <> '';

CREATE UNIQUE INDEX news_item_ref ON news_item (ref) WHERE ref <> '';

CREATE INDEX outbox_id ON outbox (site, id) WHERE id <> '';

CREATE INDEX outbox_owed ON outbox (rank, seq) WHERE state = 'owed';

CREATE INDEX outbox_tried ON outbox (txn) WHERE state = 'owed' AND tries > 0;

CREATE INDEX poll_grp ON poll (grp, state);

CREATE INDEX question_open ON question (site, user) WHERE closed_at IS NULL;

CREATE INDEX reminder_due ON reminder (due, id);

CREATE INDEX rsvp_person ON rsvp (person);

CREATE INDEX series_grp ON series (grp, state);

CREATE INDEX vote_person ON vote (person);

CREATE TRIGGER calendar_action_changed AFTER UPDATE ON action_item BEGIN
	INSERT INTO calendar_change (kind, id, n)
		SELECT 'person', id, 1 FROM (SELECT old.owner AS id UNION SELECT new.owner) WHERE id IS NOT NULL
		ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_action_new AFTER INSERT ON action_item WHEN new.owner IS NOT NULL BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', new.owner, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_agenda_changed AFTER UPDATE ON agenda_item BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', new.grp, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_agenda_new AFTER INSERT ON agenda_item BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', new.grp, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_group_changed AFTER UPDATE ON working_group BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', new.id, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_meeting_changed AFTER UPDATE ON meeting BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', new.grp, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_meeting_gone AFTER DELETE ON meeting BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', old.grp, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_meeting_new AFTER INSERT ON meeting BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', new.grp, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_member_gone AFTER DELETE ON group_member BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', old.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_member_new AFTER INSERT ON group_member BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', new.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_option_changed AFTER UPDATE ON poll_option BEGIN
	INSERT INTO calendar_change (kind, id, n) SELECT 'group', grp, 1 FROM poll WHERE id = new.poll ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_option_new AFTER INSERT ON poll_option BEGIN
	INSERT INTO calendar_change (kind, id, n) SELECT 'group', grp, 1 FROM poll WHERE id = new.poll ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_poll_changed AFTER UPDATE ON poll BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', new.grp, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_poll_new AFTER INSERT ON poll BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', new.grp, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_rsvp_changed AFTER UPDATE ON rsvp BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', new.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_rsvp_gone AFTER DELETE ON rsvp BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', old.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_rsvp_new AFTER INSERT ON rsvp BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', new.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_vote_changed AFTER UPDATE ON vote BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', new.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_vote_gone AFTER DELETE ON vote BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', old.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER calendar_vote_new AFTER INSERT ON vote BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', new.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER coop_moves AFTER UPDATE OF status ON coop
WHEN (old.status = 'listed') <> (new.status = 'listed')
BEGIN
	UPDATE coop_skill SET former = (new.status <> 'listed') WHERE coop = new.id;
END;

CREATE TRIGGER fund_account_no_delete BEFORE DELETE ON fund_account
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_account_no_update BEFORE UPDATE ON fund_account
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_books_line_no_delete BEFORE DELETE ON fund_books_line
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_books_line_no_update BEFORE UPDATE ON fund_books_line
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_books_no_delete BEFORE DELETE ON fund_books
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_books_no_update BEFORE UPDATE ON fund_books
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_entry_chained BEFORE INSERT ON fund_entry
BEGIN
	SELECT raise(ABORT, 'fund: an entry has to follow the last one')
	WHERE new.prev <> coalesce((SELECT hash FROM fund_entry ORDER BY id DESC LIMIT 1), '')
		OR new.id <> coalesce((SELECT max(id) FROM fund_entry), 0) + 1;
END;

CREATE TRIGGER fund_entry_no_delete BEFORE DELETE ON fund_entry
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_entry_no_update BEFORE UPDATE ON fund_entry
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_proposal_no_delete BEFORE DELETE ON fund_proposal
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_rule_no_delete BEFORE DELETE ON fund_rule
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_rule_no_update BEFORE UPDATE ON fund_rule
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

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

CREATE TRIGGER fund_transfer_no_delete BEFORE DELETE ON fund_transfer
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
END;

CREATE TRIGGER fund_transfer_no_update BEFORE UPDATE ON fund_transfer
BEGIN
	SELECT raise(ABORT, 'fund: the ledger is only ever added to');
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
