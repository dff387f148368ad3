"""Nights, muted orders and pauses: what rings all the same, what waits, what leaves its line."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.hub.catalogue import (
    CASE_ANSWERED,
    CASE_RECEIVED,
    ORDER_PAID,
    ORDER_SHIPPED,
    SECURITY_CODE,
    Notice,
)
from app.hub.verdict import Because, Outcome, Send, Wait
from tests.app.hub.deciding import MORNING, MUTED, NIGHT, NOON, PAUSED, told
from tests.cast import ANA, CHIYO


def test_at_night_bells_wait_for_the_morning_and_the_inbox_does_not():
    verdict = told(ORDER_SHIPPED, at=NIGHT)

    assert verdict.answer == Wait(MORNING, ("email", "sms"), ("inapp",), Because.QUIET_HOURS)
    assert verdict.decided_by == "quiet_hours"


def test_urgent_news_rings_at_night():
    assert told(ORDER_PAID, at=NIGHT).answer == Send(("inapp", "email", "push"))


def test_the_night_is_the_persons_own():
    seven_in_shanghai = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # 07:30, and 08:30 in Tokyo

    assert told(ORDER_SHIPPED, ANA, at=seven_in_shanghai).because is Because.QUIET_HOURS
    assert told(ORDER_SHIPPED, CHIYO, at=seven_in_shanghai).because is None


def test_at_night_what_only_goes_to_the_inbox_goes():
    ana = replace(ANA, addresses={"inapp": ("ana",)})

    assert told(ORDER_SHIPPED, ana, at=NIGHT).answer == Send(("inapp",))


def test_news_of_a_muted_order_leaves_its_line_in_the_inbox_and_rings_nowhere():
    verdict = told(ORDER_PAID, MUTED)

    assert verdict.answer == Send(("inapp",))
    narrowed = [step for step in verdict.trace if step.outcome is Outcome.NARROW]
    assert [(step.rule, step.inputs) for step in narrowed] == [("mute", {"off": ["email", "push"]})]


@pytest.mark.parametrize("asked_for", [CASE_RECEIVED, CASE_ANSWERED, SECURITY_CODE])
def test_what_a_person_asked_for_rings_though_they_muted_the_order(asked_for: Notice):
    assert told(asked_for, MUTED).answer == Send(asked_for.channels)


def test_an_answer_waits_for_the_morning_and_the_receipt_of_a_question_does_not():
    assert told(CASE_RECEIVED, at=NIGHT).answer == Send(("inapp", "email"))
    assert told(CASE_ANSWERED, at=NIGHT).answer == Wait(
        MORNING, ("email", "push"), ("inapp",), Because.QUIET_HOURS
    )


def test_while_everything_is_paused_news_leaves_its_line_and_rings_nowhere():
    verdict = told(ORDER_PAID, PAUSED)

    assert verdict.answer == Send(("inapp",))
    assert told(ORDER_PAID, PAUSED, at=NOON + timedelta(days=1)).answer != verdict.answer


@pytest.mark.parametrize("notice", [SECURITY_CODE, CASE_ANSWERED], ids=lambda one: one.name)
def test_what_somebody_asked_for_rings_through_a_pause(notice: Notice):
    assert told(notice, PAUSED).answer == told(notice).answer
