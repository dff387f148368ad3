"""One order as its page tells it: every sentence made, every time still a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.story.clause import Tone
from app.story.contents import Content, ToldAddress, ToldRefund, ToldReturn, ToldShort
from app.story.money import Payment
from app.story.steps import Step
from orders_core.ids import ParcelId, PersonId
from orders_core.orders.gift import Gift
from orders_core.orders.invoice import Invoice
from orders_core.orders.order import Order
from orders_core.parcels.parcel import ParcelStatus


@dataclass(frozen=True, kw_only=True)
class Scan:
    """One thing a carrier said of a parcel."""

    at: datetime
    status: ParcelStatus
    place: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ToldParcel:
    """A parcel with its scans, newest first; `says` is where it stands, in a sentence.

    `days` says what was promised and what is expected, with dates; `day` is the day expected, on
    the clock of the place. Both only while it is under way. `contents` is what is in it, as far as
    anybody said.
    """

    id: ParcelId
    carrier: str
    number: str
    status: ParcelStatus
    says: str
    tone: Tone
    days: str
    day: date | None
    pickup_code: str | None
    contents: Sequence[Content]
    scans: Sequence[Scan]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One kind of goods; `line_minor` is what all of its units cost.

    `marks` say where its units are, where they are not all in one place.
    """

    code: str
    title: str
    quantity: int
    unit_minor: int
    line_minor: int
    has_picture: bool
    marks: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Way:
    """One channel that a message took: its state in words, and when that was, if it was."""

    message_id: UUID
    channel: str
    state: str
    sign: str  # good, wait, bad
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ToldNotice:
    """One notice about the order: what it was, why, and what became of it.

    `because` says why it was told, held or not; `left_out` which channels fell away and why.
    """

    verdict_id: UUID
    notice: str
    title: str
    sign: str  # good, wait, bad
    because: str
    left_out: Sequence[str]
    at: datetime
    ways: Sequence[Way]


@dataclass(frozen=True, kw_only=True)
class Who:
    """Who the order is for; each address plain and as it is shown to whoever proved nothing."""

    id: PersonId
    name: str
    masked_name: str
    phones: Sequence[tuple[str, str]]
    emails: Sequence[tuple[str, str]]

    @property
    def can_prove(self) -> bool:
        """Whether there is anything to prove who somebody is by."""
        return bool(self.phones or self.emails)


@dataclass(frozen=True, kw_only=True)
class Story:
    """The whole page of one order, in one language and on one clock."""

    order: Order
    zone: str
    told_at: datetime
    truth: str
    tone: Tone
    next: Sequence[str]
    steps: Sequence[Step]
    parcels: Sequence[ToldParcel]
    items: Sequence[Item]
    payment: Payment
    paid: str
    address: ToldAddress | None
    invoice: Invoice | None
    refunds: Sequence[ToldRefund]
    returns: Sequence[ToldReturn]
    shorts: Sequence[ToldShort]
    notices: Sequence[ToldNotice]
    who: Who
    gift: Gift | None
    is_surprise: bool  #: whether goods and money are none of the reader's business
    tells: bool  #: whether the reader may see what was told
    is_muted: bool
    more_on: str | None
    can_ring: bool  #: whether anything more may be told of it, so that muting means something
