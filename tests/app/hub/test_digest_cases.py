"""What is folded, into what and until when: `cases/digest.csv`, a row for each case."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hub.bounds import Bounds
from app.hub.catalogue import find
from app.hub.decide import decide
from app.hub.digest import closes_after
from app.hub.verdict import Because, Digest, Send
from app.people.choices import ChannelName, Rhythm
from app.people.recipient import Recipient
from tests.app.hub.test_quiet_hours import places_and_days
from tests.cast import ANA

TABLE = Path(__file__).parent / "cases" / "digest.csv"
with TABLE.open(encoding="utf-8", newline="") as sheet:
    CASES = list(csv.DictReader(sheet))
COLUMNS = {"inbox": "inapp", "email": "email", "push": "push", "sms": "sms"}


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def person(case: dict[str, str]) -> Recipient:
    rhythms = {channel: case[name] for name, channel in COLUMNS.items() if case[name] != "-"}
    return replace(ANA, zone=case["zone"], rhythms=rhythms)


def bounds(case: dict[str, str]) -> Bounds:
    if case["shop"] == "-":
        return Bounds()
    kind, channel, rhythm = case["shop"].split()
    return Bounds(rhythms=((kind, channel, rhythm),))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what it shows"])
def test_the_case_is_decided_as_the_table_says(case: dict[str, str]):
    now = local(case["local time"], case["zone"])
    notice = find(case["notice"])

    verdict = decide(notice, person(case), (), bounds(case), now)

    slots = {
        f"{slot.channel} {slot.closes_at.astimezone(ZoneInfo(case['zone'])):%Y-%m-%d %H:%M}"
        for slot in (verdict.answer.slots if isinstance(verdict.answer, Digest) else ())
    }
    assert slots == set(filter(None, case["folded into"].split("; ")))
    assert isinstance(verdict.answer, Digest | Send)
    at_once = (
        verdict.answer.channels if isinstance(verdict.answer, Send) else verdict.answer.at_once
    )
    assert set(at_once) == set(case["at once"].split())
    if slots:
        assert (verdict.decided_by, verdict.because) == ("rhythm", Because.FOLDED)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    where=places_and_days(),
    minute=st.integers(0, 24 * 60 - 1),
    rhythm=st.sampled_from([Rhythm.HOURLY, Rhythm.DAILY, Rhythm.WEEKLY]),
)
def test_a_slot_closes_later_and_soon_in_every_zone_and_at_every_change(where, minute, rhythm):
    zone, day = where
    now = datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=minute)

    closes = closes_after(rhythm, now, zone)

    longest = {"hourly": timedelta(hours=1), "daily": timedelta(hours=26)}
    assert now < closes <= now + longest.get(rhythm, timedelta(days=7, hours=2))
    if rhythm is not Rhythm.HOURLY:
        there = closes.astimezone(ZoneInfo(zone))
        assert there.hour == 18
        assert rhythm is Rhythm.DAILY or there.weekday() == 0
    assert closes_after(rhythm, closes - timedelta(microseconds=1), zone) == closes


def test_every_channel_can_have_a_digest():
    assert set(find("digest").channels) == set(ChannelName)
