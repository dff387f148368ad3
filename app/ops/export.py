"""Everything the shop holds of one person, as one JSON document that another system can read."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.messages import history_store as messages
from app.messages.api import message_body
from app.messages.as_sent import as_sent
from app.messages.history_store import Message
from app.ops import export_store as store
from app.orders.bodies import gift_body
from app.people import calm_store, device_store, history_store, opened_store
from app.people.bodies import grid_body, person_body
from app.people.calm_bodies import calm_body
from app.people.choice_store import choices_of, rhythms_of
from app.people.choices_api import devices_body, line_body
from app.people.links import Links
from app.people.store import find
from app.templating.render import RenderFailed
from orders_core.ids import OrderId, PersonId, show
from orders_core.orders import gift_store
from orders_core.tx import Tx

FORM = "orderbell.person.1"
AT_ONCE = 500
PREFIXES = {"order_id": "ord", "case_id": "cas"}


def export(tx: Tx, person_id: PersonId, *, links: Links, now: datetime) -> dict[str, Any]:
    """Return who a person is, where they are reached, what they chose, heard, asked and ordered.

    Raises:
        NotFound: If there is no such person, or no longer.
    """
    person = find(tx, person_id)
    return {
        "form": FORM,
        "exported_at": now,
        "person": person_body(person, links) | {"addresses": _addresses(person.contacts)},
        **grid_body(choices_of(tx, person_id)),
        **calm_body(calm_store.calm_of(tx, person_id), now),
        "rhythms": rhythms_of(tx, person_id),
        "opened_last": opened_store.last_of(tx, person_id),
        **devices_body(device_store.devices_of(tx, person_id)),
        "choices": [line_body(line) for line in _choices(tx, person_id)],
        "messages": [_message(tx, one) for one in _messages(tx, person_id)],
        "verdicts": _shown(store.verdicts_of(tx, person_id), "ver"),
        "inbox": _shown(store.inbox_of(tx, person_id), "msg"),
        "cases": _cases(tx, person_id),
        "orders": _orders(tx, person_id),
        "channels": store.habits_of(tx, person_id),
        "offers": {
            "refusal_risk": store.risk_of(tx, person_id),
            "hours": _hours(store.hours_of(tx, person_id)),
        },
    }


def _hours(chosen: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"campaign": show("cmp", one["campaign_id"])}
        | {name: value for name, value in one.items() if name != "campaign_id"}
        for one in chosen
    ]


def _addresses(contacts: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {on: list(addresses) for on, addresses in contacts.items() if on != "inapp"}


def _choices(tx: Tx, person_id: PersonId) -> Iterator[Any]:
    last: UUID | None = None
    while lines := history_store.page(tx, person_id, after=last, at_most=AT_ONCE):
        yield from lines
        last = lines[-1].id


def _messages(tx: Tx, person_id: PersonId) -> Iterator[Message]:
    last: UUID | None = None
    while found := messages.page(tx, person_id=person_id, after=last, at_most=AT_ONCE):
        yield from found
        last = found[-1].id


def _message(tx: Tx, one: Message) -> dict[str, Any]:
    """Show a message with its whole address, its facts and the words that left."""
    try:
        words = as_sent(tx, one)
    except RenderFailed:
        words = None
    shown = message_body(one) | {"address": one.address, "facts": one.variables}
    return (
        shown
        | {"opened_at": one.opened_at}
        | {"title": words and words.title, "text": words and words.text}
    )


def _cases(tx: Tx, person_id: PersonId) -> list[dict[str, Any]]:
    written: dict[UUID, list[dict[str, Any]]] = {}
    for entry in store.entries_of(tx, person_id):
        written.setdefault(entry.pop("case_id"), []).append(entry)
    found = store.cases_of(tx, person_id)
    return [
        shown | {"entries": written.get(case["id"], [])}
        for case, shown in zip(found, _shown(found, "cas"), strict=True)
    ]


def _orders(tx: Tx, person_id: PersonId) -> list[dict[str, Any]]:
    """Show the orders somebody bought, with the gift they said each was, their own words of it.

    What they were given stands with whoever gave it: it names another person's order.
    """
    found = store.orders_of(tx, person_id)
    gifts = gift_store.of_orders(tx, [OrderId(one["id"]) for one in found])
    return [
        shown | {"gift": gift_body(gifts.get(OrderId(order["id"])))}
        for order, shown in zip(found, _shown(found, "ord"), strict=True)
    ]


def _shown(rows: Sequence[dict[str, Any]], prefix: str) -> list[dict[str, Any]]:
    """Show rows with ids as the API writes them."""
    shown = []
    for row in rows:
        ids = {name: show(PREFIXES[name], row[name]) for name in PREFIXES if row.get(name)}
        shown.append(row | ids | {"id": show(prefix, row["id"])})
    return shown
