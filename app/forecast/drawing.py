"""The charts of the forecast: contacts within their range, and people beside the roster. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from app.forecast.plan import Foreseen, PlannedSlot
from app.forecast.promotions import Promotion
from app.http.chart import Band, Bars, Drawing, Line, Span, Steps, draw
from ml.load.slots import SLOT

HOURS_BETWEEN_TICKS = 3
SLOT_MINUTES = 30
SLOTS_OF_ONE_DAY = 50  # on the day summer time ends
Say = Callable[..., str]
One = TypeVar("One", bound=Foreseen)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """The half hours that a chart shows, and what is known of them."""

    slots: Sequence[datetime]
    planned: Mapping[datetime, PlannedSlot]
    came: Mapping[tuple[datetime, str], int]  #: contacts, by half hour and group
    parts: Mapping[tuple[datetime, str], Foreseen] = field(default_factory=dict)  #: by group
    promotions: Sequence[Promotion]
    peaks: Sequence[tuple[datetime, datetime]] = ()  #: numbered on the chart, in order
    now: datetime
    zone: ZoneInfo
    locale: str

    def place(self, at: datetime) -> float:
        """Return where a time stands on the chart, in half hours."""
        return (at - self.slots[0]) / SLOT

    def clock(self, slot: datetime) -> str:
        """Return what the shop's clock shows."""
        return slot.astimezone(self.zone).strftime("%H:%M")

    def came_in(self, about: str | None = None) -> Mapping[datetime, int]:
        """Return contacts by half hour: of one group, or of all."""
        found: dict[datetime, int] = {}
        for (slot, group), count in self.came.items():
            if about in {None, group}:
                found[slot] = found.get(slot, 0) + count
        return found

    def foreseen(self, about: str | None = None) -> Mapping[datetime, Foreseen]:
        """Return what was foreseen by half hour: of one group, or of all."""
        if about is None:
            return self.planned
        return {slot: one for (slot, group), one in self.parts.items() if group == about}


def contacts_chart(
    key: str,
    stretch: Stretch,
    *,
    names: Sequence[str],
    ticks: Mapping[int, str],
    say: Say,
    about: str | None = None,
) -> Drawing:
    """Draw what came, what is expected within its range, and the plainest forecast beside.

    `names` are the half hours in full, for the table; `ticks` the labels under the chart; `about`
    is the one group that it shows, where it does not show all.
    """
    foreseen = stretch.foreseen(about)
    within = Band(
        name=say("forecast.range"),
        low=_planned(stretch, foreseen, lambda one: one.low),
        high=_planned(stretch, foreseen, lambda one: one.high),
    )
    baseline = Line(
        name=say("forecast.baseline"),
        values=_planned(stretch, foreseen, lambda one: one.baseline),
        tone="calm",
        is_dashed=True,
    )
    expected = Line(
        name=say("forecast.expected"),
        values=_planned(stretch, foreseen, lambda one: one.expected),
    )
    return draw(
        key,
        names,
        [Bars(name=say("forecast.came"), values=_came(stretch, about)), within, baseline, expected],
        ticks=ticks,
        spans=_spans(stretch) if about is None else (),
        now=stretch.place(stretch.now),
        least_top=5,
        labels_follow=len(stretch.slots) > SLOTS_OF_ONE_DAY,
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
                values=_planned(stretch, stretch.planned, _covered),
                tone="good",
            ),
            Bars(
                name=say("forecast.short"),
                values=_planned(stretch, stretch.planned, _lacking),
                tone="bad",
            ),
            Steps(
                name=say("forecast.rostered"),
                values=_planned(stretch, stretch.planned, lambda one: one.people_rostered),
            ),
        ],
        ticks=ticks,
        now=stretch.place(stretch.now),
        least_top=3,
    )


def day_ticks(stretch: Stretch, *, every_hours: int = HOURS_BETWEEN_TICKS) -> Mapping[int, str]:
    """Label every third hour of a day, or as often as asked, by the shop's clock."""
    shown = [slot.astimezone(stretch.zone) for slot in stretch.slots]
    return {
        place: stretch.clock(one)
        for place, one in enumerate(shown)
        if one.hour % every_hours == 0 and one.minute < SLOT_MINUTES
    }


def _spans(stretch: Stretch) -> Sequence[Span]:
    """Mark peaks by their number, and the promotions that stand behind none of them."""
    numbered = [
        Span(name=str(place), since=stretch.place(since), until=stretch.place(until))
        for place, (since, until) in enumerate(stretch.peaks, start=1)
    ]
    return numbered + [
        Span(
            name=promotion.name_in(stretch.locale),
            since=stretch.place(promotion.starts_at),
            until=stretch.place(promotion.ends_at),
        )
        for promotion in stretch.promotions
        if not any(
            since < promotion.ends_at and promotion.starts_at < until
            for since, until in stretch.peaks
        )
    ]


def _covered(one: PlannedSlot) -> int | None:
    return None if one.is_missing_people or one.is_closed else one.people_needed


def _lacking(one: PlannedSlot) -> int | None:
    return one.people_needed if one.is_missing_people else None


def _planned(
    stretch: Stretch, foreseen: Mapping[datetime, One], read: Callable[[One], float | None]
) -> Sequence[float | None]:
    found = [foreseen.get(slot) for slot in stretch.slots]
    return [None if one is None else read(one) for one in found]


def _came(stretch: Stretch, about: str | None) -> Sequence[int | None]:
    first = min((slot for slot, _ in stretch.came), default=stretch.now)
    came = stretch.came_in(about)
    return [came.get(slot, 0) if first <= slot <= stretch.now else None for slot in stretch.slots]
