"""Why did or didn't they get it? Asked of an order's news, a notice or a campaign, by a program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from app.access.guard import scope
from app.campaigns import store as campaigns
from app.campaigns import told_store
from app.campaigns.campaign import NOTICE, PREFIX
from app.http.body import PublicId
from app.http.deps import Now, TheHouse, Transaction
from app.http.problems import Problem
from app.hub import digest_store, verdict_store
from app.hub.catalogue import NOTICES
from app.hub.digest_items import Joined
from app.hub.digest_said import digests_of, in_digest
from app.hub.explain import because, explain
from app.ops import store
from app.ops.left_out import left_out, place_of, slots_of
from app.ops.limits import Ends, Limit, limits
from app.ops.untold import Untold, Why, entities, untold
from app.words.say import LOCALES, say
from orders_core.errors import NotFound
from orders_core.ids import show
from orders_core.tx import Tx

router = APIRouter(prefix="/v1", tags=["notices"])

READ = scope("messages:read")
MOST_VERDICTS = 50
OrderRef = Annotated[UUID | None, PublicId("ord"), Query(description="The order it was about.")]
PersonRef = Annotated[UUID | None, PublicId("per"), Query(description="Whom it was for.")]
CampaignRef = Annotated[
    UUID | None, PublicId(PREFIX), Query(description="The campaign it was told by.")
]
Named = Annotated[
    str | None, Query(max_length=64, description="The notice's name, as `order_shipped`.")
]


@dataclass(frozen=True)
class Asked:
    """What is asked about: an order's notice, a person's notice, or a person under a campaign."""

    whose: UUID  #: the order or the person
    is_order: bool
    campaign: UUID | None
    notice: str


def _asked(
    order: OrderRef = None,
    person: PersonRef = None,
    campaign: CampaignRef = None,
    notice: Named = None,
) -> Asked:
    named = NOTICE if campaign else notice
    whose = order or person
    is_of_one = (order is None or person is None) and (campaign is None or order is None)
    if whose is None or not is_of_one or named is None or notice not in (None, named):
        detail = "name an order and a notice, a person and a notice, or a person and a campaign"
        raise Problem(status=422, code="why_of_what", detail=detail)
    if named not in NOTICES:
        raise Problem(status=404, code="unknown_notice", detail="no notice of this name")
    return Asked(whose, order is not None, campaign, named)


@router.get("/why", dependencies=[READ])
def why(
    tx: Transaction, house: TheHouse, now: Now, asked: Annotated[Asked, Depends(_asked)]
) -> Any:
    """Say why somebody got news, got it later, or never did, in Chinese and English.

    Asked of an order and a notice, of a person and a notice, or of a person and a campaign.
    `verdicts` are what was decided, newest first, with every rule that was asked. `untold` is why
    nothing was decided: each event that would have implied the notice, or one reason if none did.
    `limits` is where the record ends: the person was erased, or older verdicts were dropped.
    """
    if asked.is_order:
        return _of_order(tx, house.settings.shop_zone, asked, now)
    return _of_person(tx, asked, house.settings.shop_zone, now)


def _of_person(tx: Tx, asked: Asked, shop_zone: str, now: datetime) -> Mapping[str, Any]:
    person = store.one_person(tx, asked.whose)
    if person is None:
        raise NotFound("person", show("per", asked.whose))
    zone = shop_zone if person.erased_at else person.zone
    ends = limits(tx, began=person.created_at, erased_at=person.erased_at, zone=zone)
    found: Sequence[Any]
    missed: list[Mapping[str, Any]]
    if asked.campaign is None:
        found = verdict_store.page(
            tx, person_id=person.id, notice=asked.notice, after=None, at_most=MOST_VERDICTS
        )
        missed = [] if found else [_reason(_or_not_kept(Why.NOBODY_WISHED, ends))]
    else:
        found, missed = _of_campaign(tx, asked.campaign, person)
    return {
        "order": None,
        "person": show("per", person.id),
        "campaign": show(PREFIX, asked.campaign) if asked.campaign else None,
        "notice": asked.notice,
        "verdicts": _verdicts(tx, found, zone, person.erased_at, now),
        "untold": missed,
        "limits": [_limit(one) for one in ends],
    }


def _of_campaign(
    tx: Tx, campaign_id: UUID, person: Any
) -> tuple[Sequence[Any], list[Mapping[str, Any]]]:
    """Return what was decided about somebody under a campaign, or why nothing was."""
    campaign = campaigns.find(tx, campaign_id)
    told = told_store.about(tx, campaign_id, person.id)
    if told is None:
        place = place_of(tx, campaign, person.id, person.zone)
        return [], [_reason(left_out(campaign, slots_of(tx, campaign), place))]
    verdict_id, outcome = told
    verdict = verdict_store.find(tx, verdict_id)
    return ([verdict], []) if verdict else ([], [_long_ago(outcome)])


def _long_ago(outcome: str) -> Mapping[str, Any]:
    """Say that only the outcome is left of a verdict, and what it was."""
    code = None if outcome == told_store.SENT_AT_ONCE else outcome
    return {
        **_reason(Why.LONG_AGO),
        "outcome": outcome,
        "outcome_in_words": {locale: because(code, locale=locale) for locale in LOCALES},
    }


def _of_order(tx: Tx, shop_zone: str, asked: Asked, now: datetime) -> Mapping[str, Any]:
    order = asked.whose
    found = store.order(tx, order)
    if found is None:
        raise NotFound("order", show("ord", order))
    person = store.one_person(tx, found.person_id)
    erased_at = person.erased_at if person else None
    zone = person.zone if person and not erased_at else shop_zone
    ends = limits(tx, began=found.placed_at, erased_at=erased_at, zone=zone)
    every = store.verdicts_of_order(tx, order)
    rows = [row for row in every if row.notice == asked.notice]
    missed = [one for one in _untold(tx, order, every) if one.notice == asked.notice]
    return {
        "order": show("ord", order),
        "person": show("per", found.person_id),
        "campaign": None,
        "notice": asked.notice,
        "verdicts": _verdicts(tx, rows, zone, erased_at, now),
        "untold": _missed(missed, ends, is_decided=bool(rows)),
        "limits": [_limit(one) for one in ends],
    }


def _untold(tx: Tx, order_id: UUID, verdicts: Sequence[Any]) -> list[Untold]:
    changes = store.events_of(tx, entities(order_id, store.parcels_of(tx, order_id)))
    return untold(changes, verdicts)


def _verdicts(
    tx: Tx, rows: Sequence[Any], zone: str, erased_at: datetime | None, now: datetime
) -> list[Mapping[str, Any]]:
    channels: dict[UUID, list[str]] = {}
    for message in store.messages_of(tx, [row.id for row in rows]):
        channels.setdefault(message.verdict_id, []).append(message.channel)
    joined = digest_store.joined_by(tx, [row.id for row in rows])
    return [
        {
            "verdict": show("ver", row.id),
            "answer": row.answer,
            "because": row.because,
            "decided_by": row.decided_by,
            "decided_at": row.decided_at,
            "until": row.until,
            "digests": [
                _digest(one, zone)
                for one in digests_of(row, joined.get(row.id, ()), erased_at=erased_at, now=now)
            ],
            "in_words": {
                locale: _in_words(row, locale, zone, channels.get(row.id, ())) for locale in LOCALES
            },
        }
        for row in rows
    ]


def _digest(one: Joined, zone: str) -> Mapping[str, Any]:
    words = {locale: in_digest(one, locale=locale, zone=zone) for locale in LOCALES}
    return {**one._asdict(), "in_words": words}


def _in_words(row: Any, locale: str, zone: str, channels: Sequence[str]) -> Mapping[str, Any]:
    words = explain(row, locale=locale, zone=zone, channels=channels)
    asked = [
        {"question": one.question, "answer": one.answer, "decided": one.decided}
        for one in words.asked
    ]
    return {"headline": words.headline, "rules": asked}


def _missed(
    missed: Sequence[Untold], ends: Sequence[Limit], *, is_decided: bool
) -> list[Mapping[str, Any]]:
    if not missed and not is_decided:
        return [_reason(_or_not_kept(Why.NOT_YET, ends))]
    return [{**_reason(one.why), "event": show("evt", one.event.id)} for one in missed]


def _or_not_kept(reason: Why, ends: Sequence[Limit]) -> Why:
    """Return why there is no verdict; where the record begins later that cannot be told."""
    return Why.NOT_KEPT if any(one.ends is Ends.PURGED for one in ends) else reason


def _limit(one: Limit) -> Mapping[str, Any]:
    words = {locale: one.words(locale) for locale in LOCALES}
    return {"ends": one.ends, "on": one.on, "in_words": words}


def _reason(reason: Why) -> dict[str, Any]:
    return {
        "why": reason,
        "in_words": {locale: say(locale, f"untold.{reason}") for locale in LOCALES},
    }
