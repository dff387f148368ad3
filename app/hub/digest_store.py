"""The SQL of digests: join a slot, take one to close it, close it, once.

A slot is locked last of all: whoever holds one asks for no other row but slots. Those who join
share it; whoever closes it comes only when nobody is joining.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import Row

from app.errors import AppError
from app.hub.digest_items import Became, Item, Joined, Out
from app.hub.verdict import Slot
from app.messages.message import State
from orders_core.ids import OrderId, PersonId, new_id
from orders_core.tx import Tx

LEASE_SECONDS = 60
OF_STATES: Mapping[State, Became] = {  # the one that came furthest first
    State.SENT: Became.WENT,
    State.UNKNOWN: Became.WENT,
    State.SENDING: Became.WAITS,
    State.QUEUED: Became.WAITS,
    State.FAILED: Became.FAILED,
    State.EXPIRED: Became.STOPPED,
    State.CANCELLED: Became.STOPPED,
}
# Sorted, so that two batches that open the same slots wait for each other and never in a ring.
OPEN = """
INSERT INTO digest_slot (id, person_id, channel, closes_at)
SELECT * FROM unnest(%(ids)s::uuid[], %(people)s::uuid[], %(channels)s::text[],
                     %(closes)s::timestamptz[]) ORDER BY 2, 3, 4
ON CONFLICT DO NOTHING RETURNING person_id, channel, closes_at
"""
# FOR SHARE: two may join at once, but what is being joined cannot close before they are done.
STILL_OPEN = """
SELECT s.id, s.person_id, s.channel, s.closes_at
FROM digest_slot s
JOIN unnest(%(people)s::uuid[], %(channels)s::text[], %(closes)s::timestamptz[])
  AS wanted (person_id, channel, closes_at) USING (person_id, channel, closes_at)
WHERE s.state = 'open'
ORDER BY s.person_id, s.channel, s.closes_at
FOR SHARE OF s
"""
JOIN = """
INSERT INTO digest_item (slot_id, verdict_id, notice, order_id, variables, at)
SELECT slot_id, verdict_id, notice, order_id, variables::jsonb, at
FROM unnest(%(slots)s::uuid[], %(verdicts)s::uuid[], %(notices)s::text[], %(orders)s::uuid[],
            %(variables)b::text[], %(ats)s::timestamptz[])
  AS item (slot_id, verdict_id, notice, order_id, variables, at)
ON CONFLICT DO NOTHING
"""
TAKE = """
UPDATE digest_slot SET state = 'closing', epoch = epoch + 1,
       held_until = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE id IN (
  SELECT id FROM digest_slot
  WHERE closes_at <= %(now)s
    AND (state = 'open' OR state = 'closing' AND held_until <= clock_timestamp())
  ORDER BY closes_at, id LIMIT %(at_most)s FOR UPDATE SKIP LOCKED)
RETURNING id, person_id, channel, closes_at, epoch
"""
# In the order of ids: two may believe they hold the same slots, and must not wait in a ring.
CLOSE = """
WITH ours AS MATERIALIZED (
  SELECT digest_slot.id, held.verdict_id FROM digest_slot
  JOIN unnest(%(ids)s::uuid[], %(epochs)s::int[], %(went)s::uuid[]) AS held (id, epoch, verdict_id)
    ON digest_slot.id = held.id AND digest_slot.epoch = held.epoch
  WHERE state = 'closing' ORDER BY digest_slot.id FOR UPDATE OF digest_slot)
UPDATE digest_slot SET state = 'closed', held_until = NULL, verdict_id = ours.verdict_id
FROM ours WHERE digest_slot.id = ours.id RETURNING digest_slot.id
"""
FALL_OUT = """
UPDATE digest_item SET fell_out = gone.why
FROM unnest(%(slots)s::uuid[], %(verdicts)s::uuid[], %(whys)s::text[])
  AS gone (slot_id, verdict_id, why)
