-- Back to forecasts by the hour; the next run fills them.

ALTER TABLE forecast_run DROP COLUMN token;
ALTER TABLE forecast_run DROP COLUMN held_until;

CREATE TABLE forecast_hour (
  run_id UUID NOT NULL,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  weeks_used SMALLINT NOT NULL,
  baseline DOUBLE PRECISION NOT NULL,
  multiplier DOUBLE PRECISION NOT NULL,
  level DOUBLE PRECISION NOT NULL,
  added DOUBLE PRECISION NOT NULL,
  expected DOUBLE PRECISION NOT NULL,
  low INTEGER NOT NULL,
  high INTEGER NOT NULL,
  people_needed INTEGER NOT NULL,
  CONSTRAINT pk_forecast_hour PRIMARY KEY (run_id, hour),
  CONSTRAINT ck_forecast_hour_whole_hour CHECK (EXTRACT(epoch FROM hour) % 3600 = 0),
  CONSTRAINT fk_forecast_hour_run_id FOREIGN KEY(run_id) REFERENCES forecast_run (id) ON DELETE CASCADE
);

CREATE INDEX ix_forecast_hour_hour ON forecast_hour (hour, run_id);
