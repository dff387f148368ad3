"""The HTTP of a person as a whole: take everything away, or be erased."""

from typing import Any

from fastapi import APIRouter

from app.access.guard import scope
from app.http.deps import Now, TheHouse, Transaction, secret_of
from app.ops.erase import erase, erased_before
from app.ops.export import export
from app.people.api import Who, Writing
from app.people.erase_store import Erased
from app.people.links import links_of
from app.people.person import name_of
from app.people.saying import by_caller
from app.people.store import person_of
from orders_core.ids import show

router = APIRouter(prefix="/v1/people", tags=["people"])


@router.post("/{who}/export", dependencies=[scope("people:read")])
def take_away(who: Who, tx: Transaction, now: Now, house: TheHouse) -> Any:
    """Read everything held of a person, as one document. It holds whole addresses and words."""
    return export(tx, person_of(tx, who), links=links_of(house.settings), now=now)


@router.post("/{who}/erase")
def forget(who: Who, hand: Writing) -> Any:
    """Erase a person, once and for good; orders stay in the books. Asked again, it says since when.

    A no of theirs lives on as a keyed hash, and is obeyed when the same address comes back.
    """
    secret = secret_of(hand.house)
    before = erased_before(hand.tx, name_of(who), secret=secret)
    if before is not None:
        return _body(before)
    saying = by_caller(hand.caller.name, hand.now)
    return _body(erase(hand.tx, person_of(hand.tx, who), saying=saying, secret=secret))


def _body(erased: Erased) -> dict[str, Any]:
    return {"id": show("per", erased.id), "erased_at": erased.at}
