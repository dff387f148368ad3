"""Carts of three kinds of goods over eight warehouses, beside the same carts in one.

The eight are asked as a shop's own are: the rule table is asked how units are found, fewest splits
for most of these carts, and its ruling is written down with every order.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine, text

from app.db.transaction import begin
from bench import till
from orders_core.catalog import store as catalog
from orders_core.catalog import warehouse_store
from orders_core.catalog.sku import Sku
from orders_core.catalog.warehouse_store import Warehouse
from orders_core.events import Change
from orders_core.money import Money
from orders_core.orders.address import ShipTo
from orders_core.orders.choose import PlaceRequest, Wanted
from orders_core.stock import level

KINDS = 24
LINES = 3
ONE, EIGHT = "BENCH-ONE", "BENCH-EIGHT"
OTHERS = tuple(f"bench-{number}" for number in range(1, 8))
PLENTY = 2_000_000
HOME = ShipTo(name="Bench", country="CN", region="Zhejiang", street="1 Bench Road")


def prepare(engine: Engine) -> None:
    """Put 24 kinds of goods into the first warehouse, and 24 into every second one of eight."""
    with begin(engine) as tx:
        now = datetime.now(UTC)
        change = Change(by="bench", why="seed", at=now)
        for code in OTHERS:
            put = Warehouse(code=code, name_zh=code, name_en=code, country="CN", sells=False)
            warehouse_store.put(tx, put)
        for kind in range(KINDS):
            for family in (ONE, EIGHT):
                code = f"{family}-{kind}"
                goods = Sku(code=code, title_zh="货", title_en="Goods", price=Money(990, "CNY"))
                catalog.put(tx, [goods], now=now)
                for place in _places(family, kind):
                    level.count(tx, code, place, on_hand=PLENTY, oversell_limit=None, change=change)


def _places(family: str, kind: int) -> Sequence[str]:
    if family == ONE:
        return ("main",)
    return [place for number, place in enumerate(("main", *OTHERS)) if (number + kind) % 2]


def one(engine: Engine) -> float:
    """Sell carts out of one warehouse; return orders a second."""
    return asyncio.run(till.sell(engine, lambda number, key: _cart(ONE, number, key)))


def eight(engine: Engine) -> float:
    """Sell carts out of eight warehouses; return orders a second."""
    with _open(engine):
        return asyncio.run(till.sell(engine, lambda number, key: _cart(EIGHT, number, key)))


def _cart(family: str, number: int, key: str) -> PlaceRequest:
    kinds = [(number * 5 + step * 7) % KINDS for step in range(LINES)]
    return PlaceRequest(
        person_id=till.PERSON,
        lines=tuple(Wanted(f"{family}-{kind}", 1) for kind in kinds),
        scope="bench",
        key=key,
        fingerprint=b"cart",
        ship_to=HOME,
    )


@contextmanager
def _open(engine: Engine) -> Iterator[None]:
    """Let the seven others sell for a while; the other figures are of a shop with one warehouse."""
    _sell(engine, sells=True)
    try:
        yield
    finally:
        _sell(engine, sells=False)


def _sell(engine: Engine, *, sells: bool) -> None:
    with begin(engine) as tx:
        tx.execute(
            text("UPDATE warehouse SET sells = :sells WHERE code <> 'main'"), {"sells": sells}
        )
