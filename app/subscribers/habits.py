"""Where people look: learnt every night, in a worker, from what they opened of what rang."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.db import learning_store
from app.db.learning_store import HABITS
from app.house import House
from app.hub import habit_store
from app.hub.habit_store import Cell
from app.subscribers.learning import make_due
from ml.chance.measured import gain
from ml.channel.seen import Cells, Prior, belief, prior_of
from orders_core.tx import Tx


def ask_nightly(tx: Tx, due_at: datetime) -> str:
    """Ask for the night's look at where people look."""
    learning_store.ask(tx, HABITS, now=due_at)
    return "asked"


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """Make the runs that were asked for; return how many."""
    return make_due(house, may_go_on, HABITS, learn)


def learn(tx: Tx, now: datetime) -> Mapping[str, Any]:
    """Learn from what rang in ninety days and keep what it says of everybody; say what was found.

    Where too few people were rung on a channel nothing is kept of it.
    """
    counted = habit_store.count(tx, now=now)
    priors = {which: prior_of(cells) for which, cells in counted.items()}
    known = {which: prior for which, prior in priors.items() if prior is not None}
    cells = [cell for which, prior in known.items() for cell in _cells(*which, prior, counted)]
    people = habit_store.keep(tx, cells, now=now)
    routed = habit_store.routed(tx, now=now)
    brought = gain(routed.told)
    return {
        "rates": [_rate(*which, cells, priors[which]) for which, cells in counted.items()],
        "people": people,
        "ways": routed.ways,
        "gain": asdict(brought) if brought else None,
    }


def _cells(
    about: str, channel: str, prior: Prior, counted: Mapping[tuple[str, str], Cells]
) -> list[Cell]:
    """Say what is believed of each that was counted, and of whoever was never rung there."""
    return [
        Cell(about, channel, told, seen, belief(prior, told=told, seen=seen))
        for told, seen in {*counted[about, channel], (0, 0)}
    ]


def _rate(about: str, channel: str, cells: Cells, prior: Prior | None) -> dict[str, Any]:
    return {
        "about": about,
        "channel": channel,
        "people": sum(cells.values()),
        "told": sum(told * people for (told, _), people in cells.items()),
        "seen": sum(seen * people for (_, seen), people in cells.items()),
        "strength": prior.strength if prior else None,
    }
