-- v6 -> v7: the forum's news in rooms

-- What forums call their categories, as they said last.
CREATE TABLE forum_category (
	site       TEXT NOT NULL,
	id         TEXT NOT NULL, -- its number
	name       TEXT NOT NULL,
	slug       TEXT NOT NULL,
	parent     TEXT NOT NULL DEFAULT '', -- the number of the one it is in
	restricted INTEGER NOT NULL DEFAULT 0, -- not everybody may read it
	PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;

-- What a room wants to hear of, and what it does not.
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
CREATE INDEX feed_forum ON feed (forum);

-- What a room is told of: each topic, and each reply, once.
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
CREATE INDEX feed_line_waiting ON feed_line (site, room, due) WHERE state = 'waiting';
CREATE INDEX feed_line_topic ON feed_line (forum, topic);
CREATE INDEX feed_line_key ON feed_line (key) WHERE key <> '';
