-- How far back tables go of which months were dropped.

CREATE TABLE purged (
	name TEXT NOT NULL, 
	before DATE NOT NULL, 
	CONSTRAINT pk_purged PRIMARY KEY (name)
);
