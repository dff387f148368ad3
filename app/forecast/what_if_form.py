"""The form of a what-if: what may happen, as a planner names it in an address. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import zip_longest
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.forecast.what_if_bodies import LONGEST_OUTAGE, MOST_AT_ONCE
from ml.load.happenings import Campaign, DelayedParcels, Happening, Outage, StockOut

HOURS_A_DAY = 24
SIZE = re.compile(r"[1-9]\d{0,7}", re.ASCII)
A_MINUTE = "%Y-%m-%dT%H:%M"


class Kind(StrEnum):
    """What may happen."""

    CAMPAIGN = "campaign"
    DELAYED_PARCELS = "delayed_parcels"
    STOCK_OUT = "stock_out"
    OUTAGE = "outage"


@dataclass(frozen=True)
class Wanted:
    """One happening that the form asks about; nothing until a size is given."""

    kind: Kind = Kind.CAMPAIGN
    size: str = ""
    at: str = ""
    hours: int = 1

    @property
    def is_wrong(self) -> bool:
        """Whether its size is none; a form that is asked to grow may hold anything."""
        return bool(self.size) and not SIZE.fullmatch(self.size)

    @property
    def is_counted(self) -> bool:
        """Whether it can be asked about."""
        return bool(SIZE.fullmatch(self.size))

    def starts_at(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return the time by the shop's clock; the next full hour where none is given."""
        try:
            return datetime.fromisoformat(self.at).replace(tzinfo=zone).astimezone(now.tzinfo)
        except (ValueError, OverflowError):
            return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)

    @property
    def lasts_hours(self) -> int:
        """How long it is taken to last: parcels and goods count days, and an outage two at most."""
        if self.kind is Kind.CAMPAIGN:
            return self.hours
        if self.kind is Kind.OUTAGE:
            return min(self.hours, LONGEST_OUTAGE // timedelta(hours=1))
        return max(-(-self.hours // HOURS_A_DAY), 1) * HOURS_A_DAY

    def happening(self, now: datetime, zone: ZoneInfo) -> Happening:
        """Return what it asks about, where it is counted."""
        at = self.starts_at(now, zone)
        size, lasts = int(self.size), self.lasts_hours
        match self.kind:
            case Kind.CAMPAIGN:
                return Campaign(audience=size, starts_at=at, minutes=lasts * 60)
            case Kind.DELAYED_PARCELS:
                return DelayedParcels(parcels=size, told_at=at, days=lasts // HOURS_A_DAY)
            case Kind.STOCK_OUT:
                return StockOut(orders_a_day=size, starts_at=at, days=lasts // HOURS_A_DAY)
            case Kind.OUTAGE:
                return Outage(visitors=size, starts_at=at, ends_at=at + timedelta(hours=lasts))


@dataclass(frozen=True)
class Form:
    """The happenings of a form, one at least, as its address holds them."""

    rows: Sequence[Wanted] = field(default_factory=lambda: [Wanted()])

    @property
    def counted(self) -> Sequence[tuple[int, Wanted]]:
        """Those that are asked about, by their number on the page."""
        return [(number, one) for number, one in enumerate(self.rows, start=1) if one.is_counted]

    @property
    def is_full(self) -> bool:
        """Whether no more may come together."""
        return len(self.rows) >= MOST_AT_ONCE

    @property
    def query(self) -> str:
        """What stands in the address of this form."""
        rows = ((name, value) for one in self.rows for name, value in vars(one).items())
        return urlencode([(name, str(value)) for name, value in rows])

    def timed(self, now: datetime, zone: ZoneInfo) -> "Form":
        """Return the form with the time of each row written out, as clocks of the shop show it."""
        times = [one.starts_at(now, zone).astimezone(zone) for one in self.rows]
        return Form(
            [
                replace(one, at=at.strftime(A_MINUTE))
                for one, at in zip(self.rows, times, strict=True)
            ]
        )

    def with_another(self) -> "Form":
        """Return the form with one more row, of a kind not named yet and at the last one's time."""
        if self.is_full:
            return self
        named = {one.kind for one in self.rows}
        kind = next((kind for kind in Kind if kind not in named), Kind.CAMPAIGN)
        return Form([*self.rows, Wanted(kind=kind, at=self.rows[-1].at)])

    def without(self, number: int) -> "Form":
        """Return the form without one of its rows; the only one gives way to an empty one."""
        left = [one for place, one in enumerate(self.rows, start=1) if place != number]
        return Form(left or [Wanted()])


def form_of(
    kinds: Sequence[Kind], sizes: Sequence[str], times: Sequence[str], hours: Sequence[int]
) -> Form:
    """Return the form that an address names row by row; what a row leaves out is the usual."""
    usual = Wanted()
    rows = zip_longest(kinds, sizes, times, hours)
    return Form(
        [
            Wanted(kind or usual.kind, size or "", at or "", lasts or usual.hours)
            for kind, size, at, lasts in rows
        ]
        or [usual]
    )
