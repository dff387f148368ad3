"""Ask for a return, and decide on it: by a rule that comes in, or by an agent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.ids import OrderId, SkuId, new_id, show
from orders_core.orders.order import Fulfilment
from orders_core.returns import order_store, store
from orders_core.returns.order_store import Sent, SentLine
from orders_core.returns.rma import (
    APPROVE,
    REJECT,
    Decision,
    Facts,
    Judge,
    Line,
    Move,
    Payer,
    Reason,
    Return,
    ReturnError,
    State,
    Verdict,
    Why,
    ask_an_agent,
    check_may,
)
from orders_core.tx import Tx

RETURNABLE = frozenset({Fulfilment.PARTLY_SHIPPED, Fulfilment.SHIPPED, Fulfilment.DELIVERED})
BY_TABLE = "return_approval"


class NotReturnable(ReturnError):
    """Nothing of the order can come back, or not so much of it."""

    def __init__(self, order_id: OrderId, because: str) -> None:
        self.order_id, self.because = order_id, because
        super().__init__(f"order {show('ord', order_id)} cannot be returned so: {because}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which units somebody wants to send back, by the position of their line, and why.

    The parcel may be named when it is known.
    """

    units: Mapping[int, int]
    reason: Reason
    carrier: str | None = None
    parcel_number: str | None = None


def request(
    tx: Tx, order_id: OrderId, wish: Wish, *, judge: Judge = ask_an_agent, change: Change
) -> Return:
    """Ask to send units back; the rule that comes in approves, rejects or leaves it to an agent.

    No unit is returned twice: the units that left are counted under the order's lock.

    Raises:
        NotFound: If there is no such order.
        NotReturnable: If the units have not left, or are on their way back already.
    """
    order = order_store.lock(tx, order_id)
    if order is None:
        raise NotFound("order", show("ord", order_id))
    lines = _lines(tx, order, wish)
    verdict = judge(_facts(tx, order, wish, lines, change.at))
    asked = Return(
        id=new_id(),
        order_id=order_id,
        state=State.REQUESTED,
        reason=wish.reason,
        who_pays=verdict.who_pays,
        refund_percent=verdict.refund_percent,
        amount_minor=None,
        currency=order.currency,
        carrier=wish.carrier,
        parcel_number=wish.parcel_number,
        requested_at=change.at,
        lines=lines,
    )
    store.add(tx, asked, change=change)
    if verdict.decision is Decision.ASK:
        return asked
    by_table = replace(change, by=BY_TABLE, why=Why.BY_TABLE)
    return _move(tx, asked, DECIDED[verdict.decision], verdict, change=by_table)


def _facts(tx: Tx, order: Sent, wish: Wish, lines: Sequence[Line], now: datetime) -> Facts:
    return Facts(
        reason=wish.reason,
        days_since_delivered=_days(order.delivered_at, now),
        amount_minor=sum(line.quantity * line.unit_minor for line in lines),
        currency=order.currency,
        returned_before=store.count_of(tx, order.person_id),
    )


DECIDED: Mapping[Decision, Move] = {Decision.APPROVE: APPROVE, Decision.REJECT: REJECT}


def decide(
    tx: Tx,
    return_id: UUID,
    decision: Decision,
    *,
    payer: Payer | None = None,
    refund_percent: int | None = None,
    change: Change,
) -> Return:
    """Approve or reject a return that waits for an agent; decided so before counts as done.

    Raises:
        NotFound: If there is no such return.
        IllegalReturn: If it was decided otherwise.
    """
    present = hold(tx, return_id)
    move = DECIDED[decision]
    if present.state is move.target:
        return present
    verdict = Verdict(
        decision,
        payer or present.who_pays,
        present.refund_percent if refund_percent is None else refund_percent,
    )
    return _move(tx, present, move, verdict, change=change)


def hold(tx: Tx, return_id: UUID) -> Return:
    """Lock a return, its order first.

    Raises:
        NotFound: If there is none.
    """
    known = store.find(tx, return_id)
    if known is not None and order_store.lock(tx, known.order_id):
        present = store.lock(tx, return_id)
        if present is not None:
            return present
    raise NotFound("return", show("ret", return_id))


def _move(tx: Tx, present: Return, move: Move, verdict: Verdict, *, change: Change) -> Return:
    check_may(present, move)
    values = {
        "who_pays": verdict.who_pays,
        "refund_percent": verdict.refund_percent,
        "decided_at": change.at,
    }
    store.move(tx, present, move.target, values, change=change)
    moved = store.find(tx, present.id)
    if moved is None:
        raise NotFound("return", present.ref)
    return moved


def _lines(tx: Tx, order: Sent, wish: Wish) -> tuple[Line, ...]:
    """Return the lines of a return of a locked order.

    Raises:
        NotReturnable: If so many units have not left, or came back before.
    """
    if order.mirrored:
        raise NotReturnable(order.id, "it lives in another shop, ask there")
    if order.fulfilment not in RETURNABLE:
        raise NotReturnable(order.id, f"its goods are {order.fulfilment}")
    wanted = {position: units for position, units in wish.units.items() if units}
    if not wanted or min(wanted.values()) < 0:
        raise NotReturnable(order.id, "name the lines and how many units of each")
    known = order_store.lines(tx, order.id)
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise NotReturnable(order.id, f"it has no line {unknown[0]}")
    _check_left(tx, order, known, wanted)
    return tuple(
        Line(
            position=position,
            sku_id=known[position].sku_id,
            code=known[position].code,
            quantity=units,
            unit_minor=known[position].unit_minor,
        )
        for position, units in sorted(wanted.items())
    )


def _check_left(
    tx: Tx, order: Sent, known: Mapping[int, SentLine], wanted: Mapping[int, int]
) -> None:
    spoken_for, sent = store.spoken_for(tx, order.id), order_store.left(tx, order.id)
    by_sku: Counter[SkuId] = Counter()
    for position, line in known.items():
        units = wanted.get(position, 0) + spoken_for.get(position, 0)
        by_sku[line.sku_id] += units
        too_many = max(units - line.quantity, by_sku[line.sku_id] - sent.get(line.sku_id, 0))
        if position in wanted and too_many > 0:
            may = max(0, wanted[position] - too_many)
            raise NotReturnable(order.id, f"{may} of {line.code} have left and may come back")


def _days(delivered_at: datetime | None, now: datetime) -> int | None:
    return (now - delivered_at).days if delivered_at else None
