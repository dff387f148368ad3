-- What a person muted, and who proved who they are.

CREATE TABLE muted_order (
    order_id UUID NOT NULL,
    person_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_muted_order PRIMARY KEY (order_id),
    CONSTRAINT fk_muted_order_person_id FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE INDEX ix_muted_order_person_id ON muted_order (person_id);

CREATE TABLE order_proof (
    order_id UUID NOT NULL,
    wrong_at TIMESTAMP WITH TIME ZONE[] DEFAULT '{}' NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE[] DEFAULT '{}' NOT NULL,
    code_hash BYTEA,
    code_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_order_proof PRIMARY KEY (order_id)
);
