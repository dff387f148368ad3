"""Customers who buy, and a warehouse and carriers who do their part, at a calm pace.

Bounded: so many orders are under way at most, and nothing is asked twice as fast because the shop
was slow. The dice are seeded: the same seed buys the same things in the same order. Goods with a
story of their own are left alone, the umbrella above all; what is placed is paid within seconds.
"""

import heapq
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import uuid4

from app.demo import crowd
from app.demo.goods import BY_CODE, EVERYDAY, SELLS
from app.demo.homes import home
from app.demo.journey import Act, Step, journey
from app.demo.shop import Away, Refused, Shop

log = logging.getLogger("app.demo")

BETWEEN_ORDERS_SECONDS = 6.0
MOST_OPEN = 30
PATIENCE_SECONDS = 0.5
SOLD_OUT = "out_of_stock"
NO_KEY = frozenset({401, 403})  # a key that opens nothing gets no better by trying
CUSTOMERS = 60
WITH_DEVICE = 3  # one in so many reads push messages


@dataclass(order=True)
class Open:
    """An order under way: when its next step is due, and what is left of its journey."""

    due_at: float
    place: int
    order: dict[str, Any] = field(compare=False)
    steps: list[Step] = field(compare=False)
    carrier: str = field(default="", compare=False)

    @property
    def parcel_number(self) -> str:
        """The number its parcel gets."""
        return f"DEMO{self.order['number']}"


@dataclass(frozen=True)
class Customer:
    """Somebody who buys, and where their orders go."""

    id: str
    home: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """An order somebody is about to place, under its key."""

    place: int
    key: str
    customer: Customer
    code: str
    quantity: int


class Simulator:
    """One run: `pace` above 1 lets everything follow faster (seconds are divided by it)."""

    def __init__(self, shop: Shop, *, seed: int, stop: threading.Event, pace: float = 1.0) -> None:
        self._shop, self._stop, self._pace = shop, stop, pace
        self._dice = Random(seed)  # noqa: S311 - customers need no secrets
        self._run = uuid4().hex[:8]  # another run's keys are another run's orders
        self._places = count(1)
        self._open: list[Open] = []
        self._customers: list[Customer] = []
        self._wish: Wish | None = None
        self._placed = 0

    def run(self, *, orders: int | None = None) -> int:
        """Play until told to stop, or until so many orders were placed and have ended.

        Returns how many were placed.
        """
        next_order_at = time.monotonic()
        while not self._stop.is_set():
            now = time.monotonic()
            is_done = orders is not None and self._placed >= orders
            if is_done and not self._open:
                break
            if not is_done and now >= next_order_at and len(self._open) < MOST_OPEN:
                if self._patiently(self._buy):
                    next_order_at = now + self._seconds(BETWEEN_ORDERS_SECONDS)
            elif self._open and self._open[0].due_at <= now:
                self._patiently(self._go_on)
            else:
                self._stop.wait(self._seconds(PATIENCE_SECONDS))
        return self._placed

    def _patiently(self, work: Callable[[], bool]) -> bool:
        """Do one thing; a shop that is away is given a moment, and the thing is done later."""
        try:
            return work()
        except Away as fault:
            log.info("the shop is away: %s", fault)
            self._stop.wait(PATIENCE_SECONDS)
            return False

    def _seconds(self, seconds: float) -> float:
        return seconds / self._pace

    def _welcome(self) -> None:
        """Introduce the customers, all at once; some have a device that push messages reach."""
        people = crowd.batch(0, seed=crowd.SEED, size=CUSTOMERS)
        known = self._shop.post("/v1/people:batch", {"people": list(people)})["people"]
        for one in known[::WITH_DEVICE]:
            token = f"device-of-{one['reference']}"
            self._shop.post(f"/v1/people/{one['reference']}/devices", {"token": token})
        self._customers = [
            Customer(one["id"], home(body["name"], body["zone"], place))
            for place, (one, body) in enumerate(zip(known, people, strict=False))
        ]

    def _restock(self, code: str) -> None:
        """Let a supplier bring what an empty shelf usually holds."""
        came = {"sku": code, "warehouse": SELLS, "delta": BY_CODE[code].units, "cause": "receipt"}
        self._shop.post("/v1/stock/movements", came, key=f"restock-{uuid4().hex}")

    def _buy(self) -> bool:
        """Place the next order; one whose answer got lost is asked for again under its own key."""
        if not self._customers:
            self._welcome()
        wish = self._wish = self._wish or self._next_wish()
        try:
            order = self._shop.place(
                wish.customer.id, wish.code, wish.quantity, to=wish.customer.home, key=wish.key
            )
        except Refused as fault:
            self._wish = None
            if fault.status in NO_KEY:
                raise
            if fault.code == SOLD_OUT:
                self._restock(wish.code)
            log.info("not placed: %s", fault)
            return True
        self._wish, self._placed = None, self._placed + 1
        self._wait_for(Open(0, wish.place, order, list(journey(self._dice))))
        return True

    def _next_wish(self) -> Wish:
        place = next(self._places)
        return Wish(
            place=place,
            key=f"demo-{self._run}-{place}",
            customer=self._dice.choice(self._customers),
            code=self._dice.choice(EVERYDAY).code,
            quantity=self._dice.choice((1, 1, 1, 2, 3)),
        )

    def _wait_for(self, one: Open) -> None:
        if one.steps:
            one.due_at = time.monotonic() + self._seconds(one.steps[0].after_seconds)
            heapq.heappush(self._open, one)

    def _go_on(self) -> bool:
        one = self._open[0]
        try:
            self._do(one, one.steps[0])
        except Refused as fault:  # somebody else moved it: its story ends here
            log.info("order %s: %s", one.order["id"], fault)
            one.steps.clear()
        heapq.heappop(self._open)
        self._wait_for(Open(0, one.place, one.order, one.steps[1:], one.carrier))
        return True

    def _do(self, one: Open, step: Step) -> None:
        facts = dict(_dated(step.facts, one.order))
        match step.act:
            case Act.PAY:
                reference = f"demo-{one.order['id']}"
                self._shop.change(one.order["id"], "pay", {"reference": reference})
            case Act.SHIP:
                one.carrier = facts["carrier"]
                parcel = {**facts, "number": one.parcel_number}
                self._shop.change(one.order["id"], "ship", {"parcels": [parcel]})
            case Act.SCAN:
                self._shop.scan(one.carrier, one.parcel_number, facts)
            case Act.CANCEL:
                self._shop.change(one.order["id"], "cancel", facts)


def _dated(facts: dict[str, Any], order: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Turn days after the order into dates on the shop's own calendar."""
    for name, value in facts.items():
        if name.endswith("_days"):
            placed = datetime.fromisoformat(order["placed_at"].replace("Z", "+00:00"))
            yield name.removesuffix("_days") + "_at", (placed + timedelta(days=value)).isoformat()
        else:
            yield name, value
