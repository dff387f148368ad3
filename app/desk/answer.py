"""Answers from facts: every sentence names the fact it rests on, and nothing is guessed.

Pure. The order and its parcels come in as they stand; what they do not hold is not said.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.desk.intent import Abstain, Intent, Why
from app.desk.reading import Reading
from app.desk.sentences import BETWEEN, SENTENCES, STATUSES
from app.words import show
from orders_core.orders.order import Order, OrderStatus
from orders_core.parcels.parcel import Parcel, ParcelStatus, silence

QUIET_CARRIER = timedelta(hours=24)  # a carrier that scanned nothing for longer is worth a word
MOST_PARCELS = 3
HOUR = timedelta(hours=1)
ENDED = frozenset({OrderStatus.DELIVERED, OrderStatus.CANCELLED})
NOT_SHIPPED = frozenset({OrderStatus.PLACED, OrderStatus.PAID})


@dataclass(frozen=True)
class Said:
    """One sentence and the fact it rests on."""

    sentence: str
    fact: str
    value: Any


@dataclass(frozen=True)
class Story:
    """An order as it stands, with its parcels, oldest first."""

    order: Order
    parcels: tuple[Parcel, ...]

    @property
    def is_ahead(self) -> bool:
        """Whether a carrier already has what the order's own state does not call shipped."""
        return self.order.status in NOT_SHIPPED and any(
            parcel.status is not ParcelStatus.ANNOUNCED for parcel in self.parcels
        )


@dataclass(frozen=True)
class Answer:
    """What is said about one order."""

    language: str
    order: Order
    said: tuple[Said, ...]

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

    def day(self, at: datetime) -> str:
        """Write a day as the place counts it."""
        return show.day(self.language, at, zone=self.zone)


def answer(reading: Reading, story: Story, *, zone: str, now: datetime) -> Answer | Abstain:
    """Answer a question about an order from what is known of it, or leave it to a person.

    Args:
        zone: Where the person lives: times are written on their clock.
    """
    delivered = story.order.status is OrderStatus.DELIVERED
    if reading.intent is Intent.NOT_RECEIVED and delivered:
        return Abstain(Why.DISPUTED, reading.language)
    speaker = Speaker(reading.language, zone, now)
    said = tuple(ANSWERS[reading.intent](story, speaker))
    return Answer(reading.language, story.order, said)


def _where(story: Story, speaker: Speaker) -> Iterator[Said]:
    yield _state(story, speaker)
    if story.order.status in ENDED:
        return
    for parcel in story.parcels[-MOST_PARCELS:]:
        yield _parcel(parcel, speaker)
        yield from _scans(parcel, speaker)
        yield from _station(parcel, speaker)
        if parcel.status is not ParcelStatus.DELIVERED:
            yield from _expected(parcel, speaker)


def _arrives(story: Story, speaker: Speaker) -> Iterator[Said]:
    yield _state(story, speaker)
    if story.order.status in ENDED:
        return
    moving = [one for one in story.parcels if one.status is not ParcelStatus.DELIVERED]
    for parcel in moving[-MOST_PARCELS:]:
        yield _parcel(parcel, speaker)
        yield from _expected(parcel, speaker)
        yield from _station(parcel, speaker)
    if not any(one.expected_at or one.promised_at for one in moving):
        yield speaker.say("no_expected", "parcel.expected_at", None)


def _ships(story: Story, speaker: Speaker) -> Iterator[Said]:
    yield _state(story, speaker)
    if story.order.status in NOT_SHIPPED and not story.is_ahead:
        yield speaker.say("no_ship_date", "order.shipped_at", None)
    elif story.order.status not in ENDED:
        for parcel in story.parcels[-MOST_PARCELS:]:
            yield _parcel(parcel, speaker)


def _stuck(story: Story, speaker: Speaker) -> Iterator[Said]:
    yield _state(story, speaker)
    for parcel in story.parcels[-MOST_PARCELS:]:
        yield _parcel(parcel, speaker)
        yield from _scans(parcel, speaker)
        if parcel.status is not ParcelStatus.DELIVERED:
            yield from _expected(parcel, speaker)
    if not story.parcels:
        yield speaker.say("no_parcel", "parcel", None)


def _cancelled(story: Story, speaker: Speaker) -> Iterator[Said]:
    order = story.order
    if order.status is not OrderStatus.CANCELLED:
        status = order.status.value
        yield speaker.say("not_cancelled", "order.status", status, number=order.number)
    yield _state(story, speaker)


