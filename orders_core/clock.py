"""Business time: what the shop's calendar says, apart from what the machine's clock says.

Orders, quiet hours, caps, slots and timeouts live in business time, which a demo may run faster or
jump forward. Leases, tokens and back-off live in machine time, which is the database's
`clock_timestamp()`. A function of the core never asks for the time: it is handed `now`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that can say what time it is in the shop."""

    def now(self) -> datetime:
        """Return the business time, aware and in UTC."""


class SystemClock:
    """Business time is machine time: the only clock where real providers are set."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """A business clock that was set once and has run at a steady rate since.

    `rate` is business seconds a machine second: 1 in life, 60 to watch a day pass in 24 minutes.
    """

    business_anchor: datetime
    machine_anchor: datetime
    rate: float

    def at(self, machine_now: datetime) -> datetime:
        """Say what the business clock shows when the machine's shows `machine_now`."""
        return self.business_anchor + (machine_now - self.machine_anchor) * self.rate

    def jumped(self, machine_now: datetime, *, forward: timedelta) -> "Timeline":
        """Return the same clock set `forward` later, from this moment on.

        Raises:
            ValueError: If the jump would go back; time that was lived through stays.
        """
        if forward < timedelta(0):
            raise ValueError("the business clock never goes back")
        return Timeline(
            business_anchor=self.at(machine_now) + forward,
            machine_anchor=machine_now,
            rate=self.rate,
        )

    def paced(self, machine_now: datetime, *, rate: float) -> "Timeline":
        """Return the same clock running at another rate from this moment on (rate above 0)."""
        if rate <= 0:
            raise ValueError("the business clock runs forward")
        return Timeline(business_anchor=self.at(machine_now), machine_anchor=machine_now, rate=rate)
