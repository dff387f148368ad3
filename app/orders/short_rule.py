"""Who goes short first, as the decision table `order_short` says."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.rules import rule
from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.orders.order import NOT_YET_PAID, Payment
from orders_core.shortage.find import make_room
from orders_core.shortage.short import Act, Held, Rank, Turn
from orders_core.tx import Tx

TABLE = "order_short"
OFFERED: Mapping[str, Act] = {
    "may_wait": Act.WAIT,
    "may_swap": Act.SWAP,
    "may_refund": Act.REFUND,
}


def rank_by_table(tx: Tx, *, about: str, now: datetime) -> Rank:
    """Return the rule for one finding: the table is asked once for orders that look alike to it."""
    turns: dict[tuple[Any, ...], Turn] = {}

    def rank(held: Held) -> Turn:
        given = facts(held, now)
        key = tuple(given.values())
        if key not in turns:
            turns[key] = _turn(rule.ask(tx, TABLE, given, about=about, now=now).answer or {})
        return turns[key]

    return rank


def facts(held: Held, now: datetime) -> Mapping[str, Any]:
    """Return what the table looks at."""
    payment = held.payment if held.payment in NOT_YET_PAID else Payment.PAID
    return {
        "payment": str(payment),
        "days_waiting": max(0, (now - held.placed_at).days),
        "total": held.total_minor,
        "is_partly_shipped": held.is_partly_shipped,
    }


def _turn(answer: Mapping[str, Any]) -> Turn:
    choices = frozenset(act for name, act in OFFERED.items() if answer.get(name))
    return Turn(int(answer.get("rank", 1)), choices)


def make_room_by_table(
    tx: Tx, code: str, warehouse: str, *, on_hand: int, change: Change
) -> Sequence[OrderId]:
    """Take units from orders, as the table ranks them, until the rest fits a counted shelf."""
    rank = rank_by_table(tx, about=f"{code} {warehouse}", now=change.at)
    return make_room(tx, code, warehouse, on_hand=on_hand, rank=rank, change=change)
