"""Run the shop's background work in this process until nothing is due."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.house import House
from app.jobs.lanes import SLOW, Lane
from app.messages import deliver
from app.messages.deliver import Delivery
from app.messages.reply_to import reply_to_of
from app.subscribers.chores import chores_of
from app.subscribers.handle import handle_events
from app.templating.render import Renderer

NOTICES = Path(__file__).parents[2] / "templates"
LONGEST_SECONDS = 600


@cache
def renderer() -> Renderer:
    """Return the process's renderer of notices."""
    return Renderer.of_folder(NOTICES)


def delivery(
    house: House, *, worker: str | None = None, may_go_on: Callable[[], bool] = lambda: True
) -> Delivery:
    """Return what delivering needs, out of the house."""
    return Delivery(
        engine=house.engine,
        clock=house.clock,
        channels=house.channels,
        renderer=renderer(),
        worker=worker,
        replies=reply_to_of(house.settings),
        may_go_on=may_go_on,
    )


@dataclass
class Drained:
    """How many events were handled, messages dealt with and other things done that were due."""

    events: int = 0
    messages: int = 0
    chores: int = 0


def drain(house: House, *, at_most_seconds: float = LONGEST_SECONDS) -> Drained:
    """Handle events, deliver messages and do chores until nothing is due, or the time is up.

    Harmless beside running workers: every claim is taken by one process only. What computes for
    long is left to its own worker.
    """
    ends = time.monotonic() + at_most_seconds
    desk, chores = delivery(house), [one for one in chores_of() if one.worker != SLOW]
    total = Drained()
    while (left := ends - time.monotonic()) > 0:
        handled = handle_events(house)
        settled = sum(deliver.drain(desk, lane, at_most_seconds=left) for lane in Lane)
        done = sum(chore.run(house, lambda: time.monotonic() < ends) for chore in chores)
        total.events += handled.done
        total.messages += settled
        total.chores += done
        if not handled.done and not handled.failed and not settled and not done:
            break
    return total
