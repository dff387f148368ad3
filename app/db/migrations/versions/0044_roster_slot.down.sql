-- Back to who is rostered by the hour: those who are there in both of its halves.

CREATE TABLE roster_hour (
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  people INTEGER NOT NULL,
  CONSTRAINT pk_roster_hour PRIMARY KEY (hour),
  CONSTRAINT ck_roster_hour_people_not_negative CHECK (people >= 0),
  CONSTRAINT ck_roster_hour_whole_hour CHECK (EXTRACT(epoch FROM hour) % 3600 = 0)
);

INSERT INTO roster_hour (hour, people)
SELECT date_trunc('hour', slot, 'UTC'), CASE count(*) WHEN 2 THEN min(people) ELSE 0 END
FROM roster_slot GROUP BY 1;
