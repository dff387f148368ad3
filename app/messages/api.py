"""The HTTP of messages: each one's life until it ends. Addresses are shown in part."""

from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter

from app.access.guard import scope
from app.http import cursors
from app.http.body import PublicId
from app.http.cursors import After, Limit
from app.http.deps import TheHouse, Transaction, secret_of
from app.messages import history_store
from app.messages.as_sent import as_sent, veiled
from app.messages.history_store import Message
from app.templating.render import Rendered
from orders_core.errors import NotFound
from orders_core.ids import show

router = APIRouter(prefix="/v1/messages", tags=["messages"])

READ = scope("messages:read")
SHOWN_CHARACTERS = 4


@router.get("", dependencies=[READ])
def page(
    tx: Transaction,
    house: TheHouse,
    person: Annotated[UUID, PublicId("per")] | None = None,
    order: Annotated[UUID, PublicId("ord")] | None = None,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """List messages, newest first, of one person or order if named."""
    secret = secret_of(house)
    rows = history_store.page(
        tx,
        person_id=person,
        order_id=order,
        after=cursors.read(secret, after, of="messages"),
        at_most=limit + 1,
    )
    return cursors.page(secret, rows, limit=limit, of="messages").shown(message_body)


@router.get("/{message_id}", dependencies=[READ])
def read(message_id: Annotated[UUID, PublicId("msg")], tx: Transaction) -> Any:
    """Read one message: where it stands, how it came there, and what exactly was sent.

    `words` are made again from the templates as they were. Codes and the rest of links are veiled;
    `sha256` is of the words as they left, unveiled.
    """
    found = history_store.find(tx, message_id)
    if found is None:
        raise NotFound("message", show("msg", message_id))
    return message_body(found) | {"words": words_body(as_sent(tx, found), found)}


def words_body(words: Rendered | None, message: Message) -> dict[str, Any] | None:
    """Show what was sent; None where nothing was."""
    if words is None or message.template_version is None:
        return None
    shown = veiled(words, message.variables)
    exact = orjson.dumps([words.title, words.text, words.html])
    return {
        "title": shown.title,
        "text": shown.text,
        "html": shown.html,
        "template_version": message.template_version.hex(),
        "sha256": sha256(exact).hexdigest(),
    }


def message_body(message: Message) -> dict[str, Any]:
    """Show a message. Its variables stay in: they hold links that open a person's own pages."""
    return {
        "id": show("msg", message.id),
        "verdict": show("ver", message.verdict_id),
        "person": show("per", message.person_id),
        "order": show("ord", message.order_id) if message.order_id else None,
        "notice": message.notice,
        "channel": message.channel,
        "address": masked(message.channel, message.address),
        "locale": message.locale,
        "kind": message.kind,
        "lane": message.lane,
        "test": message.is_trial,
        "state": message.state,
        "due_at": message.due_at,
        "expires_at": message.expires_at,
        "attempts": message.attempts,
        "duplicate_risk": message.duplicate_risk,
        "provider_ref": message.provider_ref,
        "error": message.error,
        "displaced_by": show("ver", message.displaced_by) if message.displaced_by else None,
        "queued_at": message.queued_at,
        "settled_at": message.settled_at,
    }


def masked(channel: str, address: str) -> str | None:
    """Show enough of an address to recognise it: `a…@mail.example`, `…8000`."""
    if channel == "inapp":
        return None
    name, at, host = address.rpartition("@")
    if at:
        return f"{name[:1]}…@{host}"
    return f"…{address[-SHOWN_CHARACTERS:]}"
