"""The answer to a what-if as charts and as the rows of a table."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from app.forecast.drawing import SLOTS_OF_ONE_DAY
from app.forecast.plan import PlannedHour, by_hour
from app.forecast.shortfall import day_of
from app.forecast.what_if import WhatIf
from app.http.chart import Band, Bars, Drawing, Line, Steps, draw
from app.http.pages import in_zone
from app.words import show
from app.words.say import say
from ml.load.slots import SLOT
from ml.load.together import Added

A_TICK = 4  # half hours between the labels of one day


class Drawn:
    """The answer as charts and as the rows of a table."""

    def __init__(self, answer: WhatIf, locale: str, zone: ZoneInfo) -> None:
        self._slots, self._locale, self._zone = answer.slots, locale, zone
        self._parts = answer.added.parts
        self._say = partial(say, locale)

    @property
    def contacts(self) -> Drawing:
        """Contacts as planned and with it."""
        return self._draw(
            "contacts",
            Band(
                name=self._say("whatif.range"),
                low=[one.with_it.low for one in self._slots],
                high=[one.with_it.high for one in self._slots],
            ),
            Line(
                name=self._say("whatif.plan"),
                values=[one.plan.expected for one in self._slots],
                tone="calm",
                is_dashed=True,
            ),
            Line(
                name=self._say("whatif.with_it"),
                values=[one.with_it.expected for one in self._slots],
            ),
        )

    @property
    def people(self) -> Drawing:
        """People needed with it, by the plan, and rostered."""
        return self._draw(
            "people",
            Bars(
                name=self._say("whatif.needed"),
                values=[one.with_it.people_needed for one in self._slots],
            ),
            Line(
                name=self._say("whatif.needed_plan"),
                values=[one.plan.people_needed for one in self._slots],
                tone="calm",
                is_dashed=True,
            ),
            Steps(
                name=self._say("forecast.rostered"),
                values=[one.plan.people_rostered for one in self._slots],
            ),
        )

    @property
    def parts(self) -> Sequence[Drawing]:
        """What each happening adds, all to one scale."""
        values = [self._values(part) for part in self._parts]
        top = max((value for of_one in values for value in of_one), default=0.0)
        return [
            draw(
                f"part{number}",
                [self._name(one.plan.slot) for one in self._slots],
                [Bars(name=self._say("whatif.added"), values=of_one, tone="main")],
                least_top=top,
            )
            for number, of_one in enumerate(values, start=1)
        ]

    @property
    def hours(self) -> Sequence[tuple[str, PlannedHour, PlannedHour, Sequence[float]]]:
        """Each hour's name, as planned and with it, and what each happening adds."""
        plan = by_hour([one.plan for one in self._slots])
        with_it = by_hour([one.with_it for one in self._slots])
        return [
            (self._name(one.hour), one, other, [_within(part, one.hour) for part in self._parts])
            for one, other in zip(plan, with_it, strict=True)
        ]

    def _values(self, part: Added) -> Sequence[float]:
        return [part.by_slot.get(one.plan.slot, 0.0) for one in self._slots]

    def _draw(self, key: str, *layers: Band | Bars | Line | Steps) -> Drawing:
        is_long = len(self._slots) > SLOTS_OF_ONE_DAY
        return draw(
            key,
            [self._name(one.plan.slot) for one in self._slots],
            layers,
            ticks=self._days() if is_long else self._clock(),
            least_top=3,
            labels_follow=is_long,
        )

    def _clock(self) -> dict[int, str]:
        shown = enumerate(in_zone(one.plan.slot, self._zone.key) for one in self._slots)
        return {place: f"{at:%H:%M}" for place, at in shown if place % A_TICK == 0}

    def _days(self) -> dict[int, str]:
        found: dict[int, str] = {}
        before = None
        for place, one in enumerate(self._slots):
            on = day_of(one.plan.slot, self._zone)
            if on != before:
                found[place] = show.short_day(self._locale, one.plan.slot, zone=self._zone.key)
            before = on
        return found

    def _name(self, slot: datetime) -> str:
        on = show.short_day(self._locale, slot, zone=self._zone.key)
        return f"{on} {in_zone(slot, self._zone.key):%H:%M}"


def _within(part: Added, hour: datetime) -> float:
    return part.by_slot.get(hour, 0.0) + part.by_slot.get(hour + SLOT, 0.0)
