"""What just happened: the rows, events, verdicts and messages that one step left behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.ops.trace import Step as Written
from app.ops.trace import trace
from app.tower import wish_store
from app.tower.claims import order_of
from app.tower.stage import STORY, Step, Wish, window_after
from orders_core.errors import NotFound
from orders_core.ids import show
from orders_core.tx import Tx

LINKS = ("row", "event", "verdict", "message")  # the chain, in the order of cause and effect
KINDS: Mapping[str, str] = {"checkpoint": "row"}
MOST = 6


@dataclass(frozen=True, kw_only=True)
class Link:
    """One link of the chain: everything of one kind, oldest first, and how many are not shown."""

    kind: str
    written: Sequence[Written]
    more: int


def chain(tx: Tx, wish: Wish) -> Sequence[Link]:
    """Return what was written about a step's order from the moment the step was asked for.

    It ends where the next step of the story begins. Steps that are about no one order have none.
    """
    order_id = order_of(wish) if wish.step in STORY else None
    if order_id is None:
        return ()
    until = window_after(wish, [one for one in wish_store.latest(tx) if one.step in STORY])
    try:
        found = trace(tx, show("ord", order_id))
    except NotFound:
        return ()
    mine = [one for one in found.steps if _is_within(one, wish.asked_at, until)]
    return [_link(kind, mine) for kind in LINKS]


def _is_within(one: Written, since: datetime, until: datetime | None) -> bool:
    whole = since.replace(microsecond=since.microsecond // 1000 * 1000)
    return one.written_at >= whole and (until is None or one.written_at < until)


def _link(kind: str, written: Sequence[Written]) -> Link:
    own = [one for one in written if KINDS.get(one.kind, one.kind) == kind]
    return Link(kind=kind, written=own[:MOST], more=max(len(own) - MOST, 0))


def shown_step(wishes: Sequence[Wish], asked: Step | None) -> Step:
    """Return the step to show: the one asked for, else the newest, else the first."""
    if asked is not None:
        return asked
    return wishes[0].step if wishes else Step.BUY
