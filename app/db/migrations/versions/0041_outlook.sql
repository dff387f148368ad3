-- The forecast by half hour and group, and runs that are held while they are made.

ALTER TABLE forecast_run ADD COLUMN token UUID;
ALTER TABLE forecast_run ADD COLUMN held_until TIMESTAMP WITH TIME ZONE;

CREATE TABLE forecast_slot (
  run_id UUID NOT NULL,
  slot TIMESTAMP WITH TIME ZONE NOT NULL,
  was_over BOOLEAN NOT NULL,
  usual DOUBLE PRECISION NOT NULL,
  multiplier DOUBLE PRECISION NOT NULL,
  level DOUBLE PRECISION NOT NULL,
  added DOUBLE PRECISION NOT NULL,
  expected DOUBLE PRECISION NOT NULL,
  quantiles DOUBLE PRECISION[] NOT NULL,
  people_needed INTEGER NOT NULL,
  CONSTRAINT pk_forecast_slot PRIMARY KEY (run_id, slot),
  CONSTRAINT ck_forecast_slot_five_quantiles CHECK (cardinality(quantiles) = 5),
  CONSTRAINT ck_forecast_slot_whole_slot CHECK (EXTRACT(epoch FROM slot) % 1800 = 0),
  CONSTRAINT fk_forecast_slot_run_id FOREIGN KEY(run_id) REFERENCES forecast_run (id) ON DELETE CASCADE
);

CREATE INDEX ix_forecast_slot_slot ON forecast_slot (slot, was_over, run_id);

CREATE TABLE forecast_group (
  run_id UUID NOT NULL,
  slot TIMESTAMP WITH TIME ZONE NOT NULL,
  about TEXT NOT NULL,
  usual DOUBLE PRECISION NOT NULL,
  expected DOUBLE PRECISION NOT NULL,
  quantiles DOUBLE PRECISION[] NOT NULL,
  CONSTRAINT pk_forecast_group PRIMARY KEY (run_id, slot, about),
  CONSTRAINT ck_forecast_group_about_known
    CHECK (about IN ('where', 'delivery', 'return', 'presale', 'payment', 'other')),
  CONSTRAINT ck_forecast_group_five_quantiles CHECK (cardinality(quantiles) = 5),
  CONSTRAINT fk_forecast_group_run_id FOREIGN KEY(run_id, slot)
    REFERENCES forecast_slot (run_id, slot) ON DELETE CASCADE
);

-- What was foreseen by the hour is made anew within the hour; runs that stored it stay.
DROP TABLE forecast_hour;