WHERE digest_item.slot_id = gone.slot_id AND digest_item.verdict_id = gone.verdict_id
"""
# What went to the inbox, by itself or in a digest there, is read there: the line has the id of its
# message.
ITEMS = """
SELECT i.slot_id, i.verdict_id, i.notice, i.order_id, i.variables, i.at,
       EXISTS (SELECT FROM message m JOIN inbox_item line ON line.id = m.id
               WHERE line.read_at IS NOT NULL AND m.verdict_id IN (
                 SELECT i.verdict_id UNION ALL
                 SELECT went.verdict_id FROM digest_item told
                 JOIN digest_slot went ON went.id = told.slot_id
                 WHERE told.verdict_id = i.verdict_id AND told.fell_out IS NULL)) AS is_read
FROM digest_item i WHERE i.slot_id = ANY(%(slots)s) AND i.fell_out IS NULL
ORDER BY i.slot_id, i.at, i.verdict_id
"""
SLOTS_OF = "SELECT verdict_id, id FROM digest_slot WHERE verdict_id = ANY(%(verdicts)s)"
# A digest is decided like all else: it became a message, or its verdict says why it did not. Of
# several, as for a person with three telephones, the one that came furthest tells.
JOINED = """
SELECT i.verdict_id, s.channel, s.closes_at, s.state = 'closed' AS is_closed, i.fell_out,
       s.verdict_id AS went, m.state AS message, coalesce(m.error, v.because) AS because,
       v.answer
FROM digest_item i JOIN digest_slot s ON s.id = i.slot_id
LEFT JOIN LATERAL (
  SELECT state, error FROM message WHERE verdict_id = s.verdict_id AND channel = s.channel
  ORDER BY array_position(%(furthest)s::text[], state::text) LIMIT 1) m ON true
LEFT JOIN verdict v ON v.id = s.verdict_id
WHERE i.verdict_id = ANY(%(verdicts)s) ORDER BY i.verdict_id, s.closes_at, s.channel
"""
NEXT_DUE = """
SELECT min(closes_at) FROM digest_slot
WHERE state <> 'closed' AND closes_at > %(after)s AND closes_at <= %(until)s
"""
FORGET = """
DELETE FROM digest_slot WHERE id IN (
  SELECT id FROM digest_slot WHERE state = 'closed' AND closes_at < %(before)s
  ORDER BY closes_at LIMIT %(at_most)s FOR UPDATE SKIP LOCKED)
"""


class Place(NamedTuple):
    """The slot that one person's news joins."""

    person_id: PersonId
    slot: Slot


class SlotsClosed(AppError):
    """Slots that news came too late for."""

    def __init__(self, places: Collection[Place]) -> None:
        self.places = places
        super().__init__(f"{len(places)} slots have closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A slot that this worker closes; `epoch` proves that it still does."""

    id: UUID
    person_id: PersonId
    channel: str
    closes_at: datetime
    epoch: int


def joined_by(tx: Tx, verdict_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Joined]]:
    """Return the digests that each verdict's news joined, the earliest first."""
    found: dict[UUID, list[Joined]] = {}
    asked = {"verdicts": list(verdict_ids), "furthest": [state.value for state in OF_STATES]}
    for row in tx.exec_driver_sql(JOINED, asked):
        found.setdefault(row.verdict_id, []).append(_joined(row))
    return found


def _joined(row: Row[Any]) -> Joined:
    became = _became(row)
    because = Out.TOO_LATE if row.message == State.EXPIRED else row.because
    why = because if became is Became.STOPPED else None
    return Joined(row.channel, row.closes_at, row.is_closed, row.fell_out, became, why)


def _became(row: Row[Any]) -> Became | None:
    if row.went is None:  # it is open, nothing was left to send, or it closed before this was kept
        return None
    if row.message is not None:
        return OF_STATES[State(row.message)]
    return Became.STOPPED if row.answer else Became.FORGOTTEN


def open_new(tx: Tx, places: Collection[Place]) -> frozenset[Place]:
    """Open slots; return those that there were not yet."""
    wanted = sorted(set(places))
    asked = {"ids": [new_id() for _ in wanted], **_columns(wanted)}
    return frozenset(_place(row) for row in tx.exec_driver_sql(OPEN, asked))


