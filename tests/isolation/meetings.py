"""Our own functions, two or three at once, on the same rows: what threatens, what prevents it.

Each meeting is played statement by statement in many orders; whatever the order, what stands in the
end must be what one after the other would have left.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from orders_core.ids import OrderId, new_id
from orders_core.returns import request as returns
from orders_core.returns.rma import Reason
from orders_core.shortage.choice import Refund
from orders_core.shortage.choose import choose
from orders_core.shortage.fill import fill
from orders_core.stock import bucket, transfer
from orders_core.tx import Tx
from tests.buying import change, paid
from tests.isolation import acts
from tests.isolation.acts import PRICE_MINOR, Work
from tests.shop import MORNING

#: Prepares what stands on a new SKU of this code; returns the works that meet.
Scene = Callable[[Tx, str], Mapping[str, Work]]


@dataclass(frozen=True)
class Meeting:
    """Two functions, the anomaly that threatens where they meet, and the guard that prevents it."""

    functions: str
    anomaly: str
    guard: str
    scene: Scene

    @property
    def name(self) -> str:
        """The functions as a test's id."""
        return self.functions.replace("×", "x").replace(",", "").replace(" ", "-")


def _last_unit(tx: Tx, code: str) -> Mapping[str, Work]:
    acts.stocked(tx, code, 3)
    return {"a": acts.buying((code, 2)), "b": acts.buying((code, 2))}


def _one_key(tx: Tx, code: str) -> Mapping[str, Work]:
    acts.stocked(tx, code, 3)
    buy = acts.buying((code, 1), key=f"key-{code}")
    return {"a": buy, "b": buy}


def _crosswise(tx: Tx, code: str) -> Mapping[str, Work]:
    other = f"{code}X"
    acts.stocked(tx, code, 1)
    acts.stocked(tx, other, 1)
    return {
        "a": acts.buying((code, 1), (other, 1)),
        "b": acts.buying((other, 1), (code, 1)),
    }


def _place_and_count(tx: Tx, code: str) -> Mapping[str, Work]:
    acts.stocked(tx, code, 3)
    return {"place": acts.buying((code, 2)), "count": acts.counting(code, 1)}


def _place_and_expire(tx: Tx, code: str) -> Mapping[str, Work]:
    acts.stocked(tx, code, 1)
    acts.bought(tx, code)
    return {"place": acts.buying((code, 1)), "expire": acts.expiring}


def _place_and_book(tx: Tx, code: str) -> Mapping[str, Work]:
    acts.stocked(tx, code, 3)
    return {"place": acts.buying((code, 2)), "book": acts.booking_of(code, 2)}


def _placed(tx: Tx, code: str, units: int = 2) -> OrderId:
    acts.stocked(tx, code, 5)
    return acts.bought(tx, code, units)


def _paid(tx: Tx, code: str, units: int = 2) -> OrderId:
    return paid(tx, _placed(tx, code, units))


def _pay_and_cancel(tx: Tx, code: str) -> Mapping[str, Work]:
    order_id = _placed(tx, code)
    return {"pay": acts.paying(order_id), "cancel": acts.cancelling(order_id)}


def _pay_and_expire(tx: Tx, code: str) -> Mapping[str, Work]:
    return {"pay": acts.paying(_placed(tx, code)), "expire": acts.expiring}


def _pay_cancel_expire(tx: Tx, code: str) -> Mapping[str, Work]:
    order_id = _placed(tx, code)
    return {
        "pay": acts.paying(order_id),
        "cancel": acts.cancelling(order_id),
        "expire": acts.expiring,
    }


def _place_pay_expire(tx: Tx, code: str) -> Mapping[str, Work]:
    acts.stocked(tx, code, 2)
    order_id = acts.bought(tx, code, 2)
    return {
        "place": acts.buying((code, 1)),
        "pay": acts.paying(order_id),
        "expire": acts.expiring,
    }


def _cancel_and_expire(tx: Tx, code: str) -> Mapping[str, Work]:
    return {"cancel": acts.cancelling(_placed(tx, code)), "expire": acts.expiring}


def _pay_twice(tx: Tx, code: str) -> Mapping[str, Work]:
    first, second = _placed(tx, code, 1), acts.bought(tx, code)
    one = f"gateway-{code}"
    return {"a": acts.paying(first, one), "b": acts.paying(second, one)}


def _cancel_and_ship(tx: Tx, code: str) -> Mapping[str, Work]:
    order_id = _paid(tx, code)
    return {"cancel": acts.cancelling(order_id), "ship": acts.shipping(order_id)}


