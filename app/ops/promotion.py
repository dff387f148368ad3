"""What the promotion room shows: how it sells, what is left, who is told, who answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from app.forecast import contacts_store, plan_store, promotions
from app.forecast.drawing import Stretch, contacts_chart
from app.forecast.plan_store import PlannedHour
from app.forecast.promotions import Promotion
from app.http.chart import Bars, Drawing, draw
from app.ops import lanes_store, promotion_store
from app.ops.lanes_store import Lane
from app.ops.promotion_store import Left
from app.words.say import say
from ml.load.plan import hour_of
from orders_core.tx import Tx

HOUR = timedelta(hours=1)
MINUTES = 30
SKUS_SHOWN = 6
HOURS_BEFORE, HOURS_AFTER = 5, 7


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
    came: int  #: contacts of this hour so far
    hour: PlannedHour | None  #: this hour's plan
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
    this_hour = hour_of(now)
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
            names=[stretch.clock(hour) for hour in stretch.hours],
            ticks={slot: stretch.clock(stretch.hours[slot]) for slot in range(1, 12, 2)},
            say=partial(say, locale),
        ),
        came=stretch.came.get(this_hour, 0),
        hour=stretch.planned.get(this_hour),
        present=promotion_store.present(tx),
    )


def _stretch(tx: Tx, *, now: datetime, zone: ZoneInfo, locale: str) -> Stretch:
    first = hour_of(now) - HOURS_BEFORE * HOUR
    hours = [first + step * HOUR for step in range(HOURS_BEFORE + HOURS_AFTER)]
    until = hours[-1] + HOUR
    return Stretch(
        hours=hours,
        planned={hour.hour: hour for hour in plan_store.plan(tx, since=first, until=until)},
        came=contacts_store.per_hour(tx, since=first, until=now + HOUR),
        promotions=promotions.between(tx, since=first, until=until),
        now=now,
        zone=zone,
        locale=locale,
    )


def _sparkline(minutes: Sequence[int], locale: str) -> Drawing:
    names = [f"−{len(minutes) - slot}" for slot in range(len(minutes))]
    bars = Bars(name=say(locale, "room.orders"), values=minutes, tone="main")
    return draw("orders", names, [bars], least_top=4)
