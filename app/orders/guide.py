"""Reads now and then what orders are guided by: who sells, which table rules, what is to come."""

import time
from collections.abc import Callable

from sqlalchemy import Engine

from app.db.transaction import begin
from app.orders.market import QUIET, TABLE, Market
from app.rules import rule
from orders_core.catalog import preorder_store, warehouse_store
from orders_core.clock import Clock

LIFE_SECONDS = 2.0


class Guide:
    """Hands out the market as it stands, read anew every two seconds; threads may share it."""

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Clock,
        life_seconds: float = LIFE_SECONDS,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._clock = engine, clock
        self._life_seconds, self._tick = life_seconds, tick
        self._read: tuple[float, Market] | None = None

    def market(self) -> Market:
        """Return what orders are guided by, at most two seconds old."""
        now, read = self._tick(), self._read
        if read is None or now - read[0] >= self._life_seconds:
            read = now, self._look()
            self._read = read
        return read[1]

    def _look(self) -> Market:
        with begin(self._engine) as tx:
            if warehouse_store.selling(tx) < 2:  # noqa: PLR2004 - one has no other beside it
                return QUIET
            now = self._clock.now()
            table = rule.live(tx, TABLE, now=now)
            return Market(table, preorder_store.on_sale(tx, now=now))
