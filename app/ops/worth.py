"""Is a notice worth its bells? What people did with it, with the doubt that few cases leave. Pure.

Shares come with Wilson's interval at 95 %. A verdict is spoken only where the whole interval lies
on one side of its line; otherwise it cannot be told yet.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

Z = 1.959964  # 95 % of a normal distribution lie within so many deviations
FEWEST = 30  # inbox lines below which nothing is said
SEEN_SELDOM = 0.3
SEEN_OFTEN = 0.5
OPENED_SELDOM = 0.05
ANNOYING = 0.01  # of those told, who muted or opted out within two days


class Worth(StrEnum):
    """What a notice achieves, in a word."""

    WORTH_IT = "worth_it"  #: most see it, and hardly anybody silences it
    NOISE = "noise"  #: it is silenced, or seen and left
    UNSEEN = "unseen"  #: important, and most do not see it
    SILENT = "silent"  #: it rings nowhere
    CANNOT_TELL = "cannot_tell"  #: too few, or in between


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What happened to one notice in a stretch of time. `told` had at least one delivery."""

    decided: int = 0
    told: int = 0
    messages: int = 0
    delivered: int = 0
    bells: int = 0
    lines: int = 0  #: tellings with a line in the inbox
    seen: int = 0  #: of them, seen within 48 hours
    opened: int = 0  #: of them, opened within 48 hours
    muted: int = 0  #: of those told of an order, who muted it within 48 hours
    opted_out: int = 0  #: of those told, who switched the category off within 48 hours
    contacts: int = 0  #: of those told, who opened a case about it within 48 hours
    untold: int = 0
    untold_contacts: int = 0  #: of those decided and not told, the same


@dataclass(frozen=True)
class Share:
    """A share of some cases, and between what it may lie; all from 0 to 1."""

    hits: int
    cases: int

    @property
    def value(self) -> float | None:
        """The share as counted; None of no cases."""
        return self.hits / self.cases if self.cases else None

    @property
    def low(self) -> float:
        """The lower end of Wilson's interval."""
        return self._interval()[0]

    @property
    def high(self) -> float:
        """The upper end of Wilson's interval."""
        return self._interval()[1]

    def _interval(self) -> tuple[float, float]:
        if not self.cases:
            return 0.0, 1.0
        share, square = self.hits / self.cases, Z * Z / self.cases
        middle = share + square / 2
        reach = Z * math.sqrt(share * (1 - share) / self.cases + square / self.cases / 4)
        low, high = (middle - reach) / (1 + square), (middle + reach) / (1 + square)
        return max(low, 0.0), min(high, 1.0)


@dataclass(frozen=True, kw_only=True)
class Achieved:
    """One notice with its shares and its verdict."""

    notice: str
    kind: str
    counts: Counts

    @property
    def seen(self) -> Share:
        """Of the inbox lines, those seen."""
        return Share(self.counts.seen, self.counts.lines)

    @property
    def opened(self) -> Share:
        """Of the inbox lines, those opened."""
        return Share(self.counts.opened, self.counts.lines)

    @property
    def annoyed(self) -> Share:
        """Of those told, whoever muted the order or switched the category off."""
        counts = self.counts
        return Share(min(counts.muted + counts.opted_out, counts.told), counts.told)

    @property
    def contacts(self) -> Share:
        """Of those told, whoever asked about it."""
        return Share(self.counts.contacts, self.counts.told)

    @property
    def contacts_untold(self) -> Share:
        """Of those not told, whoever asked about it."""
        return Share(self.counts.untold_contacts, self.counts.untold)

    @property
    def prevented(self) -> tuple[float, float] | None:
        """Between how many contacts telling prevented; below zero it caused them.

        Told and untold compared, where both are many enough: a comparison, not an experiment.
        None where it cannot be told.
        """
        told, untold = self.contacts, self.contacts_untold
        if min(told.cases, untold.cases) < FEWEST:
            return None
        gap = (untold.value or 0.0) - (told.value or 0.0)
        below = math.hypot((untold.value or 0.0) - untold.low, told.high - (told.value or 0.0))
        above = math.hypot(untold.high - (untold.value or 0.0), (told.value or 0.0) - told.low)
        return (gap - below) * told.cases, (gap + above) * told.cases

    @property
    def is_important(self) -> bool:
        """Whether it is news the person needs, not an offer or an invitation."""
        return self.kind in ("order", "support", "security")

    @property
    def worth(self) -> Worth:
        """What the notice achieves."""
        counts, opened = self.counts, self.opened
        lines = (
            (counts.told >= FEWEST and not counts.bells, Worth.SILENT),
            (counts.lines < FEWEST, Worth.CANNOT_TELL),
            (self.is_important and self.seen.high < SEEN_SELDOM, Worth.UNSEEN),
            (self.annoyed.low > ANNOYING, Worth.NOISE),
            (not self.is_important and opened.high < OPENED_SELDOM, Worth.NOISE),
            (self.seen.low > SEEN_OFTEN, Worth.WORTH_IT),
        )
        return next((worth for holds, worth in lines if holds), Worth.CANNOT_TELL)


def counts_of(row: Mapping[str, int]) -> Counts:
    """Take what a query counted."""
    return Counts(**{field.name: row[field.name] or 0 for field in fields(Counts)})
