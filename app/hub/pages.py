"""Why did I get this? The verdict of one message, in the words of whoever got it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse

from app.access.guard import signed_link
from app.db.retention_store import is_past
from app.house import House
from app.http.body import PublicId
from app.http.deps import Now, TheHouse, Transaction
from app.http.pages import chosen_locale, locale_of, render
from app.http.problems import Problem
from app.hub import digest_store, verdict_store
from app.hub.catalogue import NOTICES
from app.hub.digest_said import digests_of
from app.hub.opened_store import Opened, read_everywhere
from app.hub.verdict_store import StoredVerdict
from app.hub.why import UNPAID, Chosen, Told, Voice, why
from app.messages import history_store
from app.messages.history_store import Message
from app.messages.message import State
from app.people import erase_store, mute_store
from app.people import history_store as choice_history
from app.people import store as people
from app.people.choice_store import choices_of, consents_of, said_by
from app.people.choices import ChannelName
from app.people.levels import said_of
from app.people.links import OPENED, OPENED_ON, Purpose, links_of
from orders_core.ids import OrderId, PersonId
from orders_core.orders import store as orders
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)


def _whose(house: House, token: str) -> PersonId:
    return links_of(house.settings).person(token, Purpose.INBOX)


Owner = Annotated[PersonId, signed_link("inbox", _whose)]
OpenedRef = Annotated[UUID, PublicId("ver"), Form(alias=OPENED)]
OpenedOn = Annotated[str, Form(alias=OPENED_ON, max_length=10)]
LetterRef = Annotated[UUID, PublicId("ver"), Query(alias=OPENED)]
MessageRef = Annotated[UUID, PublicId("msg"), Path()]


@router.get("/i/{token}/why")
def why_letter(
    request: Request,
    tx: Transaction,
    house: TheHouse,
    now: Now,
    owner: Owner,
    verdict: LetterRef,
) -> HTMLResponse:
    """Say why a letter came: its footer names the verdict, as the letter had no name yet."""
    sent = history_store.of_verdicts(tx, [verdict])
    letter = next((one.id for one in sent if one.channel == ChannelName.EMAIL), verdict)
    return _say_why(request, tx, house, owner, letter, now)


@router.get("/i/{token}/why/{message}")
def why_page(
    request: Request,
    tx: Transaction,
    house: TheHouse,
    now: Now,
    owner: Owner,
    message: MessageRef,
) -> HTMLResponse:
    """Say why a message came: what happened, which choices let it in, where to change them."""
    return _say_why(request, tx, house, owner, message, now)


def _say_why(
    request: Request, tx: Tx, house: House, owner: PersonId, message: UUID, now: datetime
) -> HTMLResponse:
    got, verdict = _found(tx, owner, message)
    erased = erase_store.find_erased(tx, owner, "")
    order_id = OrderId(got.order_id) if got.order_id and not erased else None
    voice = _voice(request, tx, house, None if erased else owner)
    told = _told(tx, got, verdict, order_id, erased.at if erased else None, now)
    links = links_of(house.settings)
    return render(
        request,
        "hub/why.html",
        locale=voice.locale,
        got=got,
        zone=voice.zone,
        answer=why(told, _chosen(tx, owner, got, order_id), voice),
        inbox=None if erased else links.inbox(owner),
        preferences=None if erased else links.preferences(owner),
        order=links.order(order_id) if order_id else None,
    )


def _voice(request: Request, tx: Tx, house: House, owner: PersonId | None) -> Voice:
    """Speak as the person wishes, by their clock; by the shop's where nobody is known any more."""
    if owner is None:
        return Voice(locale=locale_of(request), zone=house.settings.shop_zone)
    person = people.find(tx, owner)
    return Voice(locale=chosen_locale(request) or person.locale, zone=person.zone)


@router.post("/i/{token}/opened", status_code=204)
def opened(
    tx: Transaction, now: Now, owner: Owner, verdict: OpenedRef, channel: OpenedOn = ""
) -> None:
    """Take what was opened by its link as read in the inbox too; a browser says so, no scanner."""
    read_everywhere(tx, Opened(verdict, channel), person_id=owner, order_id=None, now=now)


def _found(tx: Tx, owner: PersonId, message_id: UUID) -> tuple[Message, StoredVerdict | None]:
    """Return a message of the owner's with its verdict; of others' messages nothing is said.

    The verdict may have been dropped with its month, which is another than the message's.
    """
    got = history_store.find(tx, message_id)
    if got is None and is_past(tx, message_id):
        raise Problem(status=410, code="no_longer_kept", detail="this is older than is kept here")
    if got is None or got.person_id != owner or got.notice not in NOTICES:
        raise Problem(status=404, code="not_found", detail="no such message in this inbox")
    return got, verdict_store.find(tx, got.verdict_id)


def _told(
    tx: Tx,
    got: Message,
    verdict: StoredVerdict | None,
    order_id: OrderId | None,
    erased_at: datetime | None,
    now: datetime,
) -> Told:
    order = orders.many(tx, [order_id]).get(order_id) if order_id else None
    urgent = verdict_store.find(tx, got.displaced_by) if got.displaced_by else None
    joined = digest_store.joined_by(tx, [got.verdict_id]).get(got.verdict_id, ())
    return Told(
        notice=NOTICES[got.notice],
        channel=got.channel,
        order_number=order.number if order else None,
        is_unpaid=got.variables.get("cancel_reason") == UNPAID,
        rules={rule: inputs for rule, _, inputs in verdict.trace} if verdict else None,
        joined=digests_of(verdict, joined, erased_at=erased_at, now=now) if verdict else joined,
        kept_back=got.error if got.state is State.CANCELLED else None,
        made_way_for=urgent.notice if urgent else None,
        erased_at=erased_at,
    )


def _chosen(tx: Tx, owner: PersonId, got: Message, order_id: OrderId | None) -> Chosen:
    cell = (NOTICES[got.notice].category, ChannelName(got.channel))
    held = said_of(said_by(tx, owner), *cell)
    agreed = [given for given in consents_of(tx, owner) if given.channel == got.channel]
    wish = mute_store.wishes(tx, [order_id]).get(order_id) if order_id else None
    return Chosen(
        is_wanted=choices_of(tx, owner)[cell],
        is_muted=wish is not None and wish.mutes,
        more_on=wish.more_on if wish else None,
        consent=agreed[0] if agreed else None,
        said=choice_history.last_of(tx, owner, held) if held else None,
    )
