"""How far the demo's people and past orders have come in, told by counting them."""

import time
from dataclasses import dataclass

from app.tower import sight_store
from orders_core.tx import Tx

PEOPLE, ORDERS = 40_000, 25_000  # as many as the demo's own player brings in
ENOUGH = 0.98  # the last few need not be waited for
COUNTED_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Seeding:
    """How many are here, at most as many as are expected: the tour itself brings more."""

    people: int
    orders: int
    people_expected: int = PEOPLE
    orders_expected: int = ORDERS

    @property
    def is_over(self) -> bool:
        """Whether as good as all are here."""
        return min(self.people / self.people_expected, self.orders / self.orders_expected) >= ENOUGH

    @property
    def percent(self) -> int:
        """How much is here, people and orders weighed alike; whole percent."""
        people, orders = self.people / self.people_expected, self.orders / self.orders_expected
        return int(50 * (people + orders))


class Count:
    """Counts at most every two seconds, and never again once all are here."""

    def __init__(self) -> None:
        self._counted_at = 0.0
        self._last: Seeding | None = None

    def look(self, tx: Tx) -> Seeding:
        """Return how far the seeding has come."""
        is_fresh = time.monotonic() - self._counted_at < COUNTED_SECONDS
        if self._last is None or not (is_fresh or self._last.is_over):
            found = sight_store.counts(tx)
            people, orders = min(found.people, PEOPLE), min(found.orders, ORDERS)
            self._last = Seeding(people=people, orders=orders)
            self._counted_at = time.monotonic()
        return self._last
