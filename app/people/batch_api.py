"""The HTTP of many people at once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter

from app.access.guard import scope
from app.access.keys import Caller
from app.http.deps import Now, TheHouse, Transaction
from app.http.problems import Fault, Problem
from app.people import store
from app.people.bodies import MemberBody, PeopleBody
from app.people.history_store import note
from app.people.person import Profile
from app.people.saying import by_caller
from orders_core.ids import show

router = APIRouter(prefix="/v1", tags=["people"])

MOST_FAULTS = 100


@router.post("/people:batch")
def put_many(
    said: PeopleBody,
    tx: Transaction,
    now: Now,
    house: TheHouse,
    caller: Annotated[Caller, scope("people:write")],
) -> Any:
    """Write what the shop says of up to 500 people, all or none; saying it again changes nothing.

    Each is written as `PUT /v1/people/{who}` would. Where one of them cannot be taken, nobody is
    written, and every fault names its place in the list. Of somebody named twice the later counts.
    """
    settings = house.settings
    profiles = _profiles(said.people, region=settings.default_region, now=now)
    references = sorted({profile.reference for profile in profiles})
    known = store.by_reference(tx, references)
    note(tx, by_caller(caller.name, now))
    ids = store.upsert(tx, profiles, locale=settings.shop_locale, zone=settings.shop_zone, now=now)
    house.heed(tx, ids, now)
    return {
        "people": [
            {"reference": profile.reference, "id": show("per", person_id)}
            for profile, person_id in zip(profiles, ids, strict=True)
        ],
        "created": len(references) - len(known),
    }


def _profiles(people: Sequence[MemberBody], *, region: str, now: datetime) -> list[Profile]:
    """Return what is said of each, checked, or refuse all with every fault in its place."""
    profiles: list[Profile] = []
    faults: list[Fault] = []
    for place, one in enumerate(people):
        try:
            profiles.append(one.profile(one.reference, region=region, now=now))
        except Problem as refused:
            faults += _at(place, refused)
    if faults:
        detail = f"{len(faults)} of {len(people)} people cannot be taken; nobody was written"
        raise Problem(status=422, code=faults[0].code, detail=detail, errors=faults[:MOST_FAULTS])
    return profiles


def _at(place: int, refused: Problem) -> Iterator[Fault]:
    for fault in refused.errors:
        yield replace(fault, pointer=f"/people/{place}{fault.pointer}")
