-- The request log of developers.

CREATE TABLE api_request (
  id UUID NOT NULL,
  request_id TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  query TEXT NOT NULL,
  headers JSONB NOT NULL,
  body TEXT,
  body_bytes INTEGER NOT NULL,
  is_whole BOOLEAN NOT NULL,
  caller TEXT,
  replayed_by TEXT,
  status SMALLINT NOT NULL,
  took_ms FLOAT NOT NULL,
  code TEXT,
  problem JSONB,
  skipped_before INTEGER NOT NULL,
  CONSTRAINT pk_api_request PRIMARY KEY (id)
);
