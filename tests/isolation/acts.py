"""Our own functions as works on one transaction, over goods made for each play."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import func, insert

from orders_core.catalog import store as catalog
from orders_core.catalog.sku import Sku
from orders_core.ids import OrderId, SkuId, new_id
from orders_core.money import Money
from orders_core.orders import refund
from orders_core.orders.address import ShipTo
from orders_core.orders.address_change import set_address
from orders_core.orders.allocate import Allocation, Strategy
from orders_core.orders.cancel import cancel_units
from orders_core.orders.edit import edit
from orders_core.orders.expire import expire
from orders_core.orders.moves import Reason
from orders_core.orders.order import Cause, OrderStatus
from orders_core.orders.outcome import Outcome, Placed
from orders_core.orders.place import WAREHOUSE, place
from orders_core.orders.ship import Shipment, ship
from orders_core.orders.tables import order_line, orders
from orders_core.shortage.find import make_room
from orders_core.stock import booking, bucket, level
from orders_core.stock import store as stock
from orders_core.stock.level import Cause as Why
from orders_core.stock.level import Move
from orders_core.tx import Tx
from tests.buying import change, moved, paid, wish
from tests.shop import MORNING

Work = Callable[[Tx], object]

HOLD = timedelta(minutes=30)
TIME_IS_UP = MORNING + HOLD
LATER = MORNING + timedelta(days=1)
PRICE_MINOR = 4_900
THERE = ShipTo(name="Ana", phone="+441632960001", country="GB", city="Leeds", street="1 High St")


def stocked(tx: Tx, code: str, units: int) -> None:
    """Put so many units of a new SKU on the shelf."""
    price = Money(PRICE_MINOR, "CNY")
    catalog.put(tx, [Sku(code=code, title_zh="马克杯", title_en="Mug", price=price)], now=MORNING)
    counting(code, units)(tx)


def key_of(tx: Tx, code: str) -> tuple[SkuId, str]:
    """Return the key of a SKU's level."""
    found = stock.sku_id_of(tx, code)
    assert found is not None
    return SkuId(found), WAREHOUSE


def buying(
    *lines: tuple[str, int], key: str | None = None, strategy: Strategy = Strategy.PRIORITY
) -> Work:
    """Ask for units; unpaid the order ends after half an hour."""

    def buy(tx: Tx) -> Outcome:
        asked = replace(wish(*lines, key=key), allocation=Allocation(strategy))
        [outcome] = place(tx, [asked], change=change(), hold=HOLD)
        return outcome

    return buy


def bought(tx: Tx, code: str, units: int = 1) -> OrderId:
    """Place an order that must fit."""
    outcome = buying((code, units))(tx)
    assert isinstance(outcome, Placed), outcome
    return outcome.order_id


def paying(order_id: OrderId, reference: str | None = None) -> Work:
    """Take the gateway's word."""
    return partial(paid, order_id=order_id, reference=reference)


def cancelling(order_id: OrderId) -> Work:
    """Call off the whole order."""
    return partial(moved, order_id=order_id, to=OrderStatus.CANCELLED)


def calling_off(order_id: OrderId, units: int) -> Work:
    """Call off some units of the first line."""
    why = Reason.CHANGED_MIND
    return lambda tx: cancel_units(tx, order_id, {1: units}, reason=why, change=change())


def editing(order_id: OrderId, code: str, units: int) -> Work:
    """Give the order another quantity."""
    return lambda tx: edit(tx, order_id, {code: units}, change=change())


def expiring(tx: Tx) -> None:
    """End what is unpaid."""
    expire(tx, now=TIME_IS_UP, at_most=100)


def shipping(order_id: OrderId, units: int | None = None) -> Work:
    """Let units leave, all by default."""
    shipments = [Shipment(units={1: units})] if units else []
    return lambda tx: ship(tx, order_id, shipments, change=change("clerk"))


def sending_to(order_id: OrderId, to: ShipTo = THERE) -> Work:
    """Send the order somewhere else."""
    return lambda tx: set_address(tx, order_id, to, change=change())


def counting(code: str, on_hand: int) -> Work:
    """Count the shelf, taking from orders what is not there."""

    def count(tx: Tx) -> None:
        by = change("clerk")
        make_room(tx, code, WAREHOUSE, on_hand=on_hand, change=by)
        level.count(tx, code, WAREHOUSE, on_hand=on_hand, oversell_limit=None, change=by)

    return count


def receiving(
    code: str, units: int, *, cause_id: UUID | None = None, warehouse: str = WAREHOUSE
) -> Work:
    """Book goods in."""
    came = Move(
        code=code,
        warehouse=warehouse,
        delta=units,
        cause=Why.RECEIPT,
        cause_id=cause_id or new_id(),
    )
    return lambda tx: level.record(tx, came, change=change("clerk"))


def booking_of(code: str, units: int) -> Callable[[Tx], booking.Booking]:
    """Promise units for half an hour."""
    wishes = [booking.Wish(code, units)]
    return lambda tx: booking.book(tx, wishes, until=TIME_IS_UP, change=change())


def confirming(booking_id: UUID) -> Work:
    """Let a booking's units leave, in the moment its time is over."""
    return lambda tx: booking.confirm(tx, booking_id, change=change(at=TIME_IS_UP))


def extending(booking_id: UUID) -> Work:
    """Hold a booking longer, in the moment its time is over."""
    late = change(at=TIME_IS_UP)
    return lambda tx: booking.extend(tx, booking_id, until=LATER, change=late)


def sweeping(tx: Tx) -> None:
    """End bookings whose time is over."""
    booking.sweep(tx, now=TIME_IS_UP, at_most=100)


def reserving(code: str, units: int, *, slot: int) -> Work:
    """Write an order whose units come out of buckets."""

    def reserve(tx: Tx) -> OrderId:
        key = key_of(tx, code)
        order_id = written(tx, key[0], code, units)
        bucket.reserve(tx, order_id, key, units, slot=slot, change=change())
        return order_id

    return reserve


def written(tx: Tx, sku_id: SkuId, code: str, units: int) -> OrderId:
    """Write an order of one line by hand; its units are somebody else's business."""
    order_id = OrderId(new_id())
    line = {"order_id": order_id, "position": 1, "sku_id": sku_id, "code": code, "title": code}
    tx.execute(insert(order_line).values(**line, quantity=units, unit_minor=PRICE_MINOR))
    tx.execute(
        insert(orders).values(
            id=order_id,
            number=func.nextval("order_number"),
            source="shop",
            person_id=order_id,
            status="placed",
            currency="CNY",
            total_minor=units * PRICE_MINOR,
            placed_at=MORNING,
            changed_by="till",
            change_reason="bought",
            changed_at=MORNING,
        )
    )
    return order_id


def asking_back(order_id: OrderId, amount_minor: int, *, cause_id: UUID | None = None) -> Work:
    """Ask for money back."""
    cause = cause_id or new_id()
    return lambda tx: refund.ask(
        tx,
        order_id,
        amount_minor=amount_minor,
        cause=Cause.RETURNED,
        cause_id=cause,
        change=change(),
    )
