"""Every zone, every clock change from 2024 to 2037, every shape of rule: nothing rings at night.

The checker shares nothing with what it checks: it reads the offsets of a zone one by one into a
list of pieces, finds by them when clocks first show a wall time, and walks those instants.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo, available_timezones

import pytest

from app.hub.bounds import Bounds
from app.hub.catalogue import ANNOUNCEMENT, ORDER_SHIPPED, Notice
from app.hub.question import Question
from app.hub.quiet_hours import instant, plan, stands_until
from app.hub.release import answered
from app.hub.verdict import Send
from app.people.hours import Window
from orders_core.ids import PersonId, new_id
from tests.cast import ANA

FIRST, LAST = 2024, 2037
DAY = 86_400
Pieces = tuple[tuple[int, ...], tuple[int, ...]]  # when each begins, and its offset
EPOCH = date(1970, 1, 1)
NIGHT = Window(time(22), time(8))
WALLS = (time(0), time(0, 30), time(1, 15), time(2), time(2, 30), time(8), time(23, 59))
SPREAD = timedelta(minutes=10)
WORKDAYS = frozenset(range(5))
SAMPLE, SEED = 40, 20_240_331


@dataclass(frozen=True)
class Shape:
    """One shape of rule: whose hours there are, and what is to ring where."""

    name: str
    shop: Window = NIGHT
    own: Window | None = None
    locked: bool = False
    notice: Notice = ORDER_SHIPPED
    channel: str = "push"

    @cached_property
    def windows(self) -> Sequence[Window]:
        chosen = [self.own or self.shop, *([self.shop] if self.own and self.locked else [])]
        law = self.notice is ANNOUNCEMENT and self.channel == "sms"
        return [*chosen, *([Window(time(21), time(8))] if law else [])]

    @cached_property
    def bounds(self) -> Bounds:
        return Bounds(quiet=self.shop, is_quiet_locked=self.locked)

    @cached_property
    def spreading(self) -> Bounds:
        return replace(self.bounds, spread=SPREAD)


SHAPES = (
    Shape("the shop's night"),
    Shape("an end in the hour that changes", own=Window(time(22), time(2, 30))),
    Shape("a start in the hour that changes", own=Window(time(1, 30), time(9))),
    Shape("all of it in the hour that changes", own=Window(time(2), time(3))),
    Shape("from midnight", own=Window(time(0), time(6, 45))),
    Shape("workdays alone", own=Window(time(23), time(10), WORKDAYS)),
    Shape("Sundays alone", own=Window(time(0), time(23, 59), frozenset({6}))),
    Shape("both", own=Window(time(12), time(14, 30)), locked=True),
    Shape("all but a moment", own=Window(time(3, 10), time(3))),
    Shape("the law", own=Window(time(23), time(5)), notice=ANNOUNCEMENT, channel="sms"),
)


class Place:
    """A zone as pieces: from this second of UTC on, clocks are that many seconds ahead."""

    def __init__(self, name: str) -> None:
        self.name, self._zone = name, ZoneInfo(name)
        first = int(datetime(FIRST - 1, 12, 1, tzinfo=UTC).timestamp())
        last = int(datetime(LAST + 1, 2, 1, tzinfo=UTC).timestamp())
        self.starts, self.offsets = [first], [self._offset(first)]
        for late in range(first + DAY, last, DAY):
            if self._offset(late) != self.offsets[-1]:
                self.starts.append(self._change(late - DAY, late))
                self.offsets.append(self._offset(late))

    def _offset(self, second: int) -> int:
        offset = datetime.fromtimestamp(second, self._zone).utcoffset()
        return int(offset.total_seconds()) if offset is not None else 0

    def _change(self, early: int, late: int) -> int:
        before = self._offset(early)
        while late - early > 1:
            middle = (early + late) // 2
            if self._offset(middle) == before:
                early = middle
            else:
                late = middle
        return late

    @property
    def changes(self) -> list[int]:
        return self.starts[1:]

    @property
    def pieces(self) -> Pieces:
        """What all that is computed of a zone follows from: many names share it."""
        return tuple(self.starts), tuple(self.offsets)

    def day_of(self, second: int) -> int:
        return (second + self.offsets[bisect_right(self.starts, second) - 1]) // DAY

    def first_showing(self, wall: int) -> int:
        """Return the first second at which clocks show a wall time, or a later one."""
        at = max(bisect_right(self.starts, wall - 2 * DAY) - 1, 0)
        for piece in range(at, len(self.starts)):
            start, offset = self.starts[piece], self.offsets[piece]
            if piece > at and start + offset >= wall:
                return start
            ends = self.starts[piece + 1] if piece + 1 < len(self.starts) else None
            if ends is None or wall - offset < ends:
                return wall - offset
        raise AssertionError("clocks stopped")


def seconds_of(wall: time) -> int:
    return wall.hour * 3600 + wall.minute * 60


def nights(place: Place, window: Window, day: int) -> Iterator[tuple[int, int]]:
    """Walk the nights of a window that start from three days before a day to ten after it."""
    for first in range(day - 3, day + 11):
        if (first + EPOCH.weekday()) % 7 in window.weekdays and window.start != window.end:
            last = first + (window.end < window.start)
            yield (
                place.first_showing(first * DAY + seconds_of(window.start)),
                place.first_showing(last * DAY + seconds_of(window.end)),
            )


def free_from(second: int, quiet: Sequence[tuple[int, int]]) -> int:
    """Return the first second from this one on in which no night lies."""
    while ends := [end for start, end in quiet if start <= second < end]:
        second = max(ends)
    return second


def moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


@dataclass(frozen=True)
class Expected:
    """What has to come of a question at one moment: seconds since 1970."""

    at: datetime
    rings_second: int
    rings: datetime
    stands: datetime | None


@dataclass(frozen=True)
class Around:
    """One change of some clocks under one shape of rule: the nights, and what is expected when."""

    quiet: Sequence[tuple[int, int]]
    expected: Sequence[Expected]


class Expecting:
    """Computes what is expected around a change, once for all zones that share their clocks."""

    def __init__(self) -> None:
        self._known: dict[tuple[Pieces, int, str], Around] = {}

    def around(self, place: Place, change: int, shape: Shape) -> Around:
        key = (place.pieces, change, shape.name)
        if key not in self._known:
            self._known[key] = _around(place, change, shape)
        return self._known[key]


def _around(place: Place, change: int, shape: Shape) -> Around:
    day = place.day_of(change)
    quiet = [night for window in shape.windows for night in nights(place, window, day)]
    starts = sorted(start for start, _ in quiet)
    near = [edge for night in quiet for edge in night if abs(edge - change) < 1.1 * DAY]
    expected = []
    for second in sorted({change - 1, change, *near, *(edge - 1 for edge in near)}):
        rings = free_from(second, quiet)
        stands = next((moment(start) for start in starts if start > rings), None)
        expected.append(Expected(moment(second), rings, moment(rings), stands))
    return Around(quiet, expected)


def violations(place: Place, around: Around, shape: Shape) -> Iterator[str]:
    """Decide around one change, ring as it was decided, and say what was wrong with it."""
    who = replace(ANA, zone=place.name, quiet=shape.own)
    for one in around.expected:
        here = f"{place.name}, {shape.name}, {one.at}"
        asked = Question(shape.notice, who, (), shape.bounds, one.at)
        rings = plan(asked, (shape.channel,)).until or one.at
        if rings != one.rings:
            yield f"{here}: rings {rings}, not {one.rings}"
        spreading = Question(shape.notice, who, (), shape.spreading, one.at)
        spread = plan(spreading, (shape.channel,)).until
        if spread is not None and not _is_spread(spread, one.rings_second, around.quiet):
            yield f"{here}: spread to {spread}"
        then = Question(shape.notice, who, (), shape.bounds, rings)
        stands = stands_until(then, shape.channel)
        if stands != one.stands:
            yield f"{here}: stands until {stands}, not {one.stands}"
        if answered(then, shape.channel) != Send((shape.channel,)):
            yield f"{here}: held again at {rings}, or lost"


def _is_spread(until: datetime, edge: int, quiet: Sequence[tuple[int, int]]) -> bool:
    second = int(until.timestamp())
    within = edge <= second < edge + SPREAD.total_seconds()
    return within and not any(edge < start <= second and start < end for start, end in quiet)


def wrong_dates(place: Place, change: int) -> Iterator[str]:
    """Say which wall times around a change are not the first instant that clocks show them."""
    for day in range(place.day_of(change) - 1, place.day_of(change) + 2):
        for wall in WALLS:
            expected = place.first_showing(day * DAY + seconds_of(wall))
            local = EPOCH + timedelta(days=day)
            if instant(local, wall, place.name) != moment(expected):
                yield f"{place.name}: {local} {wall} is not {moment(expected)}"


def all_violations(names: Sequence[str], most: int | None = None) -> tuple[int, list[str]]:
    looked_at, found, expecting = 0, list[str](), Expecting()
    for name in names:
        place = Place(name)
        changes = place.changes or [int(datetime(2030, 5, 5, tzinfo=UTC).timestamp())]
        for change in changes[:most]:
            found += wrong_dates(place, change)
            for shape in SHAPES:
                looked_at += 1
                found += violations(place, expecting.around(place, change, shape), shape)
    return looked_at, found


def test_in_a_sample_of_zones_nothing_rings_at_night_twice_or_on_another_day():
    drawn = Random(SEED).sample(sorted(available_timezones()), SAMPLE)  # noqa: S311 - seeded

    looked_at, found = all_violations(drawn, most=3)

    assert looked_at >= SAMPLE * len(SHAPES)
    assert found == []


@pytest.mark.long
def test_in_all_zones_at_every_change_nothing_rings_at_night_twice_or_on_another_day():
    zones = sorted(available_timezones())

    with ProcessPoolExecutor(2) as pool:
        parts = list(pool.map(all_violations, [zones[::2], zones[1::2]]))

    assert sum(looked_at for looked_at, _ in parts) >= 50_000
    assert [one for _, found in parts for one in found] == []


@pytest.mark.parametrize("here", ["Asia/Shanghai", "America/New_York", "Pacific/Kiritimati"])
def test_whoever_moves_zone_while_it_waits_is_told_once_and_not_at_night(here: str):
    drawn = Random(SEED).sample(sorted(available_timezones()), SAMPLE)  # noqa: S311 - seeded
    night = instant(date(2026, 3, 28), time(23), here)
    home = replace(ANA, person_id=PersonId(new_id()), zone=here)
    waits = plan(Question(ORDER_SHIPPED, home, (), Bounds(), night), ("push",)).until
    assert waits is not None
    for name in drawn:
        away = Question(ORDER_SHIPPED, replace(home, zone=name), (), Bounds(), waits)
        again = plan(away, ("push",)).until or waits
        place = Place(name)
        quiet = list(nights(place, Bounds().quiet, place.day_of(int(waits.timestamp()))))

        assert free_from(int(waits.timestamp()), quiet) == int(again.timestamp())
        assert answered(replace(away, now=again), "push") == Send(("push",))
