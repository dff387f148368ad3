"""A foreign order as it came in: its people known by the shop's reference, not yet by ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.people.person import Profile
from orders_core.events import Change
from orders_core.ids import OrderId, PersonId
from orders_core.orders.gift import Gift
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
class GiftDraft:
    """What is said of a gift; the receiver is known by the shop's own reference, if at all."""

    receiver: Profile | None = None
    giver: str | None = None
    words: str | None = None


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
    gift: GiftDraft | None = None

    @property
    def people(self) -> tuple[Profile, ...]:
        """Whom it names: who bought it, and to whom it is given."""
        receiver = self.gift.receiver if self.gift else None
        return (self.customer, receiver) if receiver else (self.customer,)

    def snapshot(self, ids: Mapping[str, PersonId]) -> Snapshot:
        """Return the snapshot now that its people are known, by their references."""
        return Snapshot(
            source=self.source,
            reference=self.reference,
            source_version=self.source_version,
            occurred_at=self.occurred_at,
            status=self.status,
            moments=self.moments,
            is_guessed=self.is_guessed,
            content=Content(
                person_id=ids[self.customer.reference],
                currency=self.currency,
                total_minor=self.total_minor,
                lines=self.lines,
                gift=self._given(ids),
            ),
        )

    def _given(self, ids: Mapping[str, PersonId]) -> Gift | None:
        if self.gift is None:
            return None
        receiver = self.gift.receiver
        return Gift(
            person_id=ids[receiver.reference] if receiver else None,
            giver=self.gift.giver,
            words=self.gift.words,
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
