"""Caps as a product person reads them: each row of cases/caps.csv is a test.

A cap is `kind name surface most per over`, `counts-only` where its kind does not obey it; times are
of Shanghai. What was heard is decided without caps; the notice is then decided under the caps.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.hub.bounds import Bounds, Cap
from app.hub.cap_rules import Caps, Limit, Over, Per, Row, caps_of
from app.hub.catalogue import Kind, find
from app.hub.decide import decide
from app.hub.pressure import add, heard
from app.hub.verdict import Answer, Digest, Downgrade, Send, Skip, Wait
from app.people.choices import Category
from tests.cast import ANA

FILE = Path(__file__).parent / "cases" / "caps.csv"
SHANGHAI = ZoneInfo("Asia/Shanghai")
CASES = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
UNCAPPED = Bounds(cap=Cap(30))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def rows_of(text: str) -> Iterator[Row]:
    for said in text.split(" | "):
        kind, name, surface, most, per, over, *apart = said.split()
        limit = Limit(name, surface, int(most), Per(per))
        for category in Category:
            yield Row(limit, Kind(kind), category, None if apart else Over(over))


def caps(text: str) -> Caps:
    return caps_of(rows_of(text))


def pressure_of(text: str) -> tuple[int, ...]:
    row: tuple[int, ...] = ()
    for said in filter(None, text.split("; ")):
        name, at = said.split(" ", 1)
        notice, when = find(name), moment(at)
        row = add(row, heard(decide(notice, ANA, (), UNCAPPED, when).answer, notice, when))
    return row


def local(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).replace(tzinfo=None).isoformat(" ")


def shown(answer: Answer) -> str:
    match answer:
        case Send(channels):
            return f"send {' '.join(channels)}"
        case Downgrade(channels):
            return f"downgrade {' '.join(channels)}"
        case Wait(until, channels, at_once):
            return f"wait {local(until)} {' '.join(channels)} now {' '.join(at_once)}"
        case Digest(slots, at_once):
            joined = " ".join(f"{slot.channel} {local(slot.closes_at)}" for slot in slots)
            return f"digest {joined} now {' '.join(at_once)}"
        case Skip():
            return "skip"


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_a_message_too_many_becomes_what_its_caps_say(case: Mapping[str, str]):
    bounds = replace(UNCAPPED, caps=caps(case["caps"]))
    ana = replace(ANA, zone=case["zone"])

    verdict = decide(
        find(case["notice"]), ana, pressure_of(case["heard"]), bounds, moment(case["at"])
    )

    assert shown(verdict.answer) == case["expect"]
