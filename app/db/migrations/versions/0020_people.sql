-- What people choose.

CREATE TABLE calm (
	person_id UUID NOT NULL, 
	quiet_from TIME WITHOUT TIME ZONE, 
	quiet_until TIME WITHOUT TIME ZONE, 
	quiet_days SMALLINT, 
	paused_until TIMESTAMP WITH TIME ZONE, 
	source TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_calm PRIMARY KEY (person_id), 
	CONSTRAINT ck_calm_quiet_is_whole CHECK (num_nulls(quiet_from, quiet_until, quiet_days) IN (0, 3)), 
	CONSTRAINT ck_calm_quiet_days_known CHECK (quiet_days BETWEEN 0 AND 127), 
	CONSTRAINT fk_calm_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
