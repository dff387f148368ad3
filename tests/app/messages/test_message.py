"""The rules of one message's life, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs.lanes import Lane
from app.messages.message import (
    MOVES,
    TERMINAL,
    Claimed,
    Next,
    State,
    after_sending,
    before_sending,
    longest_wait_seconds,
)
from channels.contract import Accepted, GiveUp, Outcome, TryLater, Unknown
from orders_core.ids import new_id

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HELD = Claimed(
    id=new_id(),
    order_id=None,
    person_id=new_id(),
    notice="order_paid",
    channel="sms",
    address="x",
    locale="en",
    kind="order",
    lane=Lane.ORDER,
    variables={},
    expires_at=NOW + timedelta(hours=1),
    token=1,
    attempts=1,
    duplicate_risk=False,
    lease_ran_out=False,
    barred=None,
)
LOST = replace(HELD, lease_ran_out=True, attempts=2, duplicate_risk=True)


def test_what_is_over_stays_over() -> None:
    assert {"sent", "unknown", "failed", "expired", "cancelled"} == TERMINAL
    assert set(MOVES) == set(State)


def test_a_message_in_time_and_allowed_may_leave() -> None:
    assert before_sending(HELD, NOW) is None


def test_a_message_whose_time_is_over_never_leaves() -> None:
    late = before_sending(HELD, HELD.expires_at)

    assert late == Next(state=State.EXPIRED, counts=False)


def test_a_message_to_a_barred_address_is_withdrawn_with_the_reason() -> None:
    then = before_sending(replace(HELD, barred="the address is suppressed"), NOW)

    assert then == Next(state=State.CANCELLED, error="the address is suppressed", counts=False)


@pytest.mark.parametrize("kind", ["order", "security"])
def test_news_whose_worker_was_lost_leaves_again(kind: str) -> None:
    assert before_sending(replace(LOST, kind=kind), NOW) is None


@pytest.mark.parametrize("kind", ["marketing", "service"])
def test_advertising_whose_worker_was_lost_stays_unknown(kind: str) -> None:
    then = before_sending(replace(LOST, kind=kind), NOW)

    assert then is not None
    assert then.state is State.UNKNOWN


@pytest.mark.parametrize(
    "lost",
    [
        replace(LOST, expires_at=NOW),
        replace(LOST, barred="the address was removed"),
        replace(LOST, attempts=6),
    ],
)
def test_what_may_have_left_is_never_called_expired_or_cancelled(lost: Claimed) -> None:
    then = before_sending(lost, NOW)

    assert then is not None
    assert then.state is State.UNKNOWN
    assert then.error is not None


def test_an_accepted_message_is_sent() -> None:
    then = after_sending(HELD, Accepted("ref-1"), chance=0.5)

    assert then == Next(state=State.SENT, provider_ref="ref-1")


def test_a_refusal_for_good_fails_and_says_whether_the_address_is_dead() -> None:
    then = after_sending(HELD, GiveUp("no such user", address_is_dead=True), chance=0.5)

    assert then == Next(state=State.FAILED, error="no such user", address_is_dead=True)


@given(attempts=st.integers(1, 4), chance=st.floats(0, 1))
def test_a_busy_provider_is_tried_later_at_a_random_moment_of_a_growing_wait(
    attempts: int, chance: float
) -> None:
    then = after_sending(replace(HELD, attempts=attempts), TryLater("busy"), chance=chance)

    assert then.state is State.QUEUED
    assert then.wait_seconds == pytest.approx(chance * 30 * 4 ** (attempts - 1))
    assert not then.duplicate_risk


def test_waits_grow_and_end_at_an_hour() -> None:
    assert [longest_wait_seconds(number) for number in range(1, 6)] == [30, 120, 480, 1920, 3600]


def test_a_provider_that_names_a_wait_gets_at_least_that() -> None:
    then = after_sending(HELD, TryLater("throttled", after_seconds=90), chance=0.5)

    assert then.wait_seconds == 90 + 15


def test_five_tries_are_enough() -> None:
    then = after_sending(replace(HELD, attempts=5), TryLater("busy"), chance=0.5)

    assert then == Next(state=State.FAILED, error="tried 5 times: busy")


@pytest.mark.parametrize("kind", ["order", "security"])
def test_a_lost_answer_about_news_is_asked_again_once(kind: str) -> None:
    first = after_sending(replace(HELD, kind=kind), Unknown("timeout"), chance=0.5)
    second = after_sending(
        replace(HELD, kind=kind, attempts=2, duplicate_risk=True), Unknown("timeout"), chance=0.5
    )

    assert first == Next(state=State.QUEUED, error="timeout", wait_seconds=30, duplicate_risk=True)
    assert second == Next(state=State.UNKNOWN, error="timeout")


@pytest.mark.parametrize("kind", ["marketing", "service"])
def test_a_lost_answer_about_advertising_is_never_asked_again(kind: str) -> None:
    then = after_sending(replace(HELD, kind=kind), Unknown("timeout"), chance=0.5)

    assert then == Next(state=State.UNKNOWN, error="timeout")


@pytest.mark.parametrize("outcome", [Accepted(), GiveUp("x"), TryLater("x"), Unknown("x")])
@pytest.mark.parametrize("kind", ["security", "order", "support", "service", "marketing"])
def test_every_outcome_leads_where_a_held_message_may_go(outcome: Outcome, kind: str) -> None:
    then = after_sending(replace(HELD, kind=kind), outcome, chance=0.5)

    assert then.state in MOVES[State.SENDING]


@pytest.mark.parametrize(("passed_by", "then"), [(0, State.QUEUED), (-1, None)])
def test_a_second_bell_waits_to_be_decided_again_once_its_hours_are_over(
    passed_by: int, then: State | None
) -> None:
    lost = replace(LOST, stands_until=NOW - timedelta(seconds=passed_by))

    next_ = before_sending(lost, NOW)

    assert (next_ and next_.state) == then
    assert next_ is None or not next_.counts