def _paid(story: Story, speaker: Speaker) -> Iterator[Said]:
    order = story.order
    is_unpaid = order.paid_at is None and (
        order.status is OrderStatus.PLACED
        or (order.status is OrderStatus.CANCELLED and order.payment_reference is None)
    )
    if is_unpaid:
        yield speaker.say("not_paid", "order.paid_at", None, number=order.number)
    elif order.paid_at is None:
        status = order.status.value
        yield speaker.say("was_paid_undated", "order.status", status, number=order.number)
    else:
        at = order.paid_at
        yield speaker.say("was_paid", "order.paid_at", at, number=order.number, at=at)
    if order.status is OrderStatus.CANCELLED:
        yield _state(story, speaker)


def _pickup(story: Story, speaker: Speaker) -> Iterator[Said]:
    waiting = [parcel for parcel in story.parcels if parcel.pickup_code]
    for parcel in waiting[-MOST_PARCELS:]:
        yield from _station(parcel, speaker)
    if waiting:
        return
    yield _state(story, speaker)
    if story.parcels:
        status = story.parcels[-1].status
        yield speaker.say("no_pickup", "parcel.pickup_code", None, status=status)


ANSWERS: Mapping[Intent, Callable[[Story, Speaker], Iterator[Said]]] = {
    Intent.WHERE: _where,
    Intent.ARRIVES: _arrives,
    Intent.SHIPS: _ships,
    Intent.NOT_RECEIVED: _where,
    Intent.STUCK: _stuck,
    Intent.CANCELLED: _cancelled,
    Intent.PAID: _paid,
    Intent.PICKUP: _pickup,
}


def _state(story: Story, speaker: Speaker) -> Said:
    """Say the order's state, and since when, where its shop told us."""
    order = story.order
    at = getattr(order, f"{order.status}_at")
    key = order.status.value + ("_moving" if story.is_ahead else "") + ("" if at else "_undated")
    if at is None:
        return speaker.say(key, "order.status", order.status.value, number=order.number)
    return speaker.say(key, f"order.{order.status}_at", at, number=order.number, at=at)


def _parcel(parcel: Parcel, speaker: Speaker) -> Said:
    return speaker.say(
        "parcel",
        "parcel.status",
        parcel.status.value,
        carrier=show.carrier(speaker.language, parcel.carrier),
        parcel=parcel.number,
        status=parcel.status,
    )


def _scans(parcel: Parcel, speaker: Speaker) -> Iterator[Said]:
    """Say where and when it was last seen, and for how long not: an age, never a guessed place."""
    at = parcel.last_scan_at
    if at is None:
        yield speaker.say("never_scanned", "parcel.last_scan_at", None)
        return
    if parcel.last_place:
        yield speaker.say("scan", "parcel.last_scan_at", at, at=at, place=parcel.last_place)
    else:
        yield speaker.say("scan_nowhere", "parcel.last_scan_at", at, at=at)
    quiet = silence(at, speaker.now)
    if quiet and quiet >= QUIET_CARRIER and parcel.status is not ParcelStatus.DELIVERED:
        hours = quiet // HOUR
        yield speaker.say("silence", "parcel.hours_without_scan", hours, hours=hours)


def _station(parcel: Parcel, speaker: Speaker) -> Iterator[Said]:
    code = parcel.pickup_code
    if not code:
        return
    if parcel.last_place and parcel.status is ParcelStatus.AT_STATION:
        yield speaker.say(
            "pickup_at", "parcel.pickup_code", code, code=code, place=parcel.last_place
        )
    else:
        yield speaker.say("pickup", "parcel.pickup_code", code, code=code)


def _expected(parcel: Parcel, speaker: Speaker) -> Iterator[Said]:
    """Say the expected day; a day that has passed is said to have passed."""
    expected, promised = parcel.expected_at or parcel.promised_at, parcel.promised_at
    if expected is None:
        return
    day = speaker.day(expected)
    if expected < speaker.now - timedelta(days=1):
        yield speaker.say("overdue", "parcel.expected_at", expected, day=day)
    elif promised and promised < expected and speaker.day(promised) != day:
        told = speaker.day(promised)
        yield speaker.say("late", "parcel.expected_at", expected, promised=told, day=day)
    else:
        yield speaker.say("expected", "parcel.expected_at", expected, day=day)
