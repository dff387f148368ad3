-- What each decision knew, so that it can be made again under another policy.

ALTER TABLE verdict ADD COLUMN facts TEXT, ADD COLUMN pressure BYTEA, ADD COLUMN bounds BIGINT;

CREATE TABLE bounds_seen (
	key BIGINT NOT NULL, 
	body TEXT NOT NULL
);

CREATE INDEX ix_verdict_decided_at ON verdict USING brin (decided_at);
