"""The HTTP of people: who they are, where they are reached, what they chose."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from app.access.guard import scope
from app.access.keys import Caller
from app.http.body import Line
from app.http.deps import Now, TheHouse, Transaction
from app.http.problems import Fault, Problem
from app.people import calm_store, choice_store, store
from app.people.bodies import (
    DeviceBody,
    PersonBody,
    PreferencesBody,
    RhythmsBody,
    grid_body,
    person_body,
)
from app.people.calm import LONGEST_PAUSE
from app.people.calm_bodies import calm_body
from app.people.links import links_of
from app.people.person import name_of
from orders_core.errors import NotFound
from orders_core.ids import PersonId

router = APIRouter(prefix="/v1/people", tags=["people"])

Who = Annotated[
    str, Line(64), Path(description="Our id (`per_…`) or the shop's own reference of the person.")
]
Reader = Annotated[Caller, scope("people:read")]
Writer = Annotated[Caller, scope("people:write")]


@router.put("/{who}", responses={201: {"description": "The person is new."}})
def put(
    who: Who,
    said: PersonBody,
    tx: Transaction,
    now: Now,
    house: TheHouse,
    response: Response,
    _: Writer,
) -> Any:
    """Write what the shop says of a person; a reference that is new makes a new person."""
    settings = house.settings
    profile = said.profile(who, region=settings.default_region, now=now)
    name = name_of(who)
    known = store.named(tx, [name])
    if known:
        store.change(tx, {known[name]: profile}, now=now)
    elif isinstance(name, str):
        store.upsert(tx, [profile], locale=settings.shop_locale, zone=settings.shop_zone, now=now)
        response.status_code = 201
    return person_body(store.find(tx, name), links_of(settings))


@router.get("/{who}")
def read(who: Who, tx: Transaction, house: TheHouse, _: Reader) -> Any:
    """Read a person, with the signed links to their inbox and preference page."""
    return person_body(store.find(tx, name_of(who)), links_of(house.settings))


@router.get("/{who}/preferences")
def preferences(who: Who, tx: Transaction, now: Now, _: Reader) -> Any:
    """Read what a person wants to hear of, by category and channel, and when nothing may ring."""
    return _shown(tx, _person(tx, who), now)


@router.put("/{who}/preferences")
def choose(who: Who, said: PreferencesBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Write what a person chose. Choosing offers on a channel is agreeing to advertising there."""
    person_id, by = _person(tx, who), caller.name
    choice_store.choose(tx, person_id, said.choices, source=by, now=now)
    if "quiet" in said.model_fields_set:
        hours = said.quiet.window if said.quiet else None
        calm_store.keep_quiet(tx, person_id, hours, source=by, now=now)
    if "paused_until" in said.model_fields_set:
        _check_pause(said.paused_until, now)
        calm_store.pause(tx, person_id, said.paused_until, source=by, now=now)
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
    return {"rhythms": choice_store.rhythms_of(tx, _person(tx, who))}


@router.put("/{who}/rhythms")
def choose_rhythms(who: Who, said: RhythmsBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Write how often a person wants each channel to ring for news that can wait."""
    person_id = _person(tx, who)
    choice_store.choose_rhythms(tx, person_id, said.rhythms, source=caller.name, now=now)
    return {"rhythms": choice_store.rhythms_of(tx, person_id)}


@router.post("/{who}/devices", status_code=204)
def add_device(who: Who, device: DeviceBody, tx: Transaction, now: Now, _: Writer) -> None:
    """Let push messages reach a device; it leaves whoever had it before."""
    store.add_device(tx, _person(tx, who), device.token, now=now)


def _person(tx: Transaction, who: str) -> PersonId:
    name = name_of(who)
    known = store.named(tx, [name])
    if name not in known:
        raise NotFound("person", who)
    return known[name]
