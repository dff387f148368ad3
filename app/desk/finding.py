"""What a case is about that nobody asked: goods of one SKU, missing in one warehouse on one day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from orders_core.ids import SkuId

UUID_LENGTH = 36


@dataclass(frozen=True, slots=True)
class Finding:
    """A SKU, a warehouse and a day of the shop's calendar."""

    sku_id: SkuId
    warehouse: str
    day: date
    zone: str

    @property
    def key(self) -> str:
        """How the case names it: one finding, one case."""
        return f"{self.sku_id} {self.warehouse} {self.day.isoformat()} {self.zone}"

    @property
    def span(self) -> tuple[datetime, datetime]:
        """When the day begins, and when the next one does."""
        zone = ZoneInfo(self.zone)
        begins, ends = (
            datetime.combine(self.day + timedelta(days=later), time(), zone) for later in (0, 1)
        )
        return begins, ends


def read_finding(key: str) -> Finding:
    """Read what `key` wrote."""
    warehouse, day, zone = key[UUID_LENGTH + 1 :].rsplit(" ", 2)
    return Finding(SkuId(UUID(key[:UUID_LENGTH])), warehouse, date.fromisoformat(day), zone)
