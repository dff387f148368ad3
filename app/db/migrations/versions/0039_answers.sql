-- Learnt answers.
CREATE TABLE training (
  id UUID NOT NULL,
  recipe TEXT NOT NULL,
  labels INTEGER DEFAULT 0 NOT NULL,
  state TEXT DEFAULT 'asked' NOT NULL,
  done SMALLINT DEFAULT 0 NOT NULL,
  steps SMALLINT DEFAULT 0 NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  because TEXT,
  manifest JSONB,
  sealed BYTEA,
  CONSTRAINT pk_training PRIMARY KEY (id),
  CONSTRAINT ck_training_state_known CHECK (state IN ('asked', 'begun', 'taken', 'replaced', 'refused', 'failed')),
  CONSTRAINT ck_training_in_use_is_held CHECK ((state = 'taken') = (sealed IS NOT NULL)),
  CONSTRAINT uq_training_recipe UNIQUE (recipe)
);

CREATE UNIQUE INDEX uq_training_in_use ON training (state) WHERE state = 'taken';
