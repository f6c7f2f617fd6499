-- v2 -> v3: who is a coordinator because the configuration says so

CREATE TABLE configured (
	site TEXT NOT NULL,
	user TEXT NOT NULL,
	PRIMARY KEY (site, user)
) STRICT, WITHOUT ROWID;