def _ship_parts(tx: Tx, code: str) -> Mapping[str, Work]:
    order_id = _paid(tx, code, 3)
    return {"a": acts.shipping(order_id, 2), "b": acts.shipping(order_id, 2)}


def _call_off_parts(tx: Tx, code: str) -> Mapping[str, Work]:
    order_id = _paid(tx, code, 3)
    return {"a": acts.calling_off(order_id, 2), "b": acts.calling_off(order_id, 2)}


def _edit_and_ship(tx: Tx, code: str) -> Mapping[str, Work]:
    order_id = _paid(tx, code, 3)
    return {"edit": acts.editing(order_id, code, 1), "ship": acts.shipping(order_id)}


def _edit_and_edit(tx: Tx, code: str) -> Mapping[str, Work]:
    order_id = _placed(tx, code, 1)
    return {"a": acts.editing(order_id, code, 4), "b": acts.editing(order_id, code, 2)}


def _address_and_ship(tx: Tx, code: str) -> Mapping[str, Work]:
    order_id = _paid(tx, code)
    return {"set_address": acts.sending_to(order_id), "ship": acts.shipping(order_id)}


def _refunds(tx: Tx, code: str) -> Mapping[str, Work]:
    order_id, most = _paid(tx, code), 2 * PRICE_MINOR
    return {
        "a": acts.asking_back(order_id, most - 1),
        "b": acts.asking_back(order_id, most - 1),
    }


def _refund_once(tx: Tx, code: str) -> Mapping[str, Work]:
    order_id, cause_id = _paid(tx, code), new_id()
    ask = acts.asking_back(order_id, 100, cause_id=cause_id)
    return {"a": ask, "b": ask}


def _deliveries(tx: Tx, code: str) -> Mapping[str, Work]:
    acts.stocked(tx, code, 1)
    return {"a": acts.receiving(code, 2), "b": acts.receiving(code, 3)}


def _one_delivery(tx: Tx, code: str) -> Mapping[str, Work]:
    acts.stocked(tx, code, 1)
    receive = acts.receiving(code, 2, cause_id=new_id())
    return {"a": receive, "b": receive}


def _sending(code: str, origin: str, target: str) -> Work:
    road = transfer.Road(origin=origin, target=target)
    units = {code: 2, f"{code}X": 1}
    return lambda tx: transfer.send(tx, road, units, change=change("clerk"))


def _transfers(tx: Tx, code: str) -> Mapping[str, Work]:
    for one in (code, f"{code}X"):
        acts.stocked(tx, one, 3)
        acts.receiving(one, 3, warehouse="annex")(tx)
    return {
        "a": _sending(code, "main", "annex"),
        "b": _sending(code, "annex", "main"),
    }


def _counts(tx: Tx, code: str) -> Mapping[str, Work]:
    paid(tx, _placed(tx, code, 4))
    return {"a": acts.counting(code, 3), "b": acts.counting(code, 2)}


def _count_and_ship(tx: Tx, code: str) -> Mapping[str, Work]:
    order_id = _paid(tx, code, 4)
    return {"count": acts.counting(code, 2), "ship": acts.shipping(order_id)}


def _short(tx: Tx, code: str) -> OrderId:
    order_id = _paid(tx, code, 4)
    acts.counting(code, 1)(tx)
    return order_id


def _choosing(order_id: OrderId) -> Work:
    return lambda tx: choose(tx, order_id, Refund(), change=change("shopper"))


def _choices(tx: Tx, code: str) -> Mapping[str, Work]:
    choosing = _choosing(_short(tx, code))
    return {"a": choosing, "b": choosing}


def _choice_and_fill(tx: Tx, code: str) -> Mapping[str, Work]:
    order_id = _short(tx, code)
    acts.receiving(code, 3)(tx)
    return {
        "choose": _choosing(order_id),
        "fill": lambda tx: fill(tx, now=MORNING, at_most=100),
    }


def _returning(order_id: OrderId) -> Work:
    asked = returns.Wish(units={1: 2}, reason=Reason.DAMAGED)
    return lambda tx: returns.request(tx, order_id, asked, change=change("shopper"))


def _return_once(tx: Tx, code: str) -> Mapping[str, Work]:
    order_id = _paid(tx, code, 3)
    acts.shipping(order_id)(tx)
    return {"a": _returning(order_id), "b": _returning(order_id)}


def _bookings(tx: Tx, code: str) -> Mapping[str, Work]:
    acts.stocked(tx, code, 3)
    return {"a": acts.booking_of(code, 2), "b": acts.booking_of(code, 2)}


