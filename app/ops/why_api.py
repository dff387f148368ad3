"""Why did or didn't they get it? One order and one notice, for an agent or a program."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from app.access.guard import scope
from app.http.body import PublicId
from app.http.deps import TheHouse, Transaction
from app.http.problems import Problem
from app.hub.catalogue import NOTICES
from app.hub.explain import explain
from app.ops import store
from app.ops.untold import Untold, Why, entities, untold
from app.words.say import LOCALES, say
from orders_core.errors import NotFound
from orders_core.ids import show
from orders_core.tx import Tx

router = APIRouter(prefix="/v1", tags=["notices"])

READ = scope("messages:read")
OrderRef = Annotated[UUID, PublicId("ord"), Query(description="The order it was about.")]
Named = Annotated[str, Query(max_length=64, description="The notice's name, as `order_shipped`.")]


@router.get("/why", dependencies=[READ])
def why(tx: Transaction, house: TheHouse, order: OrderRef, notice: Named) -> Any:
    """Say why somebody got news of an order, got it later, or never did, in Chinese and English.

    `verdicts` are what was decided, newest first, with every rule that was asked. `untold` is why
    nothing was decided: each event that would have implied the notice, or `not_yet` if none did.
    """
    if notice not in NOTICES:
        raise Problem(status=404, code="unknown_notice", detail="no notice of this name")
    found = store.order(tx, order)
    if found is None:
        raise NotFound("order", show("ord", order))
    person = store.one_person(tx, found.person_id)
    zone = person.zone if person else house.settings.shop_zone
    every = store.verdicts_of_order(tx, order)
    rows = [row for row in every if row.notice == notice]
    missed = [one for one in _untold(tx, order, every) if one.notice == notice]
    return {
        "order": show("ord", order),
        "person": show("per", found.person_id),
        "notice": notice,
        "verdicts": _verdicts(tx, rows, zone),
        "untold": _missed(missed, is_decided=bool(rows)),
    }


def _untold(tx: Tx, order_id: UUID, verdicts: Sequence[Any]) -> list[Untold]:
    changes = store.events_of(tx, entities(order_id, store.parcels_of(tx, order_id)))
    return untold(changes, verdicts)


def _verdicts(tx: Tx, rows: Sequence[Any], zone: str) -> list[Mapping[str, Any]]:
    channels: dict[UUID, list[str]] = {}
    for message in store.messages_of(tx, [row.id for row in rows]):
        channels.setdefault(message.verdict_id, []).append(message.channel)
    return [
        {
            "verdict": show("ver", row.id),
            "answer": row.answer,
            "because": row.because,
            "decided_by": row.decided_by,
            "decided_at": row.decided_at,
            "until": row.until,
            "in_words": {
                locale: _in_words(row, locale, zone, channels.get(row.id, ())) for locale in LOCALES
            },
        }
        for row in rows
    ]


def _in_words(row: Any, locale: str, zone: str, channels: Sequence[str]) -> Mapping[str, Any]:
    words = explain(row, locale=locale, zone=zone, channels=channels)
    asked = [
        {"question": one.question, "answer": one.answer, "decided": one.decided}
        for one in words.asked
    ]
    return {"headline": words.headline, "rules": asked}


def _missed(missed: Sequence[Untold], *, is_decided: bool) -> list[Mapping[str, Any]]:
    if not missed and not is_decided:
        return [_reason(Why.NOT_YET)]
    return [{**_reason(one.why), "event": show("evt", one.event.id)} for one in missed]


def _reason(reason: Why) -> dict[str, Any]:
    return {
        "why": reason,
        "in_words": {locale: say(locale, f"untold.{reason}") for locale in LOCALES},
    }
