"""The HTTP of people: who they are, where they are reached, what they chose."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response

from app.access.guard import scope
from app.access.keys import Caller
from app.house import House
from app.http.body import Line
from app.http.deps import Now, TheHouse, Transaction
from app.http.problems import Fault, Problem
from app.people import calm_store, choice_store, store
from app.people.bodies import (
    PersonBody,
    PreferencesBody,
    RhythmsBody,
    grid_body,
    person_body,
)
from app.people.calm import LONGEST_PAUSE
from app.people.calm_bodies import calm_body
from app.people.changing import changing
from app.people.history_store import note
from app.people.links import links_of
from app.people.person import name_of
from app.people.saying import by_caller
from orders_core.ids import PersonId
from orders_core.tx import Tx

router = APIRouter(prefix="/v1/people", tags=["people"])

Who = Annotated[
    str, Line(64), Path(description="Our id (`per_…`) or the shop's own reference of the person.")
]
Reader = Annotated[Caller, scope("people:read")]
Writer = Annotated[Caller, scope("people:write")]


@dataclass(frozen=True)
class Hand:
    """Who writes by this request, and what writing needs."""

    house: House
    tx: Tx
    now: datetime
    caller: Caller

    def changing(self, person_id: PersonId) -> AbstractContextManager[None]:
        """Let what is changed of a person inside be one act of the caller's."""
        return changing(self.house, self.tx, person_id, by_caller(self.caller.name, self.now))


def _hand(tx: Transaction, now: Now, house: TheHouse, caller: Writer) -> Hand:
    return Hand(house, tx, now, caller)


Writing = Annotated[Hand, Depends(_hand)]


@router.put("/{who}", responses={201: {"description": "The person is new."}})
def put(who: Who, said: PersonBody, hand: Writing, response: Response) -> Any:
    """Write what the shop says of a person; a reference that is new makes a new person."""
    tx, now, settings = hand.tx, hand.now, hand.house.settings
    profile = said.profile(who, region=settings.default_region, now=now)
    name = name_of(who)
    known = store.named(tx, [name])
    if known:
        with hand.changing(known[name]):
            store.change(tx, {known[name]: profile}, now=now)
    elif isinstance(name, str):
        note(tx, by_caller(hand.caller.name, now))
        locale, zone = settings.shop_locale, settings.shop_zone
        hand.house.heed(tx, store.upsert(tx, [profile], locale=locale, zone=zone, now=now), now)
        response.status_code = 201
    return person_body(store.find(tx, name), links_of(settings))


@router.get("/{who}")
def read(who: Who, tx: Transaction, house: TheHouse, _: Reader) -> Any:
    """Read a person, with the signed links to their inbox and preference page."""
    return person_body(store.find(tx, name_of(who)), links_of(house.settings))


@router.get("/{who}/preferences")
def preferences(who: Who, tx: Transaction, now: Now, _: Reader) -> Any:
    """Read what a person wants to hear of, by category and channel, and when nothing may ring."""
    return _shown(tx, store.person_of(tx, who), now)


@router.put("/{who}/preferences")
def choose(who: Who, said: PreferencesBody, hand: Writing) -> Any:
    """Write what a person chose. Choosing offers on a channel is agreeing to advertising there.

    What is queued for them and wanted no more is cancelled before the answer comes.
    """
    tx, now, by = hand.tx, hand.now, hand.caller.name
    person_id = store.person_of(tx, who)
    _check_pause(said.paused_until, now)
    with hand.changing(person_id):
        choice_store.choose(tx, person_id, said.choices, source=by, now=now)
        if "quiet" in said.model_fields_set:
            hours = said.quiet.window if said.quiet else None
            calm_store.keep_quiet(tx, person_id, hours, source=by, now=now)
        if said.says_pause:
            calm_store.pause(tx, person_id, said.pause, source=by, now=now)
    return _shown(tx, person_id, now)


def _check_pause(until: datetime | None, now: datetime) -> None:
    if until is not None and until > now + LONGEST_PAUSE:
        detail = f"a pause lasts at most {LONGEST_PAUSE.days} days; name an earlier moment"
        fault = Fault(code="pause_too_long", detail=detail, pointer="/paused_until")
        raise Problem(status=422, code="pause_too_long", detail=detail, errors=[fault])


def _shown(tx: Transaction, person_id: PersonId, now: datetime) -> dict[str, Any]:
    return grid_body(choice_store.choices_of(tx, person_id)) | calm_body(
        calm_store.calm_of(tx, person_id), now
    )


@router.get("/{who}/rhythms")
def rhythms(who: Who, tx: Transaction, _: Reader) -> Any:
    """Read how often each channel rings for news that can wait; null: as the shop says."""
    return {"rhythms": choice_store.rhythms_of(tx, store.person_of(tx, who))}


@router.put("/{who}/rhythms")
def choose_rhythms(who: Who, said: RhythmsBody, hand: Writing) -> Any:
    """Write how often a person wants each channel to ring for news that can wait."""
    tx, person_id = hand.tx, store.person_of(hand.tx, who)
    with hand.changing(person_id):
        by = hand.caller.name
        choice_store.choose_rhythms(tx, person_id, said.rhythms, source=by, now=hand.now)
    return {"rhythms": choice_store.rhythms_of(tx, person_id)}
