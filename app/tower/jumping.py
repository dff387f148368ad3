"""Jump the demo's clock in the background, a few hours at a time, and tell how far it has come.

The page that asked is answered at once. A jump that took over two minutes of machine time stops
where it is: the shop is right at any stop, and the next jump goes on from there.
"""

import threading
import time
from datetime import datetime, timedelta
from datetime import time as wall_time
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine

from app.db.transaction import begin
from app.house import House
from app.hub.quiet_hours import instant
from app.subscribers.jump import jump
from app.tower import jump_store

STRIDE = timedelta(hours=4)
LONGEST_SECONDS = 120.0
MORNING = wall_time(8, 0)
DAYS = 3

log = structlog.get_logger()


class Goal(StrEnum):
    """Where the clock bar leads."""

    MORNING = "morning"
    DAYS = "days"


def target_of(goal: Goal, now: datetime, *, zone: str) -> datetime:
    """Return the next 08:00 of a zone, or the same wall time three days later; in UTC."""
    local = now.astimezone(ZoneInfo(zone))
    if goal is Goal.DAYS:
        return instant(local.date() + timedelta(days=DAYS), local.time(), zone)
    today = instant(local.date(), MORNING, zone)
    return today if today > now else instant(local.date() + timedelta(days=1), MORNING, zone)


def start(house: House, target: datetime) -> bool:
    """Begin to jump to a business time; False if a jump is under way."""
    with begin(house.engine) as tx:
        jump_id = jump_store.begin_jump(tx, now=house.clock.now(), target=target)
    if jump_id is None:
        return False
    threading.Thread(target=run, args=(house, jump_id, target), name="jump", daemon=True).start()
    return True


def run(
    house: House, jump_id: UUID, target: datetime, *, longest_seconds: float = LONGEST_SECONDS
) -> None:
    """Stride to the target, or as far as the time allows, telling after each stride."""
    ends = time.monotonic() + longest_seconds
    has_arrived = False
    try:
        while time.monotonic() < ends and not has_arrived:
            ahead = min(max(target - house.clock.now(), timedelta(0)), STRIDE)
            done = jump(house, forward=ahead)
            _tell(house.engine, jump_id, done.now, done.events, done.messages)
            has_arrived = done.now >= target
    finally:
        with begin(house.engine) as tx:
            jump_store.end_jump(tx, jump_id, has_arrived=has_arrived)
        log.info("clock_jumped", has_arrived=has_arrived)


def _tell(engine: Engine, jump_id: UUID, reached: datetime, events: int, messages: int) -> None:
    with begin(engine) as tx:
        jump_store.progress(tx, jump_id, reached=reached, events=events, messages=messages)
