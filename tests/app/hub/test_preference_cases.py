"""Whose word holds: `cases/preferences.csv`, a row for each case a product person may ask about."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from app.hub.bounds import Bounds
from app.hub.catalogue import NOTICES
from app.hub.decide import decide
from app.hub.verdict import Because, Send, Skip
from app.people.choices import ChannelName
from app.people.levels import Level, Wishes
from tests.cast import ANA
from tests.shop import MORNING

TABLE = Path(__file__).parent / "cases" / "preferences.csv"
with TABLE.open(encoding="utf-8", newline="") as sheet:
    CASES = list(csv.DictReader(sheet))


def listed(text: str) -> list[str]:
    return [] if text == "-" else text.split("; ")


def said(case: dict[str, str]) -> dict[tuple[str, str], bool]:
    """Read `delivery.sms off; *.email on`."""
    found = {}
    for one in listed(case["the person said"]):
        cell, answer = one.split()
        about, on = cell.split(".")
        found[about, on] = answer == "on"
    return found


def wishes(case: dict[str, str]) -> Wishes:
    """Read `delivery.sms no locked; orders.email yes`."""
    found = []
    for one in listed(case["the shop says"]):
        cell, answer, *locked = one.split()
        about, on = cell.split(".")
        found.append((about, on, answer == "yes", bool(locked)))
    return tuple(found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what it shows"])
def test_the_case_is_decided_as_the_table_says(case: dict[str, str]):
    channels = tuple(ChannelName(one) for one in case["channels"].split())
    notice = replace(NOTICES[case["notice"]], channels=channels)
    person = replace(ANA, preferences=said(case))

    verdict = decide(notice, person, (), Bounds(preferences=wishes(case)), MORNING)

    reached = verdict.answer.channels if isinstance(verdict.answer, Send) else ()
    assert (" ".join(reached) or "-") == case["reaches"]
    asked = next(step.inputs for step in verdict.trace if step.rule == "preference")
    left_out = zip(asked.get("off", ()), asked.get("by", ()), strict=True)
    assert [f"{channel} {level}" for channel, level in left_out] == listed(case["left out by"])
    if not reached:
        is_own = any(level not in {Level.SHOP, Level.LOCK} for level in asked["by"])
        assert verdict.answer == Skip(Because.NOT_WANTED if is_own else Because.SHOP_SILENT)
        assert verdict.decided_by == "preference"


def test_every_level_decides_in_some_case():
    named = {one.split()[1] for case in CASES for one in listed(case["left out by"])}

    assert named == set(Level) - {Level.SYSTEM}
    assert len(CASES) >= 60
