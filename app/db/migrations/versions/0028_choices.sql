-- Every choice a person made, when and where.

CREATE TABLE choice (
	id UUID NOT NULL, 
	person_id UUID NOT NULL, 
	act UUID NOT NULL, 
	said_by TEXT NOT NULL, 
	name TEXT NOT NULL, 
	door TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	undoes UUID, 
	about TEXT NOT NULL, 
	cell TEXT NOT NULL, 
	was JSONB, 
	became JSONB, 
	CONSTRAINT pk_choice PRIMARY KEY (id)
);

CREATE INDEX ix_choice_person_id ON choice (person_id, id);

CREATE TABLE sealed_no (
	channel TEXT NOT NULL, 
	key BYTEA NOT NULL, 
	reason TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_sealed_no PRIMARY KEY (channel, key, reason)
);

CREATE TABLE address_change (
	person_id UUID NOT NULL, 
	channel TEXT, 
	address TEXT, 
	was TEXT, 
	code_hash BYTEA, 
	code_until TIMESTAMP WITH TIME ZONE, 
	sent_at TIMESTAMP WITH TIME ZONE[] DEFAULT '{}' NOT NULL, 
	wrong SMALLINT DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_address_change PRIMARY KEY (person_id), 
	CONSTRAINT fk_address_change_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE INDEX ix_address_change_address ON address_change (address);

ALTER TABLE person ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE contact ADD COLUMN name TEXT DEFAULT '' NOT NULL, ADD COLUMN seen_at TIMESTAMP WITH TIME ZONE;

-- As app.people.noted generates it.

CREATE FUNCTION saying() RETURNS TABLE
  (act uuid, said_by text, name text, door text, at timestamptz, undoes uuid)
LANGUAGE sql VOLATILE ROWS 1 AS $$
  SELECT coalesce((told->>'act')::uuid, uuid7()), coalesce(told->>'by', 'shop'),
         coalesce(told->>'name', ''), coalesce(told->>'door', 'import'),
         coalesce((told->>'at')::timestamptz, clock_timestamp()), (told->>'undoes')::uuid
  FROM nullif(current_setting('orderbell.saying', true), '') AS text,
       LATERAL (SELECT text::jsonb) AS as_json (told)
$$;

CREATE FUNCTION preference_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'preference', n.category || '.' || n.channel,
           NULL,
           to_jsonb(n.wanted)
    FROM new_rows n, saying() s WHERE to_jsonb(n.wanted) IS NOT NULL;
  END IF;
  IF TG_OP = 'DELETE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), o.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'preference', o.category || '.' || o.channel,
           to_jsonb(o.wanted),
           NULL
    FROM old_rows o, saying() s WHERE to_jsonb(o.wanted) IS NOT NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'preference', n.category || '.' || n.channel,
           to_jsonb(o.wanted),
           to_jsonb(n.wanted)
    FROM old_rows o JOIN new_rows n ON n.person_id = o.person_id AND n.category = o.category AND n.channel = o.channel, saying() s
    WHERE to_jsonb(o.wanted) IS DISTINCT FROM to_jsonb(n.wanted);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER preference_noted_added AFTER INSERT ON preference
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION preference_noted();

CREATE TRIGGER preference_noted_changed AFTER UPDATE ON preference
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION preference_noted();

CREATE TRIGGER preference_noted_dropped AFTER DELETE ON preference
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION preference_noted();

CREATE FUNCTION consent_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'consent', n.channel,
           NULL,
           to_jsonb(n.granted)
    FROM new_rows n, saying() s WHERE to_jsonb(n.granted) IS NOT NULL;
  END IF;
  IF TG_OP = 'DELETE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), o.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'consent', o.channel,
           to_jsonb(o.granted),
           NULL
    FROM old_rows o, saying() s WHERE to_jsonb(o.granted) IS NOT NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'consent', n.channel,
           to_jsonb(o.granted),
           to_jsonb(n.granted)
    FROM old_rows o JOIN new_rows n ON n.person_id = o.person_id AND n.channel = o.channel, saying() s
    WHERE to_jsonb(o.granted) IS DISTINCT FROM to_jsonb(n.granted);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER consent_noted_added AFTER INSERT ON consent
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION consent_noted();

CREATE TRIGGER consent_noted_changed AFTER UPDATE ON consent
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION consent_noted();

CREATE TRIGGER consent_noted_dropped AFTER DELETE ON consent
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION consent_noted();

CREATE FUNCTION rhythm_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'rhythm', n.channel,
           NULL,
           to_jsonb(n.rhythm)
    FROM new_rows n, saying() s WHERE to_jsonb(n.rhythm) IS NOT NULL;
  END IF;
  IF TG_OP = 'DELETE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), o.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'rhythm', o.channel,
           to_jsonb(o.rhythm),
           NULL
    FROM old_rows o, saying() s WHERE to_jsonb(o.rhythm) IS NOT NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'rhythm', n.channel,
           to_jsonb(o.rhythm),
           to_jsonb(n.rhythm)
    FROM old_rows o JOIN new_rows n ON n.person_id = o.person_id AND n.channel = o.channel, saying() s
    WHERE to_jsonb(o.rhythm) IS DISTINCT FROM to_jsonb(n.rhythm);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER rhythm_noted_added AFTER INSERT ON rhythm
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION rhythm_noted();

CREATE TRIGGER rhythm_noted_changed AFTER UPDATE ON rhythm
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION rhythm_noted();

CREATE TRIGGER rhythm_noted_dropped AFTER DELETE ON rhythm
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION rhythm_noted();

CREATE FUNCTION quiet_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'quiet', '',
           NULL,
           CASE WHEN n.quiet_from IS NOT NULL THEN jsonb_build_object(
                   'from', to_char(n.quiet_from, 'HH24:MI'),
                   'until', to_char(n.quiet_until, 'HH24:MI'),
                   'days', n.quiet_days) END
    FROM new_rows n, saying() s WHERE CASE WHEN n.quiet_from IS NOT NULL THEN jsonb_build_object(
                   'from', to_char(n.quiet_from, 'HH24:MI'),
                   'until', to_char(n.quiet_until, 'HH24:MI'),
                   'days', n.quiet_days) END IS NOT NULL;
  END IF;
  IF TG_OP = 'DELETE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), o.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'quiet', '',
           CASE WHEN o.quiet_from IS NOT NULL THEN jsonb_build_object(
                   'from', to_char(o.quiet_from, 'HH24:MI'),
                   'until', to_char(o.quiet_until, 'HH24:MI'),
                   'days', o.quiet_days) END,
           NULL
    FROM old_rows o, saying() s WHERE CASE WHEN o.quiet_from IS NOT NULL THEN jsonb_build_object(
                   'from', to_char(o.quiet_from, 'HH24:MI'),
                   'until', to_char(o.quiet_until, 'HH24:MI'),
                   'days', o.quiet_days) END IS NOT NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'quiet', '',
           CASE WHEN o.quiet_from IS NOT NULL THEN jsonb_build_object(
                   'from', to_char(o.quiet_from, 'HH24:MI'),
                   'until', to_char(o.quiet_until, 'HH24:MI'),
                   'days', o.quiet_days) END,
           CASE WHEN n.quiet_from IS NOT NULL THEN jsonb_build_object(
                   'from', to_char(n.quiet_from, 'HH24:MI'),
                   'until', to_char(n.quiet_until, 'HH24:MI'),
                   'days', n.quiet_days) END
    FROM old_rows o JOIN new_rows n ON n.person_id = o.person_id, saying() s
    WHERE CASE WHEN o.quiet_from IS NOT NULL THEN jsonb_build_object(
                   'from', to_char(o.quiet_from, 'HH24:MI'),
                   'until', to_char(o.quiet_until, 'HH24:MI'),
                   'days', o.quiet_days) END IS DISTINCT FROM CASE WHEN n.quiet_from IS NOT NULL THEN jsonb_build_object(
                   'from', to_char(n.quiet_from, 'HH24:MI'),
                   'until', to_char(n.quiet_until, 'HH24:MI'),
                   'days', n.quiet_days) END;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER quiet_noted_added AFTER INSERT ON calm
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION quiet_noted();

CREATE TRIGGER quiet_noted_changed AFTER UPDATE ON calm
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION quiet_noted();

CREATE TRIGGER quiet_noted_dropped AFTER DELETE ON calm
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION quiet_noted();

CREATE FUNCTION pause_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'pause', '',
           NULL,
           to_jsonb(n.paused_until)
    FROM new_rows n, saying() s WHERE to_jsonb(n.paused_until) IS NOT NULL;
  END IF;
  IF TG_OP = 'DELETE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), o.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'pause', '',
           to_jsonb(o.paused_until),
           NULL
    FROM old_rows o, saying() s WHERE to_jsonb(o.paused_until) IS NOT NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'pause', '',
           to_jsonb(o.paused_until),
           to_jsonb(n.paused_until)
    FROM old_rows o JOIN new_rows n ON n.person_id = o.person_id, saying() s
    WHERE to_jsonb(o.paused_until) IS DISTINCT FROM to_jsonb(n.paused_until);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER pause_noted_added AFTER INSERT ON calm
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION pause_noted();

CREATE TRIGGER pause_noted_changed AFTER UPDATE ON calm
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION pause_noted();

CREATE TRIGGER pause_noted_dropped AFTER DELETE ON calm
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION pause_noted();

CREATE FUNCTION mute_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'mute', n.order_id::text,
           NULL,
           to_jsonb(true)
    FROM new_rows n, saying() s WHERE to_jsonb(true) IS NOT NULL;
  END IF;
  IF TG_OP = 'DELETE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), o.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'mute', o.order_id::text,
           to_jsonb(true),
           NULL
    FROM old_rows o, saying() s WHERE to_jsonb(true) IS NOT NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'mute', n.order_id::text,
           to_jsonb(true),
           to_jsonb(true)
    FROM old_rows o JOIN new_rows n ON n.person_id = o.person_id AND n.order_id = o.order_id, saying() s
    WHERE to_jsonb(true) IS DISTINCT FROM to_jsonb(true);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER mute_noted_added AFTER INSERT ON muted_order
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION mute_noted();

CREATE TRIGGER mute_noted_changed AFTER UPDATE ON muted_order
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION mute_noted();

CREATE TRIGGER mute_noted_dropped AFTER DELETE ON muted_order
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION mute_noted();

CREATE FUNCTION language_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           'language', '',
           to_jsonb(o.locale),
           to_jsonb(n.locale)
    FROM old_rows o JOIN new_rows n ON n.id = o.id, saying() s
    WHERE to_jsonb(o.locale) IS DISTINCT FROM to_jsonb(n.locale);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER language_noted_changed AFTER UPDATE ON person
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION language_noted();

CREATE FUNCTION contact_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           CASE n.channel WHEN 'push' THEN 'device' ELSE 'address' END, CASE n.channel WHEN 'push' THEN n.id::text ELSE n.channel END,
           NULL,
           to_jsonb(CASE n.channel WHEN 'push' THEN n.name ELSE CASE WHEN strpos(n.address, '@') > 0
                   THEN left(n.address, 1) || '•••@' || split_part(n.address, '@', 2)
                 WHEN length(n.address) > 8 THEN '•••' || right(n.address, 4)
                 ELSE '•••' END END)
    FROM new_rows n, saying() s WHERE to_jsonb(CASE n.channel WHEN 'push' THEN n.name ELSE CASE WHEN strpos(n.address, '@') > 0
                   THEN left(n.address, 1) || '•••@' || split_part(n.address, '@', 2)
                 WHEN length(n.address) > 8 THEN '•••' || right(n.address, 4)
                 ELSE '•••' END END) IS NOT NULL;
  END IF;
  IF TG_OP = 'DELETE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), o.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           CASE o.channel WHEN 'push' THEN 'device' ELSE 'address' END, CASE o.channel WHEN 'push' THEN o.id::text ELSE o.channel END,
           to_jsonb(CASE o.channel WHEN 'push' THEN o.name ELSE CASE WHEN strpos(o.address, '@') > 0
                   THEN left(o.address, 1) || '•••@' || split_part(o.address, '@', 2)
                 WHEN length(o.address) > 8 THEN '•••' || right(o.address, 4)
                 ELSE '•••' END END),
           NULL
    FROM old_rows o, saying() s WHERE to_jsonb(CASE o.channel WHEN 'push' THEN o.name ELSE CASE WHEN strpos(o.address, '@') > 0
                   THEN left(o.address, 1) || '•••@' || split_part(o.address, '@', 2)
                 WHEN length(o.address) > 8 THEN '•••' || right(o.address, 4)
                 ELSE '•••' END END) IS NOT NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO choice (id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became)
    SELECT uuid7(), n.person_id, s.act, s.said_by, s.name, s.door, s.at, s.undoes,
           CASE n.channel WHEN 'push' THEN 'device' ELSE 'address' END, CASE n.channel WHEN 'push' THEN n.id::text ELSE n.channel END,
           to_jsonb(CASE o.channel WHEN 'push' THEN o.name ELSE CASE WHEN strpos(o.address, '@') > 0
                   THEN left(o.address, 1) || '•••@' || split_part(o.address, '@', 2)
                 WHEN length(o.address) > 8 THEN '•••' || right(o.address, 4)
                 ELSE '•••' END END),
           to_jsonb(CASE n.channel WHEN 'push' THEN n.name ELSE CASE WHEN strpos(n.address, '@') > 0
                   THEN left(n.address, 1) || '•••@' || split_part(n.address, '@', 2)
                 WHEN length(n.address) > 8 THEN '•••' || right(n.address, 4)
                 ELSE '•••' END END)
    FROM old_rows o JOIN new_rows n ON n.person_id = o.person_id AND n.id = o.id, saying() s
    WHERE to_jsonb(CASE o.channel WHEN 'push' THEN o.name ELSE CASE WHEN strpos(o.address, '@') > 0
                   THEN left(o.address, 1) || '•••@' || split_part(o.address, '@', 2)
                 WHEN length(o.address) > 8 THEN '•••' || right(o.address, 4)
                 ELSE '•••' END END) IS DISTINCT FROM to_jsonb(CASE n.channel WHEN 'push' THEN n.name ELSE CASE WHEN strpos(n.address, '@') > 0
                   THEN left(n.address, 1) || '•••@' || split_part(n.address, '@', 2)
                 WHEN length(n.address) > 8 THEN '•••' || right(n.address, 4)
                 ELSE '•••' END END);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER contact_noted_added AFTER INSERT ON contact
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION contact_noted();

CREATE TRIGGER contact_noted_changed AFTER UPDATE ON contact
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION contact_noted();

CREATE TRIGGER contact_noted_dropped AFTER DELETE ON contact
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION contact_noted();
