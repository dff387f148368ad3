"""Looks at the parcels under way: asked for by the hour, made by the worker that learns."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.db import learning_store
from app.db.learning_store import LATE
from app.house import House
from app.subscribers.learning import make_due
from orders_core.tx import Tx


def ask_hourly(tx: Tx, due_at: datetime) -> str:
    """Ask for a look at the parcels under way."""
    learning_store.ask(tx, LATE, now=due_at)
    return "asked"


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """Make the looks that were asked for; return how many."""
    zone = ZoneInfo(house.settings.shop_zone)

    def look(tx: Tx, now: datetime) -> Mapping[str, Any]:
        from app.orders import late

        return asdict(late.look(tx, zone=zone, now=now))

    return make_due(house, may_go_on, LATE, look)
