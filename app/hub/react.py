"""Events of orders and parcels become wishes to tell somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.access.keys import is_trial
from app.hub import customs
from app.hub.catalogue import (
    ADDRESS_CHANGED,
    ATTEMPT_FAILED,
    CUSTOMS_HOLD,
    ORDER_DELAYED,
    ORDER_DELIVERED,
    ORDER_SHORT,
    OUT_FOR_DELIVERY,
    PARTLY_SHIPPED,
    PICKUP_READY,
    PREORDER_BALANCE_DUE,
    REFUND_ARRIVED,
    REFUND_STARTED,
    RETURN_APPROVED,
    RETURN_RECEIVED,
    TOLD_BY_STATUS,
    Notice,
)
from app.hub.decision import Decision
from app.hub.ended import ended
from app.hub.gifts import with_receivers
from app.hub.notify import notify
from app.hub.order_facts import of_balance, of_event, of_order, of_parcel, of_short
from app.hub.policy import Policy
from app.hub.question import Standing
from app.hub.standing import day_of, standing_of
from app.hub.told_store import told_before
from app.hub.wish import Wish
from orders_core.events import Event, EventType, Ring
from orders_core.ids import OrderId
from orders_core.orders import store as orders
from orders_core.orders.order import Order
from orders_core.parcels import store as parcels
from orders_core.parcels.parcel import Direction, Parcel, ParcelStatus
from orders_core.shortage.offer import Missing, missing
from orders_core.tx import Tx

TOLD_BY_EVENT: Mapping[EventType, Notice] = {
    EventType(f"order.{status}"): notice for status, notice in TOLD_BY_STATUS.items()
} | {
    EventType.ORDER_PARTLY_SHIPPED: PARTLY_SHIPPED,
    EventType.ORDER_BALANCE_DUE: PREORDER_BALANCE_DUE,
    EventType.ORDER_ADDRESS_CHANGED: ADDRESS_CHANGED,
    EventType.ORDER_SHORT: ORDER_SHORT,
    EventType.REFUND_ASKED: REFUND_STARTED,
    EventType.REFUND_MADE: REFUND_ARRIVED,
    EventType.PARCEL_OUT_FOR_DELIVERY: OUT_FOR_DELIVERY,
    EventType.PARCEL_AT_STATION: PICKUP_READY,
    EventType.PARCEL_ATTEMPT_FAILED: ATTEMPT_FAILED,
    EventType.PARCEL_EXCEPTION: CUSTOMS_HOLD,
    EventType.RETURN_APPROVED: RETURN_APPROVED,
    EventType.RETURN_RECEIVED: RETURN_RECEIVED,
}
#: Without this fact the event is no news: an address that was there before, a code to fetch with.
NEWS_ONLY_WITH: Mapping[EventType, str] = {
    EventType.ORDER_BALANCE_DUE: "balance_until",
    EventType.ORDER_ADDRESS_CHANGED: "ship_to",
    EventType.PARCEL_AT_STATION: "pickup_code",
}
#: What tells two events apart that are news each: a second address is told again.
TOLD_AGAIN_BY: Mapping[EventType, str] = {
    EventType.ORDER_BALANCE_DUE: "balance_until",
    EventType.ORDER_ADDRESS_CHANGED: "ship_to",
    EventType.PARCEL_ATTEMPT_FAILED: "last_scan_at",
}
ARRIVED = frozenset({ParcelStatus.DELIVERED, ParcelStatus.RETURNING, ParcelStatus.RETURNED})


@dataclass(frozen=True)
class News:
    """An event, the order it is about, and the notice it implies."""

    event: Event
    notice: Notice
    order: Order
    parcel: Parcel | None
    short: Sequence[Missing] = ()
    is_fetched: bool = False
    is_ended: bool = False


def react(tx: Tx, events: Sequence[Event], *, policy: Policy, now: datetime) -> Sequence[Decision]:
    """Tell people what these events imply; return what was decided anew.

    An event that may not ring implies nothing. One of replay is decided as of its own time, as if
    nothing had happened since; a live one at `now`, where the order stands now.
    """
    about = [
        (event, notice, order_id)
        for event in events
        for notice in implied(event)
        if (order_id := order_of(event)) is not None
    ]
    about = customs.only_held(tx, about)
    ids = sorted({order_id for _, _, order_id in about})
    if not ids:
        return []
    known, sent_in = orders.many(tx, ids), parcels.of_orders(tx, ids)
    fetched = _fetched(tx, about, known, sent_in)
    short = missing(tx, [order_id for _, notice, order_id in about if notice.of_short])
    over = ended(
        tx, [event.entity_id for event, notice, _ in about if notice.of_refund or notice.of_return]
    )
    news = [
        News(
            event,
            notice,
            known[order_id],
            _parcel(event, sent_in.get(order_id, ())),
            short.get(order_id, ()),
            order_id in fetched,
            event.entity_id in over,
        )
        for event, notice, order_id in about
        if order_id in known
    ]
    wishes = with_receivers(tx, [_wish(one, now) for one in news])
    return notify(tx, wishes, policy=policy, now=now)


def implied(event: Event) -> tuple[Notice, ...]:
    """Say which notices an event implies, whoever it concerns."""
    if event.ring is Ring.NEVER:
        return ()
    if event.new.get("direction") == Direction.BACK:
        return ()  # whoever sends it back knows where it is
    told = TOLD_BY_EVENT.get(event.type)
    notices = (told,) if told and _is_news(event) else ()
    return (*notices, ORDER_DELAYED) if _is_pushed_back(event) else notices


def _is_news(event: Event) -> bool:
    needed = NEWS_ONLY_WITH.get(event.type)
    if needed is None:
        return True
    is_first_address = event.type is EventType.ORDER_ADDRESS_CHANGED and not (event.old or {}).get(
        needed
    )
    return bool(event.new.get(needed)) and not is_first_address


def _is_pushed_back(event: Event) -> bool:
    """Say whether a parcel is now expected later than promised, and later than it was before."""
    new, old = event.new, event.old or {}
    expected, promised = _time(new.get("expected_at")), _time(new.get("promised_at"))
    if event.entity != "parcel" or expected is None or promised is None:
        return False
    was_known = bool(old.get("order_id"))  # before that, there was nobody to tell
    before = _time(old.get("expected_at")) if was_known else None
    return (
        expected > promised
        and (before is None or expected > before)
        and new["status"] not in ARRIVED
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def order_of(event: Event) -> OrderId | None:
    """Return the order an event is about, if it is known yet."""
    if event.entity == "order":
        return OrderId(event.entity_id)
    named = event.new.get("order_id")
    return OrderId(UUID(named)) if named else None


def _parcel(event: Event, sent_in: Sequence[Parcel]) -> Parcel | None:
    """Return the parcel an event is about; for an order's own event the newest it is sent in."""
    if event.entity == "parcel":
        return next((parcel for parcel in sent_in if parcel.id == event.entity_id), None)
    return sent_in[-1] if sent_in else None


