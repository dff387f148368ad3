"""Fill the shop with its past while it is open already: forty thousand people, sixty days.

Everything is written in batches of one transaction each, in one order, so that what is there is
always a beginning: whoever starts again finds its end by halving.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from app.demo import crowd, history
from app.demo.history import Told
from app.demo.patience import first_missing, patiently
from app.demo.shop import Shop

log = logging.getLogger("app.demo")

# Live orders go first: between two batches the shop has a moment for itself.
BREATH_SECONDS = 0.02


@dataclass(frozen=True)
class Size:
    """How much past there is."""

    people: int = crowd.SIZE
    orders: int = history.ORDERS


class Past:
    """What happened before `began`, the same for the same `seed`."""

    def __init__(
        self, shop: Shop, began: datetime, *, seed: int, size: Size, stop: threading.Event
    ) -> None:
        self._shop, self._began, self._stop = shop, began, stop
        self._seed, self._size = seed, size

    def write(self) -> None:
        """Write what is missing of it.

        Raises:
            Stopped: If we are told to stop meanwhile.
        """
        started = time.monotonic()
        if people := self._people():
            log.info("%d people came in %.1f s", people, time.monotonic() - started)
        orders = self._orders()
        if people or orders:
            seconds = time.monotonic() - started
            log.info("the past is told after %.1f s: %d orders", seconds, orders)

    def _people(self) -> int:
        count = crowd.batches(self._size.people)
        first = first_missing(count, self._has_people)
        for number in range(first, count):
            some = crowd.batch(number, seed=self._seed, size=self._size.people)
            self._patiently_post("/v1/people:batch", {"people": some})
        return max(0, self._size.people - first * crowd.BATCH)

    def _has_people(self, number: int) -> bool:
        last = min(self._size.people, (number + 1) * crowd.BATCH) - 1
        path = f"/v1/people/{crowd.reference(last)}"
        return patiently(partial(self._shop.has, path), stop=self._stop)

    def _orders(self) -> int:
        told = history.orders(
            self._began, seed=self._seed, count=self._size.orders, people=self._size.people
        )
        batches = [told[at : at + history.BATCH] for at in range(0, len(told), history.BATCH)]
        first = first_missing(len(batches), lambda number: self._has_orders(batches[number]))
        for batch in batches[first:]:
            patiently(partial(self._tell, batch), stop=self._stop)
            self._stop.wait(BREATH_SECONDS)
        return sum(len(batch) for batch in batches[first:])

    def _tell(self, batch: Sequence[Told]) -> None:
        """Tell a batch of orders, then what carriers saw of those on the way. May come twice."""
        self._shop.tell([one.event for one in batch])
        for one in batch:
            if one.parcel:
                patiently(partial(self._scan, one), stop=self._stop)

    def _scan(self, one: Told) -> None:
        if one.parcel:
            self._shop.scan(*one.parcel, list(one.scans), notify="never")

    def _has_orders(self, batch: Sequence[Told]) -> bool:
        """Say whether the last thing told of a batch is there."""
        with_parcel = [one for one in batch if one.parcel]
        last = (with_parcel or batch)[-1]
        return patiently(partial(self._has_order, last), stop=self._stop)

    def _has_order(self, one: Told) -> bool:
        person_id = self._shop.person(one.customer)["id"]
        known = self._shop.get("/v1/orders", person=person_id, limit=200)["data"]
        found = [order["id"] for order in known if order["reference"] == one.reference]
        if not found or not one.parcel:
            return bool(found)
        parcels = self._shop.get(f"/v1/orders/{found[0]}")["parcels"]
        return any(parcel["last_scan_at"] for parcel in parcels)

    def _patiently_post(self, path: str, body: object) -> None:
        patiently(partial(self._shop.post, path, body), stop=self._stop)
        self._stop.wait(BREATH_SECONDS)
