-- What people see on each channel, one row each: a decision reads it with its person.

DROP TABLE channel_seen;

CREATE TABLE habit (
  person_id UUID NOT NULL,
  seen JSONB NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_habit PRIMARY KEY (person_id),
  CONSTRAINT fk_habit_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
