"""What of the tour may be played: a story's steps build on each other, in this story."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.tower.stage import Standing, State, Step, Wish, facts_for, standing, story, window_after
from orders_core.ids import new_id

NOON = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)


def done(step: Step, minute: int, **result: Any) -> Wish:
    return Wish(
        id=new_id(),
        step=step,
        state=State.DONE,
        facts={},
        result=result,
        asked_at=NOON + timedelta(minutes=minute),
    )


def told(*wishes: Wish) -> dict[Step, Wish]:
    return dict(story({wish.step: wish for wish in wishes}))


def test_before_anything_was_bought_nothing_ships():
    assert standing(Step.BUY, {}, is_busy=False) is Standing.OPEN
    for step in (Step.SHIP, Step.LATE, Step.ASK):
        assert standing(step, {}, is_busy=False) is Standing.EARLY


@pytest.mark.parametrize("step", [Step.DOORS, Step.PLUG])
def test_the_doors_and_the_plug_need_no_story(step: Step):
    assert standing(step, {}, is_busy=False) is Standing.OPEN


def test_a_parcel_that_left_does_not_leave_again():
    known = told(done(Step.BUY, 1), done(Step.SHIP, 2))

    assert standing(Step.SHIP, known, is_busy=False) is Standing.PLAYED
    assert standing(Step.LATE, known, is_busy=False) is Standing.OPEN


def test_a_new_order_begins_a_new_story():
    known = told(done(Step.SHIP, 2), done(Step.LATE, 3), done(Step.BUY, 5))

    assert list(known) == [Step.BUY]
    assert standing(Step.SHIP, known, is_busy=False) is Standing.OPEN
    assert standing(Step.LATE, known, is_busy=False) is Standing.EARLY


def test_one_step_is_played_at_a_time():
    assert standing(Step.BUY, {}, is_busy=True) is Standing.BUSY


def test_a_player_is_told_what_came_before_and_what_was_given_last():
    known = told(done(Step.BUY, 1, order="a", parcel=None), done(Step.SHIP, 2, parcel="KY1"))

    assert facts_for(known, {"locale": "en"}) == {"order": "a", "parcel": "KY1", "locale": "en"}


def test_facts_of_an_older_story_are_not_told():
    known = told(done(Step.SHIP, 2, parcel="KY1"), done(Step.BUY, 5, order="b"))

    assert facts_for(known, {}) == {"order": "b"}


def test_what_a_step_caused_ends_where_the_next_begins():
    buy, ship, late = done(Step.BUY, 1), done(Step.SHIP, 2), done(Step.LATE, 3)

    assert window_after(buy, [late, ship, buy]) == ship.asked_at
    assert window_after(late, [late, ship, buy]) is None
