"""What a step claims to have done, each claim checked against the database, not believed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.tower import claims_store
from app.tower.stage import State, Step, Wish
from orders_core.errors import BadId
from orders_core.ids import read
from orders_core.tx import Tx

PATIENCE_SECONDS = 20.0  # news that has not come by then will not come
A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One thing a step says; `holds` is None while its last messages are still on their way."""

    code: str
    holds: bool | None
    facts: Mapping[str, Any] = field(default_factory=dict)


def claims_of(tx: Tx, wish: Wish) -> Sequence[Claim]:
    """Check everything that a finished step claims; one that is not done claims nothing."""
    if wish.state is not State.DONE:
        return ()
    return tuple(CHECKS[wish.step](tx, wish))


def all_hold(claims: Sequence[Claim]) -> bool | None:
    """Say whether every claim holds; None while one of them is open and none is broken."""
    answers = [claim.holds for claim in claims]
    if False in answers:
        return False
    return None if None in answers else True


def order_of(wish: Wish) -> UUID | None:
    """Return the order that a step is about."""
    named = wish.result.get("order") or wish.facts.get("order")
    try:
        return read("ord", str(named))
    except BadId:
        return None


def _buy(tx: Tx, wish: Wish) -> Iterator[Claim]:
    order_id = order_of(wish)
    row = claims_store.order(tx, order_id) if order_id else None
    if row is None or order_id is None:
        yield Claim(code="order_kept", holds=False, facts={"number": wish.result.get("number")})
        return
    yield Claim(code="order_kept", holds=True, facts={"number": str(row.number)})
    asked, held = claims_store.units(tx, order_id)
    yield Claim(code="stock_claimed", holds=asked == held > 0, facts={"units": held})
    yield _told(tx, order_id, wish)


def _ship(tx: Tx, wish: Wish) -> Iterator[Claim]:
    order_id = order_of(wish)
    row = claims_store.order(tx, order_id) if order_id else None
    parcel = claims_store.parcel_of(tx, order_id) if order_id else None
    is_out = row is not None and row.status in {"shipped", "delivered"}
    number = parcel.number if parcel else None
    yield Claim(code="parcel_out", holds=is_out and parcel is not None, facts={"parcel": number})
    if order_id:
        yield _told(tx, order_id, wish)


def _late(tx: Tx, wish: Wish) -> Iterator[Claim]:
    order_id = order_of(wish)
    parcel = claims_store.parcel_of(tx, order_id) if order_id else None
    days = 0
    if parcel and parcel.promised_at and parcel.expected_at:
        days = -(-(parcel.expected_at - parcel.promised_at) // timedelta(days=1))
    yield Claim(code="parcel_late", holds=days > 0, facts={"n": max(days, 0)})
    if order_id:
        yield _told(tx, order_id, wish)


def _ask(tx: Tx, wish: Wish) -> Iterator[Claim]:
    facts = wish.result.get("facts") or []
    yield Claim(
        code="answer_rests",
        holds=bool(wish.result.get("answer")) and not wish.result.get("abstained") and bool(facts),
        facts={"n": len(facts)},
    )
    order_id = order_of(wish)
    row = claims_store.order(tx, order_id) if order_id else None
    number = str(row.number) if row else ""
    says = str(wish.result.get("answer") or "")
    yield Claim(code="answer_own", holds=bool(number) and number in says, facts={"number": number})


def _doors(tx: Tx, wish: Wish) -> Iterator[Claim]:
    units, won = _whole(wish, "units"), _whole(wish, "won")
    sold = claims_store.sold(tx, since=wish.asked_at, until=_end(wish))
    in_books = int(sold.units) if sold else 0
    yield Claim(
        code="exactly", holds=0 < units == won == in_books, facts={"won": in_books, "units": units}
    )
    left = claims_store.left_of(tx, sold.sku_id) if sold else -1
    yield Claim(code="none_left", holds=left == 0, facts={"left": max(left, 0)})
    buyers = _whole(wish, "buyers")
    yield Claim(
        code="all_answered",
        holds=_whole(wish, "failed") == 0 and won + _whole(wish, "sold_out") == buyers > 0,
        facts={"buyers": buyers, "sold_out": _whole(wish, "sold_out")},
    )


def _plug(tx: Tx, wish: Wish) -> Iterator[Claim]:
    orders, told, lost = (_whole(wish, name) for name in ("orders", "told", "lost"))
    yield Claim(
        code="nothing_lost",
        holds=lost == 0 and told == orders > 0,
        facts={"orders": orders, "told": told},
    )
    waiting = claims_store.unhandled(tx, since=wish.asked_at, until=_end(wish))
    yield Claim(code="nothing_waits", holds=waiting == 0 or None, facts={"waiting": waiting})


CHECKS: Mapping[Step, Callable[[Tx, Wish], Iterator[Claim]]] = {
    Step.BUY: _buy,
    Step.SHIP: _ship,
    Step.LATE: _late,
    Step.ASK: _ask,
    Step.DOORS: _doors,
    Step.PLUG: _plug,
}


def _told(tx: Tx, order_id: UUID, wish: Wish) -> Claim:
    """Say whether the news of a step has come to its end on every channel it took."""
    found = claims_store.told(tx, order_id, since=wish.asked_at)
    sent, open_ones = found.get("sent", 0), found.get("queued", 0) + found.get("sending", 0)
    facts = {"sent": sent, "verdicts": found["verdicts"], "held": open_ones}
    is_early = wish.silent_seconds < PATIENCE_SECONDS
    holds = True if sent else None if is_early else False
    return Claim(code="told", holds=holds, facts=facts)


def _whole(wish: Wish, name: str) -> int:
    value = wish.result.get(name, 0)
    return int(value) if isinstance(value, int | float) else 0


def _end(wish: Wish) -> datetime:
    return (wish.settled_at or wish.asked_at) + A_SECOND
