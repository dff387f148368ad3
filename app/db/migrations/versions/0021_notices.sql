-- The templates that messages were written from, and which of them each message was.

CREATE TABLE template_version (
	key BYTEA NOT NULL, 
	notice TEXT NOT NULL, 
	sources JSONB NOT NULL, 
	first_used_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_template_version PRIMARY KEY (key)
);

ALTER TABLE message ADD COLUMN template_version BYTEA;
