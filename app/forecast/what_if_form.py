"""The form of a what-if: one happening, as a planner names it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.forecast.what_if_bodies import LONGEST_OUTAGE
from ml.load.happenings import Campaign, DelayedParcels, Happening, Outage, StockOut

HOURS_A_DAY = 24


class Kind(StrEnum):
    """What may happen."""

    CAMPAIGN = "campaign"
    DELAYED_PARCELS = "delayed_parcels"
    STOCK_OUT = "stock_out"
    OUTAGE = "outage"


@dataclass(frozen=True)
class Wanted:
    """What the form asks for; nothing until a size is given."""

    kind: Kind
    size: str
    at: str
    hours: int

    def starts_at(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return the time by the shop's clock; the next full hour where none is given."""
        try:
            return datetime.fromisoformat(self.at).replace(tzinfo=zone).astimezone(now.tzinfo)
        except (ValueError, OverflowError):
            return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)

    def happening(self, at: datetime) -> Happening | None:
        """Return what it asks about, at a time; None where no size is given."""
        if not self.size:
            return None
        size, days = int(self.size), max(-(-self.hours // HOURS_A_DAY), 1)
        match self.kind:
            case Kind.CAMPAIGN:
                return Campaign(audience=size, starts_at=at, minutes=self.hours * 60)
            case Kind.DELAYED_PARCELS:
                return DelayedParcels(parcels=size, told_at=at, days=days)
            case Kind.STOCK_OUT:
                return StockOut(orders_a_day=size, starts_at=at, days=days)
            case Kind.OUTAGE:
                lasts = min(timedelta(hours=self.hours), LONGEST_OUTAGE)
                return Outage(visitors=size, starts_at=at, ends_at=at + lasts)
