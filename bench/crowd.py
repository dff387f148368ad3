"""Many people at once, of every sort that a campaign meets, made by the database itself."""

from datetime import datetime, timedelta

from sqlalchemy import text

from app.hub.pressure import Entry, pack, seconds_of
from orders_core.tx import Tx

ZONES = ("Asia/Shanghai", "Europe/Lisbon", "Asia/Kathmandu", "America/New_York")
OFFERS = 3

# Whoever else lives in the database is left alone. Of every ten of the crowd one agreed to nothing,
# one to email without an address, one has heard the most already, one switched offers off, one
# speaks English; zones go round.
PEOPLE = """
INSERT INTO person (id, reference, name, locale, zone, created_at)
SELECT gen_random_uuid(), 'crowd-' || n, 'Person ' || n,
       CASE n % 10 WHEN 4 THEN 'en' ELSE 'zh' END,
       (CAST(:zones AS text[]))[1 + n % :among], :now
FROM generate_series(1, :people) AS n
"""
CONTACTS = """
INSERT INTO contact (id, person_id, channel, address, added_at)
SELECT gen_random_uuid(), id, channel,
       CASE channel WHEN 'email' THEN reference || '@mail.example' ELSE reference || '-phone' END,
       :now
FROM person, unnest(ARRAY['email', 'push']) AS channel
WHERE reference LIKE 'crowd-%' AND right(reference, 1) <> '1'
"""
CONSENTS = """
INSERT INTO consent (person_id, channel, granted, source, at)
SELECT id, channel, true, 'test', :now
FROM person, unnest(ARRAY['inapp', 'email', 'push']) AS channel
WHERE reference LIKE 'crowd-%' AND right(reference, 1) <> '0'
  AND (right(reference, 1) <> '1' OR channel = 'email')
"""
UNWANTED = """
INSERT INTO preference (person_id, category, channel, wanted, at)
SELECT id, 'offers', channel, false, :now
FROM person, unnest(ARRAY['inapp', 'email', 'push']) AS channel
WHERE reference LIKE 'crowd-%' AND right(reference, 1) = '3'
"""
HEARD = """
INSERT INTO pressure (person_id, recent)
SELECT id, CAST(:recent AS bigint[]) FROM person
WHERE reference LIKE 'crowd-%' AND right(reference, 1) = '2'
"""


def gather(tx: Tx, people: int, *, zones: tuple[str, ...] = ZONES[:1], now: datetime) -> None:
    """Let so many people move in, of every sort in turn."""
    among = {"zones": list(zones), "among": len(zones)}
    tx.execute(text(PEOPLE), {"people": people, "now": now, **among})
    for statement in (CONTACTS, CONSENTS, UNWANTED):
        tx.execute(text(statement), {"now": now})
    entry = pack(Entry(seconds_of(now - timedelta(hours=1)), OFFERS, 0b0111))
    tx.execute(text(HEARD), {"recent": [entry] * 3})
    tx.execute(text("ANALYZE person"))
