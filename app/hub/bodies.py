"""What the doors of the hub read and show."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.http.body import Body, Line, PublicId
from app.hub.decision import Decision
from app.hub.told_facts import Title, Words
from app.hub.verdict import Because, Digest, Downgrade, Send, Wait
from app.hub.verdict_store import StoredVerdict
from app.words.say import LOCALES, say
from orders_core.ids import show

MOST_PEOPLE = 1000
MOST_FACTS = 20

Who = Annotated[str, Line(64)]


class NoticeBody(Body):
    """Tell these people this. `person` or `people`: our ids (`per_…`) or the shop's references.

    `order` stands for whoever placed it. `facts` are what the notice asks to be told, as its page
    in the docs lists them; an announcement takes `title` and `body` instead.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "notice": "announcement",
                    "dispatch": "spring-tea-2026",
                    "people": ["c-8841", "per_01kaqh3m2xf0t8w1v5y7z9b3cd"],
                    "title": "春茶到货",
                    "body": "今年的龙井已到，老顾客先尝。",
                },
                {
                    "notice": "points_expiring",
                    "dispatch": "points-2026-12",
                    "person": "c-8841",
                    "facts": {"points": 300, "expires_at": "2026-12-31T15:59:59Z"},
                },
            ]
        }
    )

    notice: Annotated[str, Line(64)]
    person: Who | None = None
    people: Annotated[
        tuple[Who, ...] | None, Field(min_length=1, max_length=MOST_PEOPLE, strict=False)
    ] = None
    order: Annotated[UUID, PublicId("ord")] | None = None
    title: Title | None = None
    body: Words | None = None
    facts: Annotated[dict[str, Any], Field(default_factory=dict, max_length=MOST_FACTS)]
    dispatch: Annotated[str, Line(200)] | None = None

    @model_validator(mode="after")
    def _one_kind_of_recipient(self) -> "NoticeBody":
        ways = [one for one in (self.person, self.people, self.order) if one is not None]
        if not ways:
            raise PydanticCustomError("recipient_needed", "needs `person`, `people` or `order`")
        if len(ways) > 1:
            raise PydanticCustomError(
                "two_kinds_of_recipient", "takes one of `person`, `people` and `order`"
            )
        return self

    @property
    def named(self) -> tuple[str, ...]:
        """Everybody named, once each, in the order given."""
        return tuple(dict.fromkeys(self.people or filter(None, (self.person,))))

    @property
    def told(self) -> Mapping[str, Any]:
        """What is to be said, wherever in the body it stands."""
        above = {"title": self.title, "body": self.body}
        return {name: one for name, one in above.items() if one is not None} | self.facts


def decision_body(decision: Decision) -> dict[str, Any]:
    """Show what was decided just now about one person."""
    verdict = decision.verdict
    channels: Mapping[str, Any] = {}
    match verdict.answer:
        case Send(now) | Downgrade(now):
            channels = {"channels": now}
        case Digest(slots, now):
            channels = {"channels": now, "channels_digest": [slot.channel for slot in slots]}
        case Wait(_, later, at_once):
            channels = {"channels": at_once, "channels_waiting": later}
    return {
        "person": show("per", decision.wish.person_id),
        "verdict": show("ver", decision.id),
        "answer": verdict.word,
        "because": verdict.because,
        "decided_by": verdict.decided_by,
        "until": verdict.until.isoformat() if verdict.until else None,
        **channels,
    }


def verdict_body(verdict: StoredVerdict) -> dict[str, Any]:
    """Show a stored verdict: the answer, why in words, and every rule that was asked."""
    return {
        "id": show("ver", verdict.id),
        "person": show("per", verdict.person_id),
        "notice": verdict.notice,
        "order": show("ord", verdict.order_id) if verdict.order_id else None,
        "event": show("evt", verdict.event_id) if verdict.event_id else None,
        "answer": verdict.answer,
        "because": verdict.because,
        "because_in_words": in_words(verdict.because),
        "decided_by": verdict.decided_by,
        "until": verdict.until,
        "decided_at": verdict.decided_at,
        "rules": [
            {"rule": rule, "outcome": outcome, "inputs": inputs}
            for rule, outcome, inputs in verdict.trace
        ],
    }


def in_words(because: str | None) -> Mapping[str, str] | None:
    """Say a reason in every language; None where there is none."""
    if because is None:
        return None
    return {locale: say(locale, f"because.{Because(because)}") for locale in LOCALES}
