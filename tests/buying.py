"""The goods of the tests, and how the cast buys them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import insert as upsert

from app.people.recipient import Recipient
from app.people.tables import contact, person
from orders_core.books.check import check
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import Sku
from orders_core.events import Change
from orders_core.ids import OrderId, new_id
from orders_core.money import Money
from orders_core.orders import store as orders
from orders_core.orders.choose import PlaceRequest, Wanted
from orders_core.orders.move import move_one
from orders_core.orders.order import Order, OrderStatus
from orders_core.orders.outcome import Outcome, Placed
from orders_core.orders.pay import pay
from orders_core.orders.place import WAREHOUSE, place
from orders_core.stock import level as counting
from orders_core.stock import store as stock
from orders_core.stock.store import Level
from orders_core.tx import Tx
from tests.cast import ANA, BEN, CHIYO, DEE
from tests.shop import MORNING

MUG, TEA, LAMP, KIMONO = "MUG", "TEA", "LAMP", "KIMONO"
HALF_AN_HOUR = timedelta(minutes=30)
GOODS = (
    Sku(code=MUG, title_zh="马克杯", title_en="Mug", price=Money(4_900, "CNY")),
    Sku(code=TEA, title_zh="龙井茶", title_en="Longjing tea", price=Money(12_800, "CNY")),
    Sku(code=LAMP, title_zh="台灯", title_en="Desk lamp", price=Money(19_900, "CNY")),
    Sku(code=KIMONO, title_zh="和服", title_en="Kimono", price=Money(9_800, "JPY")),
)


def change(by: str = "till", *, why: str = "test", at: datetime = MORNING) -> Change:
    """Say who changes something."""
    return Change(by=by, why=why, at=at)


def fill(tx: Tx, on_hand: Mapping[str, int]) -> None:
    """Put the goods on sale, so many of each on the shelf; what that rings was heard already."""
    catalog.put(tx, GOODS, now=MORNING)
    for code, units in on_hand.items():
        counting.count(
            tx, code, WAREHOUSE, on_hand=units, oversell_limit=None, change=change("clerk")
        )
    tx.execute(text("UPDATE outbox SET state = 'done' WHERE type LIKE 'stock.%'"))


def move_in(tx: Tx, *people: Recipient) -> None:
    """Write people of the cast into the database, all four if none is named; once each."""
    people = people or (ANA, BEN, CHIYO, DEE)
    rows = [
        {
            "id": who.person_id,
            "reference": who.name,
            "name": who.name,
            "locale": who.locale,
            "zone": who.zone,
            "created_at": MORNING,
        }
        for who in people
    ]
    moving = upsert(person).on_conflict_do_nothing().returning(person.c.id)
    new = set(tx.scalars(moving, rows))
    contacts = [
        {
            "id": new_id(),
            "person_id": who.person_id,
            "channel": channel,
            "address": address,
            "added_at": MORNING,
        }
        for who in people
        if who.person_id in new
        for channel, addresses in who.addresses.items()
        for address in addresses
        if channel != "inapp"
    ]
    if contacts:
        tx.execute(insert(contact), contacts)


def wish(
    *lines: tuple[str, int],
    key: str | None = None,
    who: Recipient = ANA,
    reference: str | None = None,
) -> PlaceRequest:
    """Ask for so many of some goods; another body has another fingerprint."""
    return PlaceRequest(
        person_id=who.person_id,
        lines=tuple(Wanted(code, quantity) for code, quantity in lines),
        scope="test",
        key=key,
        fingerprint=sha256(repr((lines, who.person_id, reference)).encode()).digest(),
        reference=reference,
    )


def buy(tx: Tx, *wishes: PlaceRequest, hold: timedelta | None = HALF_AN_HOUR) -> list[Outcome]:
    """Place the wishes as one batch; unpaid, they stand for half an hour."""
    return place(tx, wishes, change=change("shopper", why="bought"), hold=hold)


def bought(tx: Tx, *lines: tuple[str, int]) -> OrderId:
    """Place one order that must fit, and return its id."""
    [outcome] = buy(tx, wish(*lines))
    assert isinstance(outcome, Placed), outcome
    return outcome.order_id


def paid(tx: Tx, order_id: OrderId, reference: str | None = None) -> OrderId:
    """Pay an order."""
    pay(tx, order_id, reference or f"pay-{order_id.hex}", change=change("gateway", why="paid"))
    return order_id


def moved(tx: Tx, order_id: OrderId, to: OrderStatus) -> OrderId:
    """Move an order."""
    move_one(tx, order_id, to, change=change("clerk", why=to))
    return order_id


def order(tx: Tx, order_id: OrderId) -> Order:
    """Read an order as it stands."""
    return orders.many(tx, [order_id])[order_id]


def level(tx: Tx, code: str) -> Level:
    """Read the shelf of one SKU."""
    return next(found for found in stock.levels(tx, code=code) if found.warehouse == WAREHOUSE)


def rows(tx: Tx, table: str, where: str = "true") -> int:
    """Count the rows of a table; events are those of orders and parcels, not of levels."""
    if table in {"history", "outbox"}:
        where = f"({where}) AND type NOT LIKE 'stock.%'"
    return int(tx.execute(text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar_one())  # noqa: S608 - our own words


def out_of_balance(tx: Tx) -> list[str]:
    """Name every promise of the books that is broken."""
    return [finding.invariant.name for finding in check(tx) if not finding.holds]
