"""Ask for a step: one at a time, with what the story so far has to say."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.tower import wish_store
from app.tower.stage import Standing, Step, facts_for, standing, story
from orders_core.errors import CoreError
from orders_core.tx import Tx


class StepTooEarly(CoreError):
    """The step builds on one that was not played, or may not be played twice in one story."""

    def __init__(self, step: Step, why: Standing) -> None:
        self.step, self.why = step, why
        says = {
            Standing.EARLY: "the step before it was not played yet",
            Standing.PLAYED: "it was played in this story; `buy` begins a new one",
            Standing.BUSY: "another step is being played",
        }
        super().__init__(f"{step}: {says.get(why, why)}")


def ask_for(tx: Tx, step: Step, given: Mapping[str, Any]) -> UUID:
    """Write a wish with the facts of the present story, and return its id.

    Raises:
        StepTooEarly: If the story has not come so far, or another step is being played.
    """
    wish_store.give_up_on_silent(tx)
    told = story(wish_store.latest_done(tx))
    is_busy = any(wish.is_open for wish in wish_store.latest(tx))
    stands = standing(step, told, is_busy=is_busy)
    if stands is not Standing.OPEN:
        raise StepTooEarly(step, stands)
    return wish_store.add(tx, step, facts_for(told, given))