def _wish(news: News, now: datetime) -> Wish:
    event, order = news.event, news.order
    is_live = event.ring is Ring.NOW
    return Wish(
        dispatch=_dispatch(news),
        notice=news.notice.name,
        person_id=order.person_id,
        order_id=order.id,
        event_id=event.id,
        variables=_variables(news),
        decide_at=now if is_live else event.occurred_at,
        standing=_standing(news) if is_live else None,
        is_trial=order.is_trial or is_trial(event.by),
    )


def _fetched(
    tx: Tx,
    about: Sequence[customs.About],
    known: Mapping[OrderId, Order],
    sent_in: Mapping[OrderId, Sequence[Parcel]],
) -> frozenset[OrderId]:
    """Return the orders that arrived, and of which somebody was told before to fetch a parcel."""
    arrived = {id_ for _, notice, id_ in about if notice is ORDER_DELIVERED and id_ in known}
    told = {
        (f"{_of_order(id_, PICKUP_READY)}:{parcel.id}", known[id_].person_id): id_
        for id_ in arrived
        for parcel in sent_in.get(id_, ())
    }
    return frozenset(told[one] for one in told_before(tx, told))


def _of_order(order_id: OrderId, notice: Notice) -> str:
    return f"ord:{order_id}:{notice.name}"


def _dispatch(news: News) -> str:
    """Name the telling: once for good per order and notice, parcel, return, refund, new day."""
    event = news.event
    name = _of_order(news.order.id, news.notice)
    if event.entity in {"parcel", "return", "refund"}:
        name += f":{event.entity_id}"
    if news.notice.of_date:
        return f"{name}:{day_of(event.new['expected_at'])}"
    again = TOLD_AGAIN_BY.get(event.type)
    return f"{name}:{event.new.get(again)}" if again else name


def _standing(news: News) -> Standing:
    told = news.event.new.get("expected_at")
    stands = standing_of(
        news.order, news.parcel, dated=news.parcel, told=told, is_ended=news.is_ended
    )
    return replace(stands, is_fetched=news.is_fetched)


def _variables(news: News) -> Mapping[str, Any]:
    """Return the facts of the news, as flat JSON: what the event itself said goes first."""
    facts = of_order(news.order)
    if news.parcel is not None:
        facts |= of_parcel(news.parcel)
    if news.notice.of_short:
        facts |= of_short(news.short)
    if news.notice.of_refund or news.notice.of_return:
        facts |= {f"{news.event.entity}_id": str(news.event.entity_id)}
    if news.event.type is EventType.ORDER_BALANCE_DUE:
        facts |= of_balance(news.order)
    return facts | of_event(news.event)
