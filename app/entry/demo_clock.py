"""A demo's business time: it begins on the eve of 双11 and stands still while the demo is off."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from app.db import clock as clock_store
from app.db import heartbeat
from app.db.transaction import begin
from app.tower import sight_store
from orders_core.clock import Timeline
from orders_core.tx import Tx

EVE = datetime(2026, 11, 10, 11, 52, tzinfo=UTC)  # 19:52 in Shanghai; the doors open at 20:00


def wind(engine: Engine) -> datetime:
    """Set the clock going again and return what it shows.

    A fresh shop begins at `EVE`. Another continues where it stood when it last gave a sign of life:
    when it was stopped, or when the last of its processes was heard of.
    """
    with begin(engine) as tx:
        timeline, machine_now = clock_store.read(tx)
        if not clock_store.is_set(tx) and sight_store.counts(tx).orders == 0:
            continued = Timeline(business_anchor=EVE, machine_anchor=machine_now, rate=1.0)
        else:
            stood = timeline.at(_last_sign(tx, timeline, machine_now))
            continued = Timeline(
                business_anchor=stood, machine_anchor=machine_now, rate=timeline.rate
            )
        clock_store.write(tx, continued)
        return continued.at(machine_now)


def rest(engine: Engine) -> None:
    """Write down where the clock stands, for the next start to continue from."""
    with begin(engine) as tx:
        timeline, machine_now = clock_store.read(tx)
        clock_store.write(tx, timeline.paced(machine_now, rate=timeline.rate))


def _last_sign(tx: Tx, timeline: Timeline, machine_now: datetime) -> datetime:
    signs = [timeline.machine_anchor, *(one.seen_at for one in heartbeat.alive(tx))]
    return min(max(signs), machine_now)
