"""The charts of the forecast: contacts within their range, and people beside the roster. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.forecast.plan_store import PlannedHour
from app.forecast.promotions import Promotion
from app.http.chart import Band, Bars, Drawing, Line, Span, Steps, draw

HOUR = timedelta(hours=1)
HOURS_BETWEEN_TICKS = 3
HOURS_OF_ONE_DAY = 25  # on the day summer time ends
Say = Callable[..., str]


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """The hours that a chart shows, and what is known of them."""

    hours: Sequence[datetime]
    planned: Mapping[datetime, PlannedHour]
    came: Mapping[datetime, int]  #: contacts, by the hour
    promotions: Sequence[Promotion]
    now: datetime
    zone: ZoneInfo
    locale: str

    def place(self, at: datetime) -> float:
        """Return where a time stands on the chart, in hours."""
        return (at - self.hours[0]) / HOUR

    def clock(self, hour: datetime) -> str:
        """Return what the shop's clock shows."""
        return hour.astimezone(self.zone).strftime("%H:%M")


def contacts_chart(
    key: str, stretch: Stretch, *, names: Sequence[str], ticks: Mapping[int, str], say: Say
) -> Drawing:
    """Draw what came, what is expected within its range, and what would be usual.

    `names` are the hours in full, for the table; `ticks` the labels under the chart.
    """
    return draw(
        key,
        names,
        [
            Bars(name=say("forecast.came"), values=_came(stretch)),
            Band(
                name=say("forecast.range"),
                low=_planned(stretch, lambda hour: hour.low),
                high=_planned(stretch, lambda hour: hour.high),
            ),
            Line(
                name=say("forecast.usual"),
                values=_planned(stretch, lambda hour: hour.baseline),
                tone="calm",
                is_dashed=True,
            ),
            Line(
                name=say("forecast.expected"),
                values=_planned(stretch, lambda hour: hour.expected),
            ),
        ],
        ticks=ticks,
        spans=_promotions(stretch),
        now=stretch.place(stretch.now),
        least_top=5,
        labels_follow=len(stretch.hours) > HOURS_OF_ONE_DAY,
    )


def people_chart(
    key: str, stretch: Stretch, *, names: Sequence[str], ticks: Mapping[int, str], say: Say
) -> Drawing:
    """Draw how many people are needed, and how many are rostered."""
    return draw(
        key,
        names,
        [
            Bars(
                name=say("forecast.covered"),
                values=_planned(stretch, _covered),
                tone="good",
            ),
            Bars(
                name=say("forecast.short"),
                values=_planned(
                    stretch, lambda hour: hour.people_needed if hour.is_missing_people else None
                ),
                tone="bad",
            ),
            Steps(
                name=say("forecast.rostered"),
                values=_planned(stretch, lambda hour: hour.people_rostered),
            ),
        ],
        ticks=ticks,
        now=stretch.place(stretch.now),
        least_top=3,
    )


def day_ticks(stretch: Stretch) -> Mapping[int, str]:
    """Label every third hour of a day by the shop's clock."""
    return {
        slot: stretch.clock(hour)
        for slot, hour in enumerate(stretch.hours)
        if hour.astimezone(stretch.zone).hour % HOURS_BETWEEN_TICKS == 0
    }


def _promotions(stretch: Stretch) -> Sequence[Span]:
    return [
        Span(
            name=promotion.name_in(stretch.locale),
            since=stretch.place(promotion.starts_at),
            until=stretch.place(promotion.ends_at),
        )
        for promotion in stretch.promotions
    ]


def _covered(hour: PlannedHour) -> int | None:
    return None if hour.is_missing_people or hour.is_closed else hour.people_needed


def _planned(
    stretch: Stretch, read: Callable[[PlannedHour], float | None]
) -> Sequence[float | None]:
    found = [stretch.planned.get(hour) for hour in stretch.hours]
    return [None if hour is None else read(hour) for hour in found]


def _came(stretch: Stretch) -> Sequence[int | None]:
    first = min(stretch.came, default=stretch.now)
    return [
        stretch.came.get(hour, 0) if first <= hour <= stretch.now else None
        for hour in stretch.hours
    ]
