-- Decision tables in versions, and every ruling made by one.

CREATE TABLE rule_table (
  name TEXT NOT NULL,
  live_version INTEGER,
  CONSTRAINT pk_rule_table PRIMARY KEY (name)
);

CREATE TABLE rule_version (
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  sheet TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  why TEXT NOT NULL,
  saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_rule_version PRIMARY KEY (name, version),
  CONSTRAINT fk_rule_version_name FOREIGN KEY(name) REFERENCES rule_table (name)
);

CREATE TABLE ruling (
  id UUID NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  about TEXT NOT NULL,
  given JSONB NOT NULL,
  rows JSONB NOT NULL,
  answers JSONB NOT NULL,
  ruled_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_ruling PRIMARY KEY (id)
);

CREATE INDEX ix_ruling_about ON ruling (about);

CREATE INDEX ix_ruling_name ON ruling (name, id);
