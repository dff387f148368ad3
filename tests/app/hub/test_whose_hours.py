"""Whose hours hold a bell: the person's own, the shop's, the law's. Cases in `cases/`."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.hub.bounds import Bounds
from app.hub.catalogue import ANNOUNCEMENT, ORDER_SHIPPED, Notice
from app.hub.decide import decide
from app.hub.question import Question
from app.hub.quiet_hours import plan, quiet_hours, stands_until
from app.hub.verdict import Because, Downgrade, Outcome, Skip, Wait
from app.people.choices import ChannelName
from app.people.hours import Window
from app.people.recipient import Recipient
from orders_core.ids import PersonId, new_id
from tests.cast import ANA

CASES = Path(__file__).parent / "cases" / "quiet_hours.csv"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NOTICES = {
    "news": ORDER_SHIPPED,
    "urgent": replace(ORDER_SHIPPED, is_urgent=True),
    "offer": ANNOUNCEMENT,
    "urgent offer": replace(ANNOUNCEMENT, is_urgent=True),
}
TEN_MINUTES = timedelta(minutes=10)
Row = dict[str, str]


def rows() -> list[Row]:
    with CASES.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def window(hours: str, days: str = "") -> Window | None:
    if not hours:
        return None
    start, end = map(time.fromisoformat, hours.split("-"))
    weekdays = frozenset(map(DAYS.index, days.split())) or frozenset(range(7))
    return Window(start, end, weekdays)


def instant(text: str, zone: str) -> datetime:
    wall = text.removesuffix(" again")
    local = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=int(wall != text))
    return local.astimezone(UTC)


def question(row: Row) -> Question:
    notice = NOTICES[row["notice"]]
    own = window(row["own hours"], row["own days"])
    shop = window(row["shop hours"])
    assert shop is not None
    bounds = Bounds(quiet=shop, is_quiet_locked=row["shop locked"] == "yes")
    now = instant(row["now"], row["zone"])
    return Question(notice, replace(ANA, zone=row["zone"], quiet=own), (), bounds, now)


def test_there_are_enough_cases_and_no_two_have_one_name():
    names = [row["case"] for row in rows()]

    assert len(names) == len(set(names)) >= 40


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["case"])
def test_a_bell_rings_when_the_table_says(row: Row):
    planned = plan(question(row), (row["channel"],))

    if row["rings"] == "at once":
        assert planned == ((row["channel"],), (), None, None)
    elif row["rings"] == "never":
        assert planned[:3] == ((), (row["channel"],), None)
    else:
        rings = instant(row["rings"], row["zone"])
        assert planned == ((), (row["channel"],), rings, row["whose"])


def asked(
    now: str,
    notice: Notice = ORDER_SHIPPED,
    who: Recipient = ANA,
    **bounds: Any,
) -> Question:
    return Question(notice, who, (), Bounds(**bounds), instant(now, who.zone))


def test_a_law_for_one_channel_holds_that_channel_alone():
    sold = replace(ANNOUNCEMENT, channels=(ChannelName.INAPP, ChannelName.PUSH, ChannelName.SMS))
    verdict = decide(sold, ANA, (), Bounds(), instant("2026-03-02 21:30", ANA.zone))

    morning = instant("2026-03-03 08:00", ANA.zone)
    assert verdict.answer == Wait(morning, ("sms",), ("inapp", "push"), Because.LEGAL_HOURS)


def test_what_the_law_and_the_night_hold_rings_together():
    sold = replace(ANNOUNCEMENT, channels=(ChannelName.PUSH, ChannelName.SMS))
    early = replace(ANA, quiet=Window(time(23), time(6)))

    planned = plan(asked("2026-03-02 23:30", sold, early), sold.channels)

    assert planned.held == ("push", "sms")
    assert planned.until == instant("2026-03-03 08:00", ANA.zone)


def test_hours_without_a_gap_leave_the_inbox_line_and_nothing_that_rings():
    day = replace(ANA, quiet=Window(time(8), time(22)))
    always = asked("2026-03-02 12:00", who=day, is_quiet_locked=True)

    with_inbox = quiet_hours(always, ("inapp", "push"))
    without = quiet_hours(always, ("push",))

    assert with_inbox.answer == Downgrade(("inapp",), Because.QUIET_HOURS)
    assert (without.outcome, without.answer) == (Outcome.SKIP, Skip(Because.QUIET_HOURS))


def rings_at(who: Recipient, **bounds: Any) -> datetime:
    until = plan(asked("2026-03-02 23:00", who=who, **bounds), ("push",)).until
    assert until is not None
    return until


def crowd(number: int) -> list[Recipient]:
    return [replace(ANA, person_id=PersonId(new_id())) for _ in range(number)]


def test_bells_are_spread_over_some_minutes_after_the_night_and_always_alike():
    edge = instant("2026-03-03 08:00", ANA.zone)
    people = crowd(300)

    spread = [rings_at(who, spread=TEN_MINUTES) for who in people]

    assert spread == [rings_at(who, spread=TEN_MINUTES) for who in people]
    assert all(edge <= at < edge + TEN_MINUTES for at in spread)
    assert len({at.minute for at in spread}) == 10


def test_nobody_is_last_every_morning():
    who = crowd(1)[0]
    mornings = {
        rings.minute
        for day in range(2, 30)
        if (
            rings := plan(
                asked(f"2026-03-{day:02} 23:00", who=who, spread=TEN_MINUTES), ("push",)
            ).until
        )
    }

    assert len(mornings) > 3


def test_the_spread_never_reaches_into_the_next_hours_of_anybody():
    gap = Window(time(8, 2), time(12))  # the night ends at 08:00, so two minutes are free
    for who in crowd(50):
        own = replace(who, quiet=gap)
        at = rings_at(own, spread=TEN_MINUTES, is_quiet_locked=True)
        assert at < instant("2026-03-03 08:02", ANA.zone)


def test_the_spread_is_shorter_than_the_notice_is_worth_reading():
    brief = replace(ORDER_SHIPPED, ttl=timedelta(seconds=30))
    for who in crowd(50):
        planned = plan(asked("2026-03-02 23:00", brief, who, spread=TEN_MINUTES), ("push",))
        assert planned.until is not None
        assert planned.until < instant("2026-03-03 08:00", ANA.zone) + brief.ttl


def test_a_decision_to_ring_stands_until_the_next_hours_begin():
    noon = asked("2026-03-02 12:00")

    assert stands_until(noon, "push") == instant("2026-03-02 22:00", ANA.zone)
    assert stands_until(noon, "inapp") is None
    assert stands_until(asked("2026-03-02 12:00", NOTICES["urgent"]), "push") is None
    assert stands_until(asked("2026-03-02 12:00", ANNOUNCEMENT), "sms") == instant(
        "2026-03-02 21:00", ANA.zone
    )


def test_hours_of_one_weekday_begin_in_a_week():
    sundays = replace(ANA, quiet=Window(time(10), time(12), frozenset({6})))

    begins = stands_until(asked("2026-03-08 11:00", who=sundays), "push")

    assert begins == instant("2026-03-15 10:00", ANA.zone)
