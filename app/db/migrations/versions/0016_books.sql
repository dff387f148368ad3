-- How far the books were checked, what was found, and the sums that need not be made again.

CREATE TABLE books_mark (
  id SMALLINT DEFAULT 1 NOT NULL,
  safe_at TIMESTAMP WITH TIME ZONE,
  safe_xid BIGINT,
  next_at TIMESTAMP WITH TIME ZONE,
  next_xid BIGINT,
  CONSTRAINT pk_books_mark PRIMARY KEY (id),
  CONSTRAINT ck_books_mark_one_row CHECK (id = 1)
);

CREATE TABLE books_turn (
  about TEXT NOT NULL,
  last UUID NOT NULL,
  CONSTRAINT pk_books_turn PRIMARY KEY (about)
);

CREATE TABLE books_level (
  sku_id UUID NOT NULL,
  warehouse TEXT NOT NULL,
  units BIGINT NOT NULL,
  below BIGINT NOT NULL,
  CONSTRAINT pk_books_level PRIMARY KEY (sku_id, warehouse)
);

CREATE TABLE books_run (
  id UUID NOT NULL,
  kind TEXT NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
  took_ms INTEGER NOT NULL,
  looked_at JSONB NOT NULL,
  broken JSONB NOT NULL,
  CONSTRAINT pk_books_run PRIMARY KEY (id),
  CONSTRAINT ck_books_run_kind_known CHECK (kind IN ('whole', 'step'))
);

CREATE TABLE books_breach (
  invariant TEXT NOT NULL,
  key TEXT NOT NULL,
  found_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT pk_books_breach PRIMARY KEY (invariant, key)
);

INSERT INTO books_mark (id) VALUES (1);

-- The transaction that wrote a movement: sums are carried up to one that all see alike.
ALTER TABLE movement
  ADD COLUMN written_in BIGINT DEFAULT (pg_current_xact_id()::text::bigint) NOT NULL;

CREATE INDEX ix_movement_written_in ON movement (written_in);

DROP INDEX ix_movement_sku_id_warehouse;

CREATE INDEX ix_movement_sku_id_warehouse_written_in ON movement (sku_id, warehouse, written_in);

CREATE UNIQUE INDEX uq_level_id ON level (id);

-- What a level's reservations come to is asked at every step.
CREATE INDEX ix_reservation_held ON reservation (sku_id, warehouse) WHERE state = 'held';
