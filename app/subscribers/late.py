"""Looks at the parcels under way: asked for by the hour, made by whichever worker takes one."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from app.db.transaction import begin
from app.house import House
from app.orders import late_store
from orders_core.tx import Tx

log = structlog.get_logger()


def ask_hourly(tx: Tx, due_at: datetime) -> str:
    """Ask for a look at the parcels under way."""
    late_store.ask(tx, now=due_at)
    return "asked"


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """Make the looks that were asked for; return how many.

    A look is one transaction: a worker that dies leaves it asked for and nobody told.
    """
    made = 0
    while may_go_on() and _one(house):
        made += 1
    return made


def _one(house: House) -> bool:
    from app.orders import late

    look_id = None
    now = house.clock.now()
    try:
        with begin(house.engine) as tx:
            look_id = late_store.claim(tx)
            if look_id is None:
                return False
            looked = late.look(tx, zone=ZoneInfo(house.settings.shop_zone), now=now)
            late_store.close(tx, look_id, state="made", facts=asdict(looked), now=now)
            log.info("parcels_looked_at", **asdict(looked))
    except Exception:  # one that cannot be made must not be tried for ever: an hour brings the next
        if look_id is None:
            raise
        log.exception("parcels_not_looked_at", look=str(look_id))
        with begin(house.engine) as tx:
            late_store.close(tx, look_id, state="failed", facts=None, now=now)
    return True
