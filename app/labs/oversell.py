"""100 umbrellas, 400 buyers in 16 threads: how many are sold?"""

from contextlib import nullcontext
from datetime import UTC, datetime
from uuid import UUID

import psycopg
from sqlalchemy import Engine

from app.db.transaction import attempt
from app.labs.crowd import THREADS, crowd
from app.labs.lab import Figures, Lab, Place
from app.labs.ledger_store import fresh
from app.labs.naive import oversell as naive_way
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import Sku
from orders_core.events import Change
from orders_core.ids import PersonId
from orders_core.money import Money
from orders_core.orders.choose import PlaceRequest, Wanted
from orders_core.orders.outcome import Outcome, Placed
from orders_core.orders.place import WAREHOUSE, place
from orders_core.stock import level
from orders_core.stock import store as stock
from orders_core.tx import Tx

UNITS, BUYERS = 100, 400
EACH = BUYERS // THREADS
CODE = "UMBRELLA"
BUYER = PersonId(UUID("00000000-0000-7000-8000-00000000000b"))
NOW = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)


def naive(place: Place) -> tuple[Figures, int]:
    """Sell as in `naive/oversell.py`."""
    fresh(place, naive_way.TABLES.format(units=UNITS))

    def work(connection: psycopg.Connection, thread: int) -> None:
        for number in range(EACH):
            naive_way.buy(connection, thread * EACH + number)

    crowd(place.plain, work)
    with place.plain() as connection:
        return _figures(naive_way.sold(connection))


def ours(at: Place) -> tuple[Figures, int]:
    """Sell through the order core: each buyer alone, a transaction each."""
    change = Change(by="lab", why="bought", at=NOW)
    attempt(at.engine, _stock)

    def work(engine: Engine, _thread: int) -> int:
        return sum(isinstance(_buy(engine, change), Placed) for _ in range(EACH))

    return _figures(sum(crowd(lambda: nullcontext(at.engine), work)))


def _stock(tx: Tx) -> None:
    """Put exactly 100 free units on the shelf, whatever was sold before."""
    price = Money(15800, "CNY")
    umbrella = Sku(code=CODE, title_zh="竹柄长伞", title_en="Long umbrella", price=price)
    catalog.put(tx, [umbrella], now=NOW)
    taken = {shelf.warehouse: shelf.reserved for shelf in stock.levels(tx, code=CODE)}
    on_hand = UNITS + taken.get(WAREHOUSE, 0)
    change = Change(by="lab", why="seed", at=NOW)
    level.count(tx, CODE, WAREHOUSE, on_hand=on_hand, oversell_limit=None, change=change)


def _buy(engine: Engine, change: Change) -> Outcome:
    request = PlaceRequest(
        person_id=BUYER, lines=(Wanted(CODE, 1),), scope="lab", key=None, fingerprint=b""
    )
    [outcome] = attempt(engine, lambda tx: place(tx, [request], change=change))
    return outcome


def _figures(sold: int) -> tuple[Figures, int]:
    oversold = max(0, sold - UNITS)
    figures = {"units": UNITS, "buyers": BUYERS, "sold": sold, "oversold": oversold}
    return figures, abs(sold - UNITS)


LAB = Lab(name="oversell", told="sold", naive=naive, ours=ours, shown=naive_way)
