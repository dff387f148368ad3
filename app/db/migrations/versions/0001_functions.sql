-- Time-ordered ids made in the database, and the partitions that follow them.

-- The smallest UUIDv7 of an instant: where a partition of a month begins.
CREATE FUNCTION uuid7_floor(instant timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(
    substring(int8send(floor(extract(epoch FROM instant) * 1000)::bigint) FROM 3)
      || '\x70008000000000000000'::bytea,
    'hex')::uuid
$$;

-- Make the partition of one month of one table where it does not stand yet.
CREATE FUNCTION make_partition(parent text, month date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  child text := parent || '_' || to_char(month, 'YYYYMM');
  starts timestamptz := date_trunc('month', month::timestamp) AT TIME ZONE 'UTC';
  ends timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
  IF to_regclass(child) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                 child, parent, uuid7_floor(starts), uuid7_floor(ends));
  RETURN true;
END $$;