def join(tx: Tx, wanted: Sequence[tuple[Place, Item]]) -> None:
    """Put news into slots, opening those that there are not yet.

    Raises:
        SlotsClosed: If some have closed; nothing was put anywhere.
    """
    places = sorted({place for place, _ in wanted})
    open_new(tx, places)
    rows = tx.exec_driver_sql(STILL_OPEN, _columns(places))
    found = {_place(row): row.id for row in rows}
    if closed := set(places) - set(found):
        raise SlotsClosed(closed)
    _put(tx, [(found[place], item) for place, item in wanted])


def _columns(places: Sequence[Place]) -> dict[str, list[Any]]:
    return {
        "people": [place.person_id for place in places],
        "channels": [place.slot.channel for place in places],
        "closes": [place.slot.closes_at for place in places],
    }


def _place(row: Row[Any]) -> Place:
    return Place(PersonId(row.person_id), Slot(row.channel, row.closes_at))


def _put(tx: Tx, joining: Sequence[tuple[UUID, Item]]) -> None:
    items = [item for _, item in joining]
    columns: dict[str, list[Any]] = {
        "slots": [slot_id for slot_id, _ in joining],
        "verdicts": [item.verdict_id for item in items],
        "notices": [item.notice for item in items],
        "orders": [item.order_id for item in items],
        "variables": [orjson.dumps(item.variables).decode() for item in items],
        "ats": [item.at for item in items],
    }
    tx.exec_driver_sql(JOIN, columns)


def take(tx: Tx, *, now: datetime, at_most: int) -> list[Held]:
    """Take slots that are due, earliest first; no two workers take the same.

    From the commit on whatever comes joins the next slot. One whose worker was lost is due again
    after a minute of machine time.
    """
    asked = {"now": now, "at_most": at_most, "lease": LEASE_SECONDS}
    rows = tx.exec_driver_sql(TAKE, asked)
    return sorted((Held(**row) for row in rows.mappings()), key=lambda held: held.id)


def close(tx: Tx, held: Sequence[Held], *, went: Mapping[UUID, UUID]) -> set[UUID]:
    """Close slots, each with the verdict its digest `went` out under, if it did.

    Returns:
        Those that were still ours to close.
    """
    asked = {
        "ids": [one.id for one in held],
        "epochs": [one.epoch for one in held],
        "went": [went.get(one.id) for one in held],
    }
    return set(tx.exec_driver_sql(CLOSE, asked).scalars())


def slots_of(tx: Tx, verdict_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Return the slots whose digests went out under some verdicts, by verdict."""
    found = tx.exec_driver_sql(SLOTS_OF, {"verdicts": list(verdict_ids)})
    return {row.verdict_id: row.id for row in found}


def items(tx: Tx, slots: Sequence[UUID]) -> Mapping[UUID, list[Item]]:
    """Return what is in each slot, oldest first, and whether it was read meanwhile.

    What fell out of it is left out.
    """
    found: dict[UUID, list[Item]] = {slot_id: [] for slot_id in slots}
    for row in tx.exec_driver_sql(ITEMS, {"slots": list(slots)}):
        found[row.slot_id].append(
            Item(
                verdict_id=row.verdict_id,
                notice=row.notice,
                order_id=OrderId(row.order_id) if row.order_id else None,
                variables=row.variables,
                at=row.at,
                is_read=row.is_read,
            )
        )
    return found


def fall_out(tx: Tx, gone: Sequence[tuple[UUID, UUID, str]]) -> None:
    """Write down which (slot, verdict) fell out of its digest, and why."""
    if gone:
        slots, verdicts, whys = map(list, zip(*gone, strict=True))
        tx.exec_driver_sql(FALL_OUT, {"slots": slots, "verdicts": verdicts, "whys": whys})


def next_due(tx: Tx, after: datetime, until: datetime) -> datetime | None:
    """Return the first time after `after`, at most `until`, that a slot closes."""
    found: datetime | None = tx.exec_driver_sql(
        NEXT_DUE, {"after": after, "until": until}
    ).scalar_one()
    return found


def forget(tx: Tx, *, before: datetime, at_most: int) -> int:
    """Delete slots that closed before a time, their items with them; return how many."""
    return tx.exec_driver_sql(FORGET, {"before": before, "at_most": at_most}).rowcount
