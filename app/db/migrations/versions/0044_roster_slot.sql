-- Who is rostered, by half hour: shifts begin and end at half past, too.

CREATE TABLE roster_slot (
  slot TIMESTAMP WITH TIME ZONE NOT NULL,
  people INTEGER NOT NULL,
  CONSTRAINT pk_roster_slot PRIMARY KEY (slot),
  CONSTRAINT ck_roster_slot_people_not_negative CHECK (people >= 0),
  CONSTRAINT ck_roster_slot_whole_slot CHECK (EXTRACT(epoch FROM slot) % 1800 = 0)
);

-- Who is rostered for an hour is there in both of its halves.
INSERT INTO roster_slot (slot, people)
SELECT hour + half * INTERVAL '30 minutes', people
FROM roster_hour CROSS JOIN generate_series(0, 1) AS half;

DROP TABLE roster_hour;
