"""Two triggers as most of us write them first: count in one row, tell by NOTIFY. Each row calls."""

CHANNEL = "orderbell_lab"

#: Writes an audit row for each changed row, and counts in a summary that everybody shares.
SUMMARY = """
CREATE TABLE audit (goods uuid NOT NULL, old jsonb NOT NULL, new jsonb NOT NULL);
CREATE TABLE summary (name text PRIMARY KEY, changes bigint NOT NULL);
INSERT INTO summary VALUES ('goods', 0);

CREATE FUNCTION count_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit VALUES (NEW.id, to_jsonb(OLD), to_jsonb(NEW));
  UPDATE summary SET changes = changes + 1 WHERE name = 'goods';
  RETURN NULL;
END $$;
CREATE TRIGGER count_it AFTER UPDATE ON goods_summary FOR EACH ROW EXECUTE FUNCTION count_it();
"""

#: Tells whoever listens at the moment; the audit is what the listener writes down.
NOTIFY = f"""
CREATE FUNCTION tell_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('{CHANNEL}', jsonb_build_object('old', OLD.units, 'new', NEW)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER tell_it AFTER UPDATE ON goods_notify FOR EACH ROW EXECUTE FUNCTION tell_it();
"""
