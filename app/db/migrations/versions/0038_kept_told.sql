-- Told more of one order.

CREATE TABLE told_more (
    order_id UUID NOT NULL,
    person_id UUID NOT NULL,
    channel TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_told_more PRIMARY KEY (order_id),
    CONSTRAINT ck_told_more_channel_rings CHECK (channel IN ('email', 'sms', 'push')),
    CONSTRAINT fk_told_more_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE INDEX ix_told_more_person_id ON told_more (person_id);

CREATE FUNCTION more_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'more', n.order_id::text,
           NULL,
           to_jsonb(n.channel)
    FROM new_rows n, saying() s WHERE to_jsonb(n.channel) IS NOT NULL;
  END IF;
  IF TG_OP = 'DELETE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), o.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'more', o.order_id::text,
           to_jsonb(o.channel),
           NULL
    FROM old_rows o, saying() s WHERE to_jsonb(o.channel) IS NOT NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'more', n.order_id::text,
           to_jsonb(o.channel),
           to_jsonb(n.channel)
    FROM old_rows o JOIN new_rows n ON n.person_id = o.person_id AND n.order_id = o.order_id, saying() s
    WHERE to_jsonb(o.channel) IS DISTINCT FROM to_jsonb(n.channel);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER more_noted_added AFTER INSERT ON told_more
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION more_noted();

CREATE TRIGGER more_noted_changed AFTER UPDATE ON told_more
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION more_noted();

CREATE TRIGGER more_noted_dropped AFTER DELETE ON told_more
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION more_noted();
