"""One row of an orders file becomes the steps its order took, each at its own time.

Every time in the row is one step and implies one notice. Steps follow the road placed, paid,
shipped, delivered, cancelled: one that claims to lie before the step ahead of it is taken at that
step's time, and keeps its own in the order's row. A status further than any time in the row is
taken as reached at an unknown time: it sets no time and tells nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.intake.draft import Draft, ParcelDraft
from app.people.person import Profile
from orders_core.orders.mirror import RANK, Moments
from orders_core.orders.order import Line, OrderStatus


@dataclass(frozen=True, kw_only=True)
class History:
    """What a row says of one order: the times of its states, and all that does not change."""

    source: str
    reference: str
    status: OrderStatus
    times: Mapping[OrderStatus, datetime | None]
    customer: Profile
    currency: str
    total_minor: int
    lines: tuple[Line, ...] = ()
    parcels: tuple[ParcelDraft, ...] = ()

    def steps(self) -> list[Draft]:
        """Return the steps in the order they were taken.

        A step's version is its state's place on the road, so the same row read twice, or a later
        export of the order, says nothing twice.
        """
        known = {status: at for status in RANK if (at := self.times.get(status))}
        placed = {OrderStatus.PLACED: known[OrderStatus.PLACED]}
        steps, now = [], known[OrderStatus.PLACED]
        for status, at in known.items():
            now = max(now, at)
            steps.append(self._step(status, now, moments={**placed, status: at}))
        if RANK[self.status] > RANK[steps[-1].status]:
            steps.append(self._step(self.status, now, moments=placed, is_guessed=True))
        return steps

    def _step(
        self, status: OrderStatus, at: datetime, *, moments: Moments, is_guessed: bool = False
    ) -> Draft:
        has_left = RANK[status] >= RANK[OrderStatus.SHIPPED]
        return Draft(
            source=self.source,
            reference=self.reference,
            source_version=RANK[status] + 1,
            occurred_at=at,
            status=status,
            moments=moments,
            customer=self.customer,
            currency=self.currency,
            total_minor=self.total_minor,
            lines=self.lines,
            parcels=self.parcels if has_left else (),
            is_guessed=is_guessed,
        )
