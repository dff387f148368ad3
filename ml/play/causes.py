"""What makes the people of a played shop write, all of it known: it is decided here.

The figures are ours and plausible, not measured. Where they differ in form from what a model
assumes they do so on purpose: a promotion multiplies what it adds, while `ml.load.uplift` learns
a sum of logarithms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class Promotion:
    """A promotion of a played shop: days of its calendar, and the truth of what it brings."""

    kind: str
    day: int  #: since the shop began
    days: int = 1
    from_slot: int = 0  #: of each of its days, 0 to 47; it lasts until midnight
    audience_share: float  #: of its customers who are told
    discount_share: float
    uplift: float  #: times the contacts that would have come otherwise, in every slot; 1 or more


@dataclass(frozen=True, kw_only=True)
class Send:
    """A campaign's messages; they leave at the beginning of a slot."""

    day: int
    slot: int  #: of the day, 0 to 47
    messages: int


@dataclass(frozen=True, kw_only=True)
class Shortage:
    """Goods that people want and do not get."""

    day: int
    days: int
    wanted_share: float  #: of all orders, that would have held them


@dataclass(frozen=True, kw_only=True)
class Delay:
    """Parcels held up beyond those that are late by chance; what arrives stays as it was.

    With and without it a shop so differs by their lateness alone.
    """

    day: int
    days: int
    parcels: int


@dataclass(frozen=True, kw_only=True)
class Causes:
    """A shop, and how likely whom is to write; the contacts of a cause are switched off by 0.

    Rates from `where_by_age` on are contacts a day for each of what the comment names.
    """

    first_day: date = date(2024, 1, 1)
    zone: ZoneInfo = SHANGHAI
    opens_slot: int = 16  #: 8 o'clock
    closes_slot: int = 44  #: 22 o'clock
    orders_a_day: float = 4_000.0
    weekday: Sequence[float] = (1.04, 1.0, 0.98, 0.97, 1.0, 1.06, 0.95)  #: Monday first
    drift: float = 0.02  #: how far demand moves from day to day, on a log scale
    drift_kept: float = 0.95  #: of a day's distance from the usual that is left a day later
    promised_days: int = 3  #: from the order to its promised delivery
    late_share: float = 0.04  #: of parcels, while carriers do well
    trouble_late_share: float = 0.2  #: while a carrier has trouble
    trouble_days: float = 4.0  #: that it lasts, on average
    trouble_every_days: float = 45.0  #: on average
    late_stays: float = 0.6  #: of late parcels are late another day
    return_share: float = 0.05  #: of what was delivered is sent back
    refund_days: float = 3.0  #: that a refund stays open, on average
    where_by_age: Sequence[float] = (0.0, 0.012, 0.03, 0.04, 0.03)  #: an order, by its days
    where_late: float = 0.10  #: a parcel past its promise
    delivery_late: float = 0.05
    delivery_arrived: float = 0.02  #: a parcel, on the day after it came
    return_open: float = 0.06  #: a refund that is open
    return_arrived: float = 0.02
    presale_wanted: float = 0.05  #: an order that demand alone makes, promotions apart
    presale_short: float = 0.3  #: an order that shortage prevents
    presale_send: float = 0.006  #: a message, over the hours after it
    send_half_life_slots: float = 4.0
    payment_order: float = 0.03  #: an order that demand alone makes
    other: float = 0.03  #: an order of an ordinary day
    dispersion: float = 0.002  #: of counts beyond chance: variance = rate + dispersion × rate²
    promotions: Sequence[Promotion] = ()
    sends: Sequence[Send] = ()
    shortages: Sequence[Shortage] = ()
    delays: Sequence[Delay] = ()

    @property
    def open_slots(self) -> int:
        """How many half hours a day the desk is open."""
        return self.closes_slot - self.opens_slot
