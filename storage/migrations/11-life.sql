-- v10 -> v11: how many people spoke on a day, and when last

ALTER TABLE life ADD COLUMN speakers INTEGER NOT NULL DEFAULT 0;
ALTER TABLE life ADD COLUMN last_at INTEGER NOT NULL DEFAULT 0;

-- Who has spoken on the days that are still counted, as numbers that the
-- day's salt makes. Both are thrown away when the day is over: what stays is
-- how many people it were.
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
CREATE INDEX life_voice_day ON life_voice (day);
