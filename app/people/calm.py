"""When a person wants no bells at all: the quiet hours they chose, and a pause. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.people.hours import Window

LONGEST_PAUSE = timedelta(days=90)
ENDLESS = datetime(9999, 1, 1, tzinfo=UTC)  # a pause until its person turns the bells on again


@dataclass(frozen=True, slots=True, kw_only=True)
class Calm:
    """Quiet hours of their own, None for the shop's; and until when nothing rings."""

    quiet: Window | None = None
    paused_until: datetime | None = None

    def is_paused(self, now: datetime) -> bool:
        """Say whether a pause lasts at a moment."""
        return self.paused_until is not None and now < self.paused_until

    @property
    def is_endless(self) -> bool:
        """Whether a pause lasts until they say otherwise."""
        return self.paused_until == ENDLESS


def bits_of(window: Window) -> int:
    """Return the weekdays of a window as bits, Monday the lowest."""
    return sum(1 << day for day in window.weekdays)


def days_of(bits: int) -> frozenset[int]:
    """Return the weekdays that bits stand for."""
    return frozenset(day for day in range(7) if bits >> day & 1)
