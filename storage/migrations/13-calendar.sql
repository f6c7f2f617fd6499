-- v12 -> v13: calendars that people subscribe to, and listings of others

-- How often what is in a calendar has changed: that of a group, or of a
-- person. A feed whose number is the same has the same bytes.
CREATE TABLE calendar_change (
	kind TEXT NOT NULL CHECK (kind IN ('group', 'person')),
	id   INTEGER NOT NULL,
	n    INTEGER NOT NULL,
	PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER calendar_meeting_new AFTER INSERT ON meeting BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', new.grp, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_meeting_changed AFTER UPDATE ON meeting BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', new.grp, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_meeting_gone AFTER DELETE ON meeting BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', old.grp, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_group_changed AFTER UPDATE ON working_group BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', new.id, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_agenda_new AFTER INSERT ON agenda_item BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', new.grp, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_agenda_changed AFTER UPDATE ON agenda_item BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', new.grp, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_poll_new AFTER INSERT ON poll BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', new.grp, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_poll_changed AFTER UPDATE ON poll BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('group', new.grp, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_option_new AFTER INSERT ON poll_option BEGIN
	INSERT INTO calendar_change (kind, id, n) SELECT 'group', grp, 1 FROM poll WHERE id = new.poll ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_option_changed AFTER UPDATE ON poll_option BEGIN
	INSERT INTO calendar_change (kind, id, n) SELECT 'group', grp, 1 FROM poll WHERE id = new.poll ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_vote_new AFTER INSERT ON vote BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', new.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_vote_changed AFTER UPDATE ON vote BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', new.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_vote_gone AFTER DELETE ON vote BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', old.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_rsvp_new AFTER INSERT ON rsvp BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', new.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_rsvp_changed AFTER UPDATE ON rsvp BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', new.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_rsvp_gone AFTER DELETE ON rsvp BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', old.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_member_new AFTER INSERT ON group_member BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', new.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_member_gone AFTER DELETE ON group_member BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', old.person, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_action_new AFTER INSERT ON action_item WHEN new.owner IS NOT NULL BEGIN
	INSERT INTO calendar_change (kind, id, n) VALUES ('person', new.owner, 1) ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER calendar_action_changed AFTER UPDATE ON action_item BEGIN
	INSERT INTO calendar_change (kind, id, n)
		SELECT 'person', id, 1 FROM (SELECT old.owner AS id UNION SELECT new.owner) WHERE id IS NOT NULL
		ON CONFLICT (kind, id) DO UPDATE SET n = n + 1;
END;

-- Secrets of personal feeds, as SHA-256 in hexadecimal: whoever reads the
-- database cannot read the feeds with it.
CREATE TABLE calendar_secret (
	person INTEGER PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
	hash   TEXT NOT NULL UNIQUE,
	at     INTEGER NOT NULL
) STRICT;

-- Calendars elsewhere that agreed dates should stand in.
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

-- Meetings that stand in a calendar on a server.
CREATE TABLE calendar_published (
	uid TEXT PRIMARY KEY,
	at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
