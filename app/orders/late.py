"""Parcels that will be late are told of before anybody asks: their likely day becomes known.

A look learns from the parcels of the last two months, says of each under way how likely it is late
and when it will likely arrive, and lets the table `late_notice` say which of them are told. Such a
day is a model's: a carrier's or a clerk's outweighs it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.orders import late_rule
from app.orders import late_store as looks
from app.orders.late_store import Way
from ml.late.journey import Journey, Outlook, Scan
from ml.late.outlook import outlook
from ml.late.rates import Rates, learn
from orders_core.events import Change, Ring
from orders_core.ids import ParcelId
from orders_core.parcels import store as parcels
from orders_core.parcels.expect import Day, Revision, expect_each
from orders_core.parcels.parcel import (
    BACK,
    WEIGHT,
    Checkpoint,
    ExpectedSource,
    Parcel,
    ParcelStatus,
)
from orders_core.tx import Tx

BY = "late-parcels"
WHY = "likely late"
LEARNT_FROM = timedelta(days=60)
MOST_LEARNT_FROM = 20_000
#: A day that was told may still wait to leave: it is not moved before that news is too old.
STANDS_FOR = timedelta(days=1)
DAY = timedelta(days=1)
NOON = time(12)
#: There for its person, at the door or at a station to be fetched.
THERE = frozenset({ParcelStatus.AT_STATION, ParcelStatus.DELIVERED})


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a look found: parcels learnt from, asked about, beyond telling, and given a day."""

    learnt_from: int
    under_way: int
    cannot_tell: int
    told: int
    moved: int  #: told before; the likely day is another now, which rings nobody


def look(tx: Tx, *, zone: ZoneInfo, now: datetime) -> Looked:
    """Look at every parcel under way; tell of those that will likely be late, once each.

    Locks: the parcels that get a day, in id order, once all were looked at: whoever brings a scan
    does not wait for the learning.
    """
    past = looks.sample(tx, since=now - LEARNT_FROM, at_most=MOST_LEARNT_FROM)
    rates = learn(_journeys(tx, past).values(), now=now, zone=zone)
    asked, cannot_tell, days = 0, 0, dict[Way, datetime]()
    for ways in looks.under_way(tx):
        said = _outlooks(rates, ways, _journeys(tx, ways), now=now)
        looks.keep(tx, said, now=now)
        asked, cannot_tell = asked + len(ways), cannot_tell + len(ways) - len(said)
        days |= _days(tx, ways, said, zone=zone, now=now)
    told, moved = give(tx, days, now=now)
    return Looked(
        learnt_from=len(past), under_way=asked, cannot_tell=cannot_tell, told=told, moved=moved
    )


def _journeys(tx: Tx, ways: Sequence[Way]) -> dict[ParcelId, Journey]:
    said = parcels.checkpoints_of(tx, [way.parcel_id for way in ways]) if ways else {}
    return {way.parcel_id: journey_of(way, said.get(way.parcel_id, ())) for way in ways}


def journey_of(way: Way, said: Sequence[Checkpoint]) -> Journey:
    """Return a parcel's journey: over once it is there for its person, at the door or a station.

    Of a parcel that turned back, or whose order ended without its carrier saying so, nothing is
    known from then on.
    """
    arrived = next((one.at for one in said if one.code in THERE), None)
    back = next((one.at for one in said if one.code in BACK), None)
    ends = [at for at in (back, way.ended_at) if at is not None]
    return Journey(
        carrier=way.carrier,
        lane=way.lane,
        scans=[Scan(one.at, one.code.value) for one in said],
        handed_over_at=arrived,
        lost_sight_at=min(ends) if ends and arrived is None else None,
    )


def _outlooks(
    rates: Rates, ways: Sequence[Way], journeys: Mapping[ParcelId, Journey], *, now: datetime
) -> dict[ParcelId, Outlook]:
    found = {}
    for way in ways:
        if way.promised_at is None:
            continue
        due_by = _end_of_day(way.promised_at, rates.zone)
        said = outlook(rates, journeys[way.parcel_id], now=now, due_by=due_by)
        if said is not None:
            found[way.parcel_id] = said
    return found


def _end_of_day(at: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(at.astimezone(zone).date() + DAY, time(), zone)


def _days(
    tx: Tx, ways: Sequence[Way], said: Mapping[ParcelId, Outlook], *, zone: ZoneInfo, now: datetime
) -> Mapping[Way, datetime]:
    """Return the likely day of each parcel that is to be told of, or moved quietly."""
    days = {
        way: noon
        for way in ways
        if (one := said.get(way.parcel_id)) is not None
        and (noon := _noon(one.likely_at, zone)) is not None
        and noon != way.expected_at
        and _may_name(way.expected_source)
    }
    doubts = [_doubt(way, said, day, zone) for way, day in days.items() if not way.day_named_at]
    telling = late_rule.worth_telling(tx, doubts, now=now)
    return {
        way: day
        for way, day in days.items()
        if way.parcel_id in telling or _is_settled(way.day_named_at, now)
    }


def _is_settled(named_at: datetime | None, now: datetime) -> bool:
    return named_at is not None and named_at <= now - STANDS_FOR


def _may_name(source: ExpectedSource | None) -> bool:
    return source is None or WEIGHT[source] <= WEIGHT[ExpectedSource.MODEL]


def _noon(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """Return noon of a day: an hour more or less is no news."""
    return at and datetime.combine(at.astimezone(zone).date(), NOON, zone).astimezone(UTC)


def _doubt(
    way: Way, said: Mapping[ParcelId, Outlook], day: datetime, zone: ZoneInfo
) -> late_rule.Doubt:
    promised = (way.promised_at or day).astimezone(zone).date()
    return late_rule.Doubt(
        parcel_id=way.parcel_id,
        name=f"{way.carrier} {way.number}",
        chance=math.floor(100 * said[way.parcel_id].late_share),
        days=(day.astimezone(zone).date() - promised).days,
    )


def give(tx: Tx, days: Mapping[Way, datetime], *, now: datetime) -> tuple[int, int]:
    """Give parcels a day while nobody else can move them: the first rings, a later one does not."""
    held = parcels.lock_ids(tx, {way.parcel_id for way in days}) if days else {}
    ours = [way for way in days if _is_open(held.get(way.parcel_id))]
    first = looks.name_first(tx, {way.parcel_id for way in ours}, now=now)
    ringing = {way for way in ours if way.parcel_id in first and way.ring is Ring.NOW}
    return (
        _expect(tx, [(way, days[way]) for way in ours if way in ringing], Ring.NOW, now),
        _expect(tx, [(way, days[way]) for way in ours if way not in ringing], Ring.NEVER, now),
    )


def _is_open(parcel: Parcel | None) -> bool:
    """Say whether a parcel may still be late, and nobody who knows better named its day."""
    if parcel is None or parcel.replaced_by is not None:
        return False
    return parcel.status not in THERE | BACK and _may_name(parcel.expected_source)


def _expect(tx: Tx, days: Sequence[tuple[Way, datetime]], ring: Ring, now: datetime) -> int:
    change = Change(by=BY, why=WHY, at=now, ring=ring)
    wanted = [Day((way.carrier, way.number), day) for way, day in days]
    found = expect_each(tx, wanted, source=ExpectedSource.MODEL, change=change)
    return sum(one.revision is Revision.SET for one in found)
