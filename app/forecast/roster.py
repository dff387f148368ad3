"""The roster: how many people answer in each half hour, as the shop's clock tells it. Pure.

A stretch of the clock holds the half hours whose beginning the clock shows within it. The hour that
comes twice when summer time ends is in it twice, the one that never comes is not in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from ml.load.slots import SLOT, slot_of

SLOT_MINUTES = 30
End = tuple[str, str, str]  #: date, from and to as a file has them
People = Mapping[datetime, int]
Told = TypeVar("Told")


@dataclass(frozen=True, kw_only=True)
class Change:
    """Half hours of one day that follow each other and change alike."""

    since: datetime
    until: datetime
    was: int | None  #: None where nothing was told of them
    becomes: int


def by_halves(hours: People) -> People:
    """Return who is rostered by half hour of who is by the hour."""
    return {hour + half * SLOT: people for hour, people in hours.items() for half in range(2)}


def begins_slot(clock: datetime, zone: ZoneInfo) -> bool:
    """Say whether a half hour begins when the zone's clock shows this; `clock` has no zone."""
    off = clock.replace(tzinfo=zone).utcoffset() or timedelta()
    moved = clock - off
    return moved.minute % SLOT_MINUTES == 0 and not (moved.second or moved.microsecond)


def slots_on_clock(since: datetime, until: datetime, zone: ZoneInfo) -> Sequence[datetime]:
    """Return the half hours (UTC) whose beginning the zone's clock shows from `since` to `until`.

    Both have no zone. Near a change of the clock each may be two instants: all between are tried.
    """
    ends = [
        one.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        for one in (since, until)
        for fold in (0, 1)
    ]
    tried = _between(slot_of(min(ends)), max(ends))
    return [one for one in tried if since <= _clock(one, zone) < until]


def slots_between(since: datetime, until: datetime) -> Sequence[datetime]:
    """Return the half hours (UTC) from one instant up to another."""
    return list(_between(slot_of(since.astimezone(UTC)), until.astimezone(UTC)))


def stretches(people: People, zone: ZoneInfo) -> Sequence[tuple[End, int]]:
    """Write who is rostered as a file has it: alike half hours of a day as one stretch.

    What the clock shows twice is written as instants, or each would stand for both.
    """
    runs = _runs(sorted(people.items()), zone)
    return [(_ends(run[0][0], run[-1][0] + SLOT, zone), run[0][1]) for run in runs]


def changes(before: People, told: People, zone: ZoneInfo) -> Sequence[Change]:
    """Return what a roster that is told changes of the one that is known, in order."""
    other = [
        (slot, (before.get(slot), people))
        for slot, people in sorted(told.items())
        if before.get(slot) != people
    ]
    return [
        Change(since=run[0][0], until=run[-1][0] + SLOT, was=run[0][1][0], becomes=run[0][1][1])
        for run in _runs(other, zone)
    ]


def _between(first: datetime, until: datetime) -> Iterator[datetime]:
    while first < until:
        yield first
        first += SLOT


def _clock(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def _comes_twice(slot: datetime, zone: ZoneInfo) -> bool:
    shown = slot.astimezone(zone)
    return shown.replace(fold=0).utcoffset() != shown.replace(fold=1).utcoffset()


def _runs(
    told: Sequence[tuple[datetime, Told]], zone: ZoneInfo
) -> Iterator[list[tuple[datetime, Told]]]:
    """Part half hours into runs of one day that follow each other and are told alike."""

    def kind(placed: tuple[int, tuple[datetime, Told]]) -> tuple[datetime, date, bool, Told]:
        place, (slot, said) = placed
        day = slot.astimezone(zone).date()
        return slot - place * SLOT, day, _comes_twice(slot, zone), said

    for _, run in groupby(enumerate(told), key=kind):
        yield [one for _, one in run]


def _ends(since: datetime, until: datetime, zone: ZoneInfo) -> End:
    first = since.astimezone(zone)
    if _comes_twice(since, zone):
        return "", first.isoformat(), until.astimezone(zone).isoformat()
    last = _clock(until - SLOT, zone) + SLOT  # what the clock shows at the end but for a change
    is_midnight = last.date() > first.date() and not (last.hour or last.minute)
    ends = "24:00" if is_midnight else f"{last:%H:%M}"
    return f"{first:%Y-%m-%d}", f"{first:%H:%M}", ends
