"""A desk that delivers for one test: scripted providers, plain words, the shop's real database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from jinja2 import DictLoader
from sqlalchemy import insert, text, update

from app.db.transaction import begin
from app.jobs.lanes import Lane
from app.messages.deliver import Delivery
from app.messages.history_store import Message, find
from app.messages.message import Draft
from app.messages.queue import queue
from app.messages.tables import message
from app.people.tables import contact, person
from app.templating.render import Renderer
from channels.contract import Accepted, Envelope, Outcome
from orders_core.ids import new_id
from orders_core.tx import Tx
from tests.shop import MORNING, Shop

LANE_OF = {"security": 0, "order": 1, "support": 1, "service": 2, "marketing": 3}
WORDS = "{% block text %}Hello {{ name }}{% endblock %}"
RENDERER = Renderer(
    DictLoader({"notices/news/sms.en.j2": WORDS, "notices/news/inapp.en.j2": WORDS})
)


def _nothing() -> None:
    """Nothing happens."""


@dataclass
class Provider:
    """Takes everything, unless `answers` says otherwise: an outcome, or an error to raise.

    `meanwhile` happens while a message is with the provider.
    """

    name: str = "sms"
    answers: list[Outcome | RuntimeError] = field(default_factory=list)
    seen: list[Envelope] = field(default_factory=list)
    meanwhile: Callable[[], object] = _nothing

    def send(self, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        return [self._send_one(envelope) for envelope in envelopes]

    def _send_one(self, envelope: Envelope) -> Outcome:
        self.seen.append(envelope)
        self.meanwhile()
        answer = self.answers.pop(0) if self.answers else Accepted("ref")
        if isinstance(answer, RuntimeError):
            raise answer
        return answer

    @property
    def rung(self) -> list[UUID]:
        return [envelope.message_id for envelope in self.seen]


@dataclass
class Desk:
    """The shop's desk and what a test does around it."""

    shop: Shop
    provider: Provider
    ana: UUID
    delivery: Delivery

    def put(self, *drafts: Draft) -> list[UUID]:
        with begin(self.shop.engine) as tx:
            return queue(tx, drafts)

    def draft(self, kind: str = "order", **changes: Any) -> Draft:
        return draft(self.ana, kind, **changes)

    def look(self, message_id: UUID) -> Message:
        with begin(self.shop.engine) as tx:
            found = find(tx, message_id)
        assert found is not None
        return found

    def skip_wait(self, message_id: UUID) -> None:
        """Let machine time pass: a back-off or a lease of the message is over."""
        with begin(self.shop.engine) as tx:
            tx.execute(
                update(message)
                .where(message.c.id == message_id)
                .values(not_before=text("clock_timestamp()"))
            )


def open_desk(shop: Shop) -> Desk:
    with begin(shop.engine) as tx:
        ana = add_person(tx, "+8613800000001")
    provider = Provider()
    delivery = Delivery(
        engine=shop.engine, clock=shop.clock, channels={"sms": provider}, renderer=RENDERER
    )
    return Desk(shop, provider, ana, delivery)


def add_person(tx: Tx, number: str) -> UUID:
    who = new_id()
    tx.execute(
        insert(person).values(id=who, name="Ana", locale="en", zone="UTC", created_at=MORNING)
    )
    tx.execute(
        insert(contact).values(
            id=new_id(), person_id=who, channel="sms", address=number, added_at=MORNING
        )
    )
    return who


def draft(person_id: UUID, kind: str = "order", **changes: Any) -> Draft:
    at: datetime = changes.pop("at", MORNING)
    values: dict[str, Any] = {
        "verdict_id": new_id(),
        "person_id": person_id,
        "order_id": None,
        "notice": "news",
        "category": "offers" if kind == "marketing" else "orders",
        "channel": "sms",
        "address": "+8613800000001",
        "locale": "en",
        "kind": kind,
        "lane": LANE_OF[kind],
        "variables": {"name": "Ana"},
        "due_at": at,
        "expires_at": at + timedelta(days=1),
        "queued_at": at,
    }
    return Draft(**values | changes)


def lane_of(kind: str) -> Lane:
    return Lane(LANE_OF[kind])