def _confirm_and_sweep(tx: Tx, code: str) -> Mapping[str, Work]:
    acts.stocked(tx, code, 3)
    booked = acts.booking_of(code, 2)(tx)
    return {"confirm": acts.confirming(booked.id), "sweep": acts.sweeping}


def _book_confirm_sweep(tx: Tx, code: str) -> Mapping[str, Work]:
    acts.stocked(tx, code, 3)
    booked = acts.booking_of(code, 2)(tx)
    return {
        "confirm": acts.confirming(booked.id),
        "place": acts.buying((code, 2)),
        "sweep": acts.sweeping,
    }


def _extend_and_sweep(tx: Tx, code: str) -> Mapping[str, Work]:
    acts.stocked(tx, code, 3)
    booked = acts.booking_of(code, 2)(tx)
    return {"extend": acts.extending(booked.id), "sweep": acts.sweeping}


def _buckets(tx: Tx, code: str) -> Mapping[str, Work]:
    acts.stocked(tx, code, 3)
    bucket.hand_out(tx, acts.key_of(tx, code), slots=2, change=change())
    return {"a": acts.reserving(code, 2, slot=0), "b": acts.reserving(code, 2, slot=1)}


LEVEL = "the level's row is locked before it is read (`FOR UPDATE`, by SKU and warehouse)"
ORDER = "the order's row is locked before it is read (`FOR UPDATE`)"
BOTH = f"levels, then the order: {ORDER}"

MEETINGS: Sequence[Meeting] = (
    Meeting("place × place", "P4", f"{LEVEL}; CHECK `reserved_within_stock` behind it", _last_unit),
    Meeting("place × place, one key", "G2", "`ON CONFLICT DO NOTHING` on the key", _one_key),
    Meeting("place × place, crosswise", "deadlock", "levels in one order", _crosswise),
    Meeting("place × count", "P4", LEVEL, _place_and_count),
    Meeting("place × expire", "P4", LEVEL, _place_and_expire),
    Meeting("place × book", "P4", LEVEL, _place_and_book),
    Meeting("pay × cancel", "P4", ORDER, _pay_and_cancel),
    Meeting("pay × expire", "P4", f"{ORDER}, by the sweeper with `SKIP LOCKED`", _pay_and_expire),
    Meeting("cancel × expire", "P4", BOTH, _cancel_and_expire),
    Meeting("pay × cancel × expire", "P4", BOTH, _pay_cancel_expire),
    Meeting("place × pay × expire", "P4", BOTH, _place_pay_expire),
    Meeting("pay × pay, one reference", "G2", "UNIQUE on the reference", _pay_twice),
    Meeting("cancel × ship", "P4", BOTH, _cancel_and_ship),
    Meeting("ship × ship", "G2-item", BOTH, _ship_parts),
    Meeting("cancel units × cancel units", "G2-item", BOTH, _call_off_parts),
    Meeting("edit × ship", "G2-item", BOTH, _edit_and_ship),
    Meeting("edit × edit", "P4", BOTH, _edit_and_edit),
    Meeting(
        "set address × ship", "P4", f"{ORDER}, and asked again in the UPDATE", _address_and_ship
    ),
    Meeting("refund × refund", "G2-item", f"{ORDER}; CHECK `refund <= paid` behind it", _refunds),
    Meeting("refund × refund, one cause", "G2", "UNIQUE (cause, cause_id)", _refund_once),
    Meeting("receive × receive", "P4", LEVEL, _deliveries),
    Meeting("receive × receive, one cause", "G2", "`ON CONFLICT DO NOTHING` on it", _one_delivery),
    Meeting("transfer × transfer", "deadlock", "levels in one order", _transfers),
    Meeting("count × count", "P4", LEVEL, _counts),
    Meeting("count × ship", "G-single", BOTH, _count_and_ship),
    Meeting("choose × choose", "P4", f"{BOTH}, then the shortage", _choices),
    Meeting("choose × fill", "P4", f"{BOTH}, then the shortage", _choice_and_fill),
    Meeting("return × return", "G2", ORDER, _return_once),
    Meeting("book × book", "P4", LEVEL, _bookings),
    Meeting("confirm booking × sweep", "P4", "the booking's row is locked", _confirm_and_sweep),
    Meeting("confirm booking × place × sweep", "P4", LEVEL, _book_confirm_sweep),
    Meeting("extend booking × sweep", "P4", "the booking's row is locked", _extend_and_sweep),
    Meeting("bucket × bucket", "G2-item", "buckets by `FOR UPDATE`, then all in order", _buckets),
)
