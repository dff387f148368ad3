-- Orders that are given: to whom, by whom, and with which words. Written with the order, never changed.

CREATE TABLE gift (
	order_id UUID NOT NULL, 
	person_id UUID, 
	giver TEXT, 
	words TEXT, 
	CONSTRAINT pk_gift PRIMARY KEY (order_id)
);

CREATE INDEX ix_gift_person_id ON gift (person_id);
