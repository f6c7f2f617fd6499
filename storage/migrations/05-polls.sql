-- v4 -> v5: posts that are polls

ALTER TABLE outbox ADD COLUMN options TEXT NOT NULL DEFAULT ''; -- JSON list of what can be chosen, ''
