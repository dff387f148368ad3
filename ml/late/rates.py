"""How often parcels are handed over, by what is seen of them: hazards, shrunk and censored.

Of the parcels that are still under way when step `k` from now begins, the share
`1 - exp(-b[k] × w[slot])` is handed over within it, where `b` belongs to what is seen of a parcel
and `w` to the hour of the week: proportional hazards of grouped times (Prentice & Gloeckler 1978,
Biometrics 34:57). Each is found given the other, in turns. Parcels that are still under way, or
that turned back, count until they were last known to be (right censoring; Kaplan & Meier 1958).

Hazards are shrunk from all parcels to those alike, their carrier, their age and their lane: where
the level above expects the share `p`, few cases move it little, `(events + K p) / (cases + K)`, the
mean of a Beta posterior.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from ml.late.journey import Journey, Moment, Seen, moments

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Key = tuple[str | int, ...]

HORIZON = 120  # steps: thirty days
SLOTS = 28  # of a week
WIDTHS = (0, 2, 3, 4, 5)  # of the keys of each level
OF_ALL = 10.0  # cases that the mean share of all weighs
OF_PARENT = 10.0  # cases that the level above weighs
OF_SLOT = 10.0  # handings-over that `w = 1` weighs
LEAST_PULL = 0.02  # of a slot: at night hardly anybody delivers, yet somebody may
MOST_SURE = 0.999  # of a hazard
TURNS = 3


@dataclass(frozen=True, kw_only=True)
class Rates:
    """What was learnt. `base` is [group, step] for each level; `week` is by the slot of the week.

    `finished` counts the handed-over journeys of each carrier, `alike` the parcels that were ever
    seen so, whoever carried them.
    """

    groups: Sequence[Mapping[Key, int]]
    base: Sequence[Floats]
    week: Floats
    finished: Mapping[str, int]
    alike: Mapping[Key, int]
    zone: ZoneInfo

    def of(self, carrier: str, lane: str, seen: Seen) -> Floats:
        """Return the rates of the steps to come: of the narrowest group that is known."""
        found: Floats = self.base[0][0]
        for level, key in enumerate(keys(carrier, lane, seen)):
            index = self.groups[level].get(key)
            if index is None:
                break
            found = self.base[level][index]
        return found


class _Table(NamedTuple):
    """All moments side by side: their groups at each level, slots, steps left, endings."""

    groups: Sequence[Mapping[Key, int]]
    members: Sequence[Ints]
    slot: Ints
    left: Ints
    is_event: NDArray[np.bool_]


def keys(carrier: str, lane: str, seen: Seen) -> tuple[Key, ...]:
    """Return the groups a parcel belongs to, the widest first; each lies within the one before."""
    alike: Key = (seen.stage, seen.silent)
    carried = (*alike, carrier)
    aged = (*carried, seen.age)
    return (), alike, carried, aged, (*aged, lane)


def learn(journeys: Iterable[Journey], *, now: datetime, zone: ZoneInfo) -> Rates:
    """Learn the rates from what was known of journeys at `now`; what came later changes nothing."""
    finished: dict[str, int] = {}
    alike: dict[Key, int] = {}
    rows: list[tuple[Journey, Moment]] = []
    for journey in journeys:
        own = list(moments(journey, now=now, zone=zone))
        rows += [(journey, moment) for moment in own]
        for key in {(one.seen.stage, one.seen.silent) for one in own}:
            alike[key] = alike.get(key, 0) + 1
        if any(moment.is_handed_over for moment in own):
            finished[journey.carrier] = finished.get(journey.carrier, 0) + 1
    table = _table(rows)
    base, week = _alternate(table)
    return Rates(
        groups=table.groups, base=base, week=week, finished=finished, alike=alike, zone=zone
    )


def _table(rows: Sequence[tuple[Journey, Moment]]) -> _Table:
    told = [keys(journey.carrier, journey.lane, moment.seen) for journey, moment in rows]
    groups: list[dict[Key, int]] = [{(): 0}, {}, {}, {}, {}]
    members = [
        np.array([known.setdefault(key[level], len(known)) for key in told], dtype=np.int64)
        for level, known in enumerate(groups)
    ]
    left = np.array([moment.steps_left for _, moment in rows], dtype=np.int64)
    ended = np.array([moment.is_handed_over for _, moment in rows], dtype=np.bool_)
    return _Table(
        groups=groups,
        members=members,
        slot=np.array([moment.step % SLOTS for _, moment in rows], dtype=np.int64),
        left=np.minimum(left, HORIZON),
        is_event=ended & (left < HORIZON),
    )


def _alternate(table: _Table) -> tuple[list[Floats], Floats]:
    """Find base rates and the week's pattern, each given the other, in turns."""
    week = np.ones(SLOTS)
    base = _base(table, week)
    for _ in range(TURNS):
        week = _week(table, base[1])
        base = _base(table, week)
    return base, week


def _base(table: _Table, week: Floats) -> list[Floats]:
    """Return the shrunk rates of each level, given the week's pattern."""
    shrunk: list[Floats] = []
    for level, known in enumerate(table.groups):
        events, cases, pull = _counted(table, level, week)
        if level:
            cut = WIDTHS[level - 1]
            parents = [table.groups[level - 1][key[:cut]] for key in known]
            above = shrunk[-1][parents] if parents else np.zeros((0, HORIZON))
            prior, weight = -np.expm1(-above * pull), OF_PARENT
        else:
            prior = np.full_like(events, events.sum() / max(cases.sum(), 1.0))
            weight = OF_ALL
        share = (events + weight * prior) / (cases + weight)
        shrunk.append(-np.log1p(-np.minimum(share, MOST_SURE)) / pull)
    return shrunk


def _counted(table: _Table, level: int, week: Floats) -> tuple[Floats, Floats, Floats]:
    """Count handings-over, cases and the mean pull of the week, by group and step."""
    groups, size = table.members[level], max(len(table.groups[level]), 1)
    events, cases = np.zeros((size, HORIZON)), np.zeros((size, HORIZON))
    pull = np.ones((size, HORIZON))
    np.add.at(events, (groups[table.is_event], table.left[table.is_event]), 1.0)
    for step, there in _watched(table):
        weights = week[(table.slot[there] + step) % SLOTS]
        cases[:, step] = np.bincount(groups[there], minlength=size)
        pulled = np.bincount(groups[there], weights=weights, minlength=size)
        pull[:, step] = np.where(cases[:, step], pulled / np.maximum(cases[:, step], 1), 1.0)
    return events, cases, pull


def _watched(table: _Table) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Yield each step with the moments that were watched through it.

    A journey that was lost sight of in a step was not.
    """
    for step in range(HORIZON):
        there = (table.left > step) | ((table.left == step) & table.is_event)
        if not there.any():
            return
        yield step, there


def _week(table: _Table, base: Floats) -> Floats:
    """Return the week's pattern, given base rates: observed over expected, shrunk to 1."""
    happened, expected = np.full(SLOTS, OF_SLOT), np.full(SLOTS, OF_SLOT)
    ends = (table.slot + table.left) % SLOTS
    np.add.at(happened, ends[table.is_event], 1.0)
    groups = table.members[1]
    for step, there in _watched(table):
        slots = (table.slot[there] + step) % SLOTS
        expected += np.bincount(slots, weights=base[groups[there], step], minlength=SLOTS)
    pattern: Floats = np.maximum(happened / expected, LEAST_PULL)
    pattern /= pattern.mean()
    return pattern
