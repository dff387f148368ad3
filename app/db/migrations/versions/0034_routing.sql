-- Which channel first: where people open what they get.

CREATE TABLE last_opened (
	person_id UUID NOT NULL, 
	channel TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_last_opened PRIMARY KEY (person_id), 
	CONSTRAINT ck_last_opened_channel_rings CHECK (channel IN ('email', 'sms', 'push')), 
	CONSTRAINT fk_last_opened_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
