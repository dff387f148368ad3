"""Who makes way for whom, as a product person reads it: cases/displacement.csv, row by row.

A cap is written as in caps.csv, `any` for every kind. Offers are `name ringing-at channels` in the
order they were decided; what a worker holds of one stands in brackets. Times are of Shanghai.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest

from app.hub.bounds import Bounds, Cap
from app.hub.cap_rules import caps_of
from app.hub.catalogue import Kind, find
from app.hub.decide import decide
from app.hub.displace import Queued, is_pressed, to_displace
from app.hub.pressure import (
    CHANNEL_BITS,
    Entry,
    about,
    add,
    given_back,
    mask,
    pack,
    seconds_of,
    told_apart,
)
from app.hub.verdict import Verdict
from app.people.choices import Category, ChannelName
from tests.app.hub.test_cap_cases import moment, rows_of, shown
from tests.cast import ANA

FILE = Path(__file__).parent / "cases" / "displacement.csv"
CASES = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
SAID = re.compile(r"(\w+) (\d{4}-\d\d-\d\d \d\d:\d\d) (.*)")
CATEGORIES = {"marketing": Category.OFFERS, "service": Category.OFFERS, "order": Category.ORDERS}


class Scene(NamedTuple):
    """A person's row, their offers that no worker holds, and the name of each by its id."""

    row: tuple[int, ...]
    free: list[Queued]
    names: dict[UUID, str]


def caps(text: str) -> Bounds:
    said = [
        re.sub(r"^any\b", kind, one)
        for one in text.split(" | ")
        for kind in (Kind if one.startswith("any ") else [""])
    ]
    return Bounds(cap=Cap(30), caps=caps_of(row for one in said for row in rows_of(one)))


def parts(text: str) -> Iterable[tuple[str, str, str]]:
    for said in filter(None, text.split("; ")):
        found = SAID.fullmatch(said)
        assert found, said
        yield found[1], found[2], found[3]


def scene(case: Mapping[str, str]) -> Scene:
    row: tuple[int, ...] = ()
    for kind, at, channels in parts(case["heard"]):
        mark = about(Kind(kind), CATEGORIES[kind])
        row = add(row, [pack(Entry(seconds_of(moment(at)), mark, mask(channels.split())))])
    free, names = list[Queued](), dict[UUID, str]()
    for name, at, said in parts(case["offers"]):
        mark = about(Kind.MARKETING, Category.OFFERS)
        every = re.sub(r"[()]", "", said).split()
        [number] = told_apart([pack(Entry(seconds_of(moment(at)), mark, mask(every)))], row)
        row = add(row, [number])
        for channel in re.sub(r"\(.*?\)", "", said).split():
            one = UUID(int=len(names) + 1)
            names[one] = name
            free.append(Queued(one, ANA.person_id, number & ~0xFF | mask([channel])))
    return Scene(row, free, names)


def made_way(gone: Iterable[Queued], names: Mapping[UUID, str]) -> str:
    """Write who made way as the table does, the newest offer first."""
    channels: dict[str, list[str]] = {}
    for one in sorted(gone, key=lambda one: one.id, reverse=True):
        on = next(name for name in ChannelName if one.entry & CHANNEL_BITS[name])
        channels.setdefault(names[one.id], []).append(on)
    order = list(ChannelName)
    return "; ".join(
        f"{name} {' '.join(sorted(on, key=lambda one: order.index(ChannelName(one))))}"
        for name, on in channels.items()
    )


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_who_makes_way_for_whom(case: Mapping[str, str]):
    row, free, names = scene(case)
    bounds, notice, at = caps(case["caps"]), find(case["news"]), moment(case["at"])

    def ask(recent: Sequence[int]) -> Verdict:
        return decide(notice, ANA, recent, bounds, at)

    gone = to_displace(free, row, ask) if is_pressed(notice, ask(row), row) else ()

    left = given_back(row, [one.entry for one in gone])
    assert made_way(gone, names) == case["makes_way"]
    assert shown(ask(left).answer) == case["expect"]


def test_the_table_has_cases_enough():
    assert len(CASES) >= 40
