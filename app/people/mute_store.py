"""Orders about which their person wants no bells, or more of them than usual."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, literal, null, select
from sqlalchemy.dialects.postgresql import insert

from app.people.order_wish import OrderWish, OrderWishes
from app.people.tables import muted_order, told_more
from orders_core.ids import OrderId, PersonId
from orders_core.tx import Tx


def mute(tx: Tx, order_id: OrderId, person_id: PersonId, *, now: datetime) -> None:
    """Ring no bells about an order, nor more of them; muted twice, the first time stands."""
    tell_as_usual(tx, order_id)
    said = insert(muted_order).values(order_id=order_id, person_id=person_id, at=now)
    tx.execute(said.on_conflict_do_nothing())


def unmute(tx: Tx, order_id: OrderId) -> None:
    """Let the bells of an order ring again."""
    tx.execute(delete(muted_order).where(muted_order.c.order_id == order_id))


def tell_more(
    tx: Tx, order_id: OrderId, person_id: PersonId, *, channel: str, now: datetime
) -> None:
    """Ring a bell for the small steps of an order too, and mute it no longer."""
    unmute(tx, order_id)
    key = {"order_id": order_id, "person_id": person_id}
    said = insert(told_more).values(**key, channel=channel, at=now)
    tx.execute(
        said.on_conflict_do_update(
            index_elements=[told_more.c.order_id],
            set_={"channel": said.excluded.channel, "at": said.excluded.at},
        )
    )


def tell_as_usual(tx: Tx, order_id: OrderId) -> None:
    """Let the small steps of an order move its inbox line and nothing else again."""
    tx.execute(delete(told_more).where(told_more.c.order_id == order_id))


def tell_no_more_on(tx: Tx, person_id: PersonId, channels: Collection[str]) -> None:
    """Take back every wish to be told more on these channels: the person said no there since."""
    if not channels:
        return
    asked = told_more.c.person_id == person_id
    tx.execute(delete(told_more).where(asked, told_more.c.channel.in_(channels)))


def wishes(tx: Tx, order_ids: Collection[OrderId]) -> OrderWishes:
    """Return what was said of the bells of these orders; where nothing was, the order is absent."""
    if not order_ids:
        return {}
    mutes = select(
        muted_order.c.order_id, muted_order.c.person_id, literal(value=True), null()
    ).where(muted_order.c.order_id.in_(order_ids))
    more = select(
        told_more.c.order_id, told_more.c.person_id, literal(value=False), told_more.c.channel
    ).where(told_more.c.order_id.in_(order_ids))
    return {
        OrderId(order_id): OrderWish(person_id=PersonId(who), mutes=is_muted, more_on=channel)
        for order_id, who, is_muted, channel in tx.execute(more.union_all(mutes))
    }
