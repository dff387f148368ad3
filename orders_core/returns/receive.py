"""Goods came back: restocked or scrapped, their money asked back, the return closed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.ids import SkuId, show
from orders_core.orders.order import Cause, Fulfilment
from orders_core.orders.refund import write
from orders_core.returns import order_store, store
from orders_core.returns.order_store import Sent
from orders_core.returns.request import hold
from orders_core.returns.rma import (
    CLOSE,
    RECEIVE,
    Condition,
    Outcome,
    Return,
    ReturnError,
    Sort,
    State,
    Why,
    check_may,
    worth,
)
from orders_core.stock import level
from orders_core.stock import store as stock
from orders_core.stock.level import Cause as Moving
from orders_core.tx import Tx

WHOLE = frozenset({Fulfilment.SHIPPED, Fulfilment.DELIVERED})


class NotAwaited(ReturnError):
    """More came back than the return speaks of, or other goods."""

    def __init__(self, one: Return, position: int, units: int) -> None:
        self.position, self.units = position, units
        super().__init__(f"return {one.ref} awaits no {units} units of line {position}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Units of one line in one condition."""

    position: int
    units: int
    condition: Condition


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came back and into which warehouse; a rule says what becomes of each condition."""

    came: Sequence[Came]
    warehouse: str
    sort: Sort


def receive(tx: Tx, return_id: UUID, receipt: Receipt, *, change: Change) -> Return:
    """Take goods back into stock, or write them off, and ask for their money; twice is once.

    Each SKU comes back by one movement, and what is scrapped goes by another. When every unit of
    the order came back, its goods are `returned`. Locks: levels in SKU order, the order, the
    return.

    Raises:
        NotFound: If there is no such return.
        IllegalReturn: If it was not approved.
        NotAwaited: If more comes than was approved, or nothing at all.
    """
    known = store.find(tx, return_id)
    if known is None:
        raise NotFound("return", show("ret", return_id))
    for sku_id in sorted({line.sku_id for line in known.lines}):
        stock.lock_level(tx, sku_id, receipt.warehouse, change=change)
    order = order_store.lock(tx, known.order_id)
    present = store.lock(tx, return_id)
    if order is None or present is None:
        raise NotFound("return", show("ret", return_id))
    if present.received_at is not None:
        return present
    check_may(present, RECEIVE)
    units = _sorted(present, receipt)
    store.came(tx, return_id, units)
    _into_stock(tx, present, units, receipt.warehouse, change=change)
    amount = _give_back(tx, order, present, units, change=change)
    values = {"received_at": change.at, "amount_minor": amount}
    store.move(tx, present, State.RECEIVED, values, change=change)
    if not amount:
        _close(tx, return_id, change=replace(change, why=Why.NOTHING_TO_REFUND))
    return _read(tx, return_id)


def close(tx: Tx, return_id: UUID, *, change: Change) -> Return:
    """Close a return whose money went back; closed twice is closed once.

    Raises:
        NotFound: If there is no such return.
        IllegalReturn: If nothing of it was received.
    """
    present = hold(tx, return_id)
    if present.state is State.CLOSED:
        return present
    check_may(present, CLOSE)
    _close(tx, return_id, change=change)
    return _read(tx, return_id)


def _close(tx: Tx, return_id: UUID, *, change: Change) -> None:
    received = _read(tx, return_id)
    store.move(tx, received, State.CLOSED, {"closed_at": change.at}, change=change)


def _read(tx: Tx, return_id: UUID) -> Return:
    found = store.find(tx, return_id)
    if found is None:
        raise NotFound("return", show("ret", return_id))
    return found


def _sorted(one: Return, receipt: Receipt) -> Mapping[int, tuple[int, int]]:
    """Say of each line how many units are restocked and how many scrapped."""
    units: dict[int, tuple[int, int]] = {}
    for came in receipt.came:
        restocked, scrapped = units.get(came.position, (0, 0))
        if receipt.sort(came.condition, one.reason) is Outcome.RESTOCKED:
            restocked += came.units
        else:
            scrapped += came.units
        units[came.position] = (restocked, scrapped)
    awaited = {line.position: line.quantity for line in one.lines}
    for position, (restocked, scrapped) in units.items():
        if not 0 < restocked + scrapped <= awaited.get(position, 0):
            raise NotAwaited(one, position, restocked + scrapped)
    if not units:
        raise NotAwaited(one, one.lines[0].position, 0)
    return units


def _into_stock(
    tx: Tx, one: Return, units: Mapping[int, tuple[int, int]], warehouse: str, *, change: Change
) -> None:
    came: Counter[tuple[SkuId, str]] = Counter()
    gone: Counter[tuple[SkuId, str]] = Counter()
    for line in one.lines:
        restocked, scrapped = units.get(line.position, (0, 0))
        came[line.sku_id, line.code] += restocked + scrapped
        gone[line.sku_id, line.code] += scrapped
    for key in sorted(came):
        for cause, delta in ((Moving.RETURN, came[key]), (Moving.SCRAP, -gone[key])):
            if delta:
                moved = level.Move(
                    code=key[1], warehouse=warehouse, delta=delta, cause=cause, cause_id=one.id
                )
                level.record(tx, moved, change=change)


def _give_back(
    tx: Tx, order: Sent, one: Return, units: Mapping[int, tuple[int, int]], *, change: Change
) -> int:
    """Ask for the money of what came, and note on the order if it was all; return the amount."""
    prices = {line.position: line.unit_minor for line in one.lines}
    cost = {position: (sum(came), prices[position]) for position, came in units.items()}
    amount = min(worth(cost, one.refund_percent), order.paid_minor - order.refund_minor)
    refund_id = write(
        tx,
        order.id,
        money=(amount, order.currency),
        cause=Cause.RETURNED,
        cause_id=one.id,
        change=change,
    )
    asked = amount if refund_id else 0
    back = store.received_units(tx, order.id)
    bought = sum(line.quantity for line in order_store.lines(tx, order.id).values())
    is_whole = order.fulfilment in WHOLE and back == bought
    order_store.give_back(tx, order.id, refund_minor=asked, is_whole=is_whole, change=change)
    return asked
