"""People who buy one umbrella at a time, straight from the core."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from app.db.transaction import begin
from app.people import store as people
from app.people.choices import ChannelName
from app.people.person import Profile
from bench.ground import Ground
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import Sku
from orders_core.events import Change
from orders_core.ids import OrderId, PersonId
from orders_core.money import Money
from orders_core.orders.choose import PlaceRequest, Wanted
from orders_core.orders.outcome import Placed
from orders_core.orders.place import place
from orders_core.stock import level

CODE = "UMBRELLA"
EMAIL = ChannelName.EMAIL
PLENTY = 1_000_000


@dataclass(frozen=True)
class Bought:
    """An order, and the machine time its commit was back."""

    order_id: OrderId
    committed_at: datetime


def move_in(ground: Ground, buyers: int = 100) -> list[PersonId]:
    """Put umbrellas on the shelf and let people move in who read email."""
    now = datetime.now(UTC)
    cast = [
        Profile(reference=f"buyer-{n}", name=f"Buyer {n}", contacts={EMAIL: f"b{n}@shop.example"})
        for n in range(buyers)
    ]
    with begin(ground.engine) as tx:
        price = Money(1990, "CNY")
        catalog.put(tx, [Sku(code=CODE, title_zh="伞", title_en="Umbrella", price=price)], now=now)
        change = Change(by="bench", why="seed", at=now)
        level.count(tx, CODE, "main", on_hand=PLENTY, oversell_limit=None, change=change)
        return people.upsert(tx, cast, locale="en", zone="UTC", now=now)


def buy(engine: Engine, person_id: PersonId, *, scope: str) -> Bought:
    """Buy one umbrella in a transaction of its own."""
    request = PlaceRequest(person_id=person_id, lines=(Wanted(CODE, 1),), scope=scope)
    change = Change(by="bench", why="bought", at=datetime.now(UTC))
    with begin(engine) as tx:
        [outcome] = place(tx, [request], change=change)
    if not isinstance(outcome, Placed):
        raise TypeError(f"expected an order, got {outcome!r}")
    return Bought(outcome.order_id, datetime.fromtimestamp(time.time(), UTC))


def percentiles(milliseconds: list[float]) -> dict[str, float]:
    """Return the median and the 99th percentile, as the slowest that 99 of 100 do not exceed."""
    ordered = sorted(milliseconds)
    at = {"p50": 0.5, "p99": 0.99}
    return {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * part))], 1)
        for name, part in at.items()
    }
