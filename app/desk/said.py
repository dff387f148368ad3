"""What an answer is made of: sentences, each with the fact it rests on, and an order's story.

Pure. The order and all that belongs to it come in as they stand; what they do not hold is not said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.desk.sentences import BETWEEN, SENTENCES, STATUSES
from app.story.acts import Action, Offer
from app.words import show
from orders_core.orders.order import Order, OrderStatus, Refund
from orders_core.parcels.parcel import Parcel, ParcelStatus
from orders_core.returns.rma import Return

ENDED = frozenset({OrderStatus.DELIVERED, OrderStatus.CANCELLED})
NOT_SHIPPED = frozenset({OrderStatus.PLACED, OrderStatus.PAID})
MOST_PARCELS = 3


@dataclass(frozen=True)
class Said:
    """One sentence and the fact it rests on; `opens` names the page that does what it offers."""

    sentence: str
    fact: str
    value: Any
    opens: str | None = None

    @property
    def kind(self) -> str:
        """The kind of its fact: order, parcel, refund, return, page or person."""
        return self.fact.partition(".")[0]

    def opening(self, page: str) -> "Said":
        """Return the sentence with the page that does what it offers."""
        return replace(self, opens=page)


@dataclass(frozen=True)
class Story:
    """An order as it stands, with its parcels, refunds and returns, oldest first.

    `offers` is what its shopper may do on its page; without one, a person has to be asked.
    """

    order: Order
    parcels: tuple[Parcel, ...]
    refunds: tuple[Refund, ...] = ()
    returns: tuple[Return, ...] = ()
    offers: Mapping[Action, Offer] = field(default_factory=dict)

    @property
    def is_ahead(self) -> bool:
        """Whether a carrier already has what the order's own state does not call shipped."""
        return self.order.status in NOT_SHIPPED and any(
            parcel.status is not ParcelStatus.ANNOUNCED for parcel in self.parcels
        )


@dataclass(frozen=True)
class Answer:
    """What is said about one order, or about none; `events` are the ones its facts came with.

    `asks` are the wishes it answers, in the words of who asked, where one message had several.
    """

    language: str
    order: Order | None
    said: tuple[Said, ...]
    events: tuple[UUID, ...] = ()
    asks: tuple[str, ...] = ()

    @property
    def opens(self) -> str | None:
        """The page that does what the answer offers, by its name."""
        return next((one.opens for one in self.said if one.opens), None)

    @property
    def every_opens(self) -> tuple[str, ...]:
        """All pages that do what the answer offers, each once."""
        return tuple(dict.fromkeys(one.opens for one in self.said if one.opens))

    @property
    def text(self) -> str:
        """All sentences, one after the other."""
        return BETWEEN[self.language].join(one.sentence for one in self.said)


@dataclass(frozen=True)
class Speaker:
    """Who speaks: a language, and the clock of the place it is heard in."""

    language: str
    zone: str
    now: datetime

    @property
    def today(self) -> date:
        """The day it is there."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def say(self, key: str, fact: str, value: Any, **params: Any) -> Said:
        """Say one sentence that rests on one fact."""
        words = {name: self._word(param) for name, param in params.items()}
        shown = value.isoformat() if isinstance(value, datetime) else value
        return Said(SENTENCES[self.language][key].format_map(words), fact, shown)

    def _word(self, param: Any) -> str:
        if isinstance(param, datetime):
            return show.when(self.language, param, zone=self.zone)
        if isinstance(param, ParcelStatus):
            return STATUSES[self.language][param]
        return str(param)

    def money(self, amount_minor: int, currency: str) -> str:
        """Write an amount of minor units."""
        return show.money(self.language, amount_minor, currency)

    def day(self, at: datetime) -> str:
        """Write a day as the place counts it."""
        return show.day(self.language, at, zone=self.zone)


def state(story: Story, speaker: Speaker) -> Said:
    """Say the order's state, and since when, where its shop told us."""
    order = story.order
    at = getattr(order, f"{order.status}_at")
    key = order.status.value + ("_moving" if story.is_ahead else "") + ("" if at else "_undated")
    if at is None:
        return speaker.say(key, "order.status", order.status.value, number=order.number)
    return speaker.say(key, f"order.{order.status}_at", at, number=order.number, at=at)
