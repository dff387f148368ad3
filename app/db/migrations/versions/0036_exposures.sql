-- What makes people write: events counted by half hour, as history told of them.

CREATE TABLE exposure_slot (
  name TEXT NOT NULL,
  slot TIMESTAMP WITH TIME ZONE NOT NULL,
  events INTEGER NOT NULL,
  known_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_exposure_slot PRIMARY KEY (name, slot),
  CONSTRAINT ck_exposure_slot_events_positive CHECK (events > 0),
  CONSTRAINT ck_exposure_slot_whole_slot CHECK (EXTRACT(epoch FROM slot) % 1800 = 0)
);

CREATE TABLE exposure_mark (
  name TEXT NOT NULL,
  folded_until UUID NOT NULL,
  CONSTRAINT pk_exposure_mark PRIMARY KEY (name)
);
