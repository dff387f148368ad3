"""What the promotion room shows: how it sells, what is left, who is told, who answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from app.forecast import contacts_store, plan_store, promotions
from app.forecast.drawing import Stretch, contacts_chart
from app.forecast.plan import PlannedSlot
from app.forecast.promotions import Promotion
from app.http.chart import Bars, Drawing, draw
from app.ops import lanes_store, promotion_store
from app.ops.lanes_store import Lane
from app.ops.promotion_store import Left
from app.words.say import say
from ml.load.slots import SLOT, slot_of
from orders_core.tx import Tx

MINUTES = 30
SKUS_SHOWN = 6
SLOTS_BEFORE, SLOTS_AFTER = 10, 14


@dataclass(frozen=True, kw_only=True)
class Room:
    """The facts of one moment."""

    promotion: Promotion | None
    now: datetime
    minutes: Sequence[int]  #: orders of each of the last thirty minutes, the oldest first
    sparkline: Drawing
    left: Sequence[Left]
    lanes: Sequence[Lane]
    contacts: Drawing
    came: int  #: contacts of this half hour so far
    slot: PlannedSlot | None  #: this half hour's plan
    present: int

    @property
    def is_on(self) -> bool:
        """Whether a promotion runs at this moment."""
        return self.promotion is not None and self.promotion.is_on(self.now)

    @property
    def counts_down_to(self) -> datetime | None:
        """The end of the promotion that runs, else the start of the next."""
        if self.promotion is None:
            return None
        return self.promotion.ends_at if self.is_on else self.promotion.starts_at

    @property
    def countdown(self) -> str:
        """Hours, minutes and seconds until then: `00:07:59`."""
        ends = self.counts_down_to
        seconds = max(round((ends - self.now).total_seconds()), 0) if ends else 0
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def room(tx: Tx, *, now: datetime, zone: str, locale: str) -> Room:
    """Look at everything once."""
    promotion = promotions.current_or_next(tx, now)
    minutes = promotion_store.orders_per_minute(tx, now=now, minutes=MINUTES)
    stretch = _stretch(tx, now=now, zone=ZoneInfo(zone), locale=locale)
    this_slot = slot_of(now)
    return Room(
        promotion=promotion,
        now=now,
        minutes=minutes,
        sparkline=_sparkline(minutes, locale),
        left=promotion_store.stock_left(
            tx, promotion.skus if promotion else (), at_most=SKUS_SHOWN
        ),
        lanes=lanes_store.lanes(tx, now=now),
        contacts=contacts_chart(
            "contacts",
            stretch,
            names=[stretch.clock(slot) for slot in stretch.slots],
            ticks={at: stretch.clock(stretch.slots[at]) for at in range(2, 24, 4)},
            say=partial(say, locale),
        ),
        came=stretch.came_in().get(this_slot, 0),
        slot=stretch.planned.get(this_slot),
        present=promotion_store.present(tx),
    )


def _stretch(tx: Tx, *, now: datetime, zone: ZoneInfo, locale: str) -> Stretch:
    first = slot_of(now) - SLOTS_BEFORE * SLOT
    slots = [first + step * SLOT for step in range(SLOTS_BEFORE + SLOTS_AFTER)]
    until = slots[-1] + SLOT
    return Stretch(
        slots=slots,
        planned={one.slot: one for one in plan_store.plan(tx, since=first, until=until)},
        came=contacts_store.per_slot(tx, since=first, until=now + SLOT),
        promotions=promotions.between(tx, since=first, until=until),
        now=now,
        zone=zone,
        locale=locale,
    )


def _sparkline(minutes: Sequence[int], locale: str) -> Drawing:
    names = [f"−{len(minutes) - slot}" for slot in range(len(minutes))]
    bars = Bars(name=say(locale, "room.orders"), values=minutes, tone="main")
    return draw("orders", names, [bars], least_top=4)
