"""A foreign order as it came in: its people known by the shop's reference, not yet by ours."""

from dataclasses import dataclass
from datetime import datetime

from app.people.person import Profile
from orders_core.events import Change
from orders_core.ids import OrderId, PersonId
from orders_core.orders.mirror import Content, Moments, Snapshot
from orders_core.orders.order import Line, OrderStatus
from orders_core.parcels.attach import Consignment


@dataclass(frozen=True, kw_only=True)
class ParcelDraft:
    """A parcel that the order is said to ship in."""

    carrier: str
    number: str
    promised_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One snapshot on its way in; the fields are those of the core's `Snapshot` and `Content`."""

    source: str
    reference: str
    source_version: int
    occurred_at: datetime
    status: OrderStatus
    moments: Moments
    customer: Profile
    currency: str
    total_minor: int
    lines: tuple[Line, ...] = ()
    parcels: tuple[ParcelDraft, ...] = ()
    is_guessed: bool = False

    def snapshot(self, person_id: PersonId) -> Snapshot:
        """Return the snapshot now that the person is known."""
        return Snapshot(
            source=self.source,
            reference=self.reference,
            source_version=self.source_version,
            occurred_at=self.occurred_at,
            status=self.status,
            moments=self.moments,
            is_guessed=self.is_guessed,
            content=Content(
                person_id=person_id,
                currency=self.currency,
                total_minor=self.total_minor,
                lines=self.lines,
            ),
        )

    def consignments(self, order_id: OrderId, change: Change) -> list[tuple[Consignment, Change]]:
        """Return the parcels tied to the order, with who says so."""
        return [
            (
                Consignment(
                    order_id=order_id,
                    carrier=parcel.carrier,
                    number=parcel.number,
                    promised_at=parcel.promised_at,
                ),
                change,
            )
            for parcel in self.parcels
        ]
