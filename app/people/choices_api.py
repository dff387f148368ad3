"""The HTTP of what people said: its history, and the devices they may take away again."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict

from app.access.guard import scope
from app.http import cursors
from app.http.body import Body, Line, PublicId
from app.http.cursors import After, Limit
from app.http.deps import TheHouse, Transaction, secret_of
from app.people import device_store, history_store
from app.people import history as past
from app.people.api import Reader, Who, Writing
from app.people.device_store import Device
from app.people.store import person_of
from orders_core.ids import show

router = APIRouter(prefix="/v1/people", tags=["people"])


class DeviceBody(Body):
    """A device that push messages reach, by the token its push service gave it.

    `name` is what its owner calls it, as they read it on their own page.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"token": "fcm:dJ4x0a…", "name": "Pixel 9"}]}
    )

    token: Annotated[str, Line(512, 8)]
    name: Annotated[str, Line(60)] | None = None


@router.get("/{who}/choices", dependencies=[scope("people:read")])
def choices(
    who: Who, tx: Transaction, house: TheHouse, limit: Limit = 50, after: After = None
) -> Any:
    """List what a person chose, newest first: who said it, where and when, from what to what.

    Lines of one `act` were said at once. Addresses are shown in part; null is no choice.
    """
    secret = secret_of(house)
    rows = history_store.page(
        tx,
        person_of(tx, who),
        after=cursors.read(secret, after, of="choices"),
        at_most=limit + 1,
    )
    return cursors.page(secret, rows, limit=limit, of="choices").shown(line_body)


def line_body(line: past.Line) -> dict[str, Any]:
    """Show one line of a person's history."""
    return {
        "id": show("chg", line.id),
        "act": show("act", line.act),
        "about": line.about,
        "of": _of(line),
        "from": line.was,
        "to": line.became,
        "by": line.said_by,
        "name": line.name or None,
        "where": line.door,
        "at": line.at,
        "undoes": line.undoes and show("act", line.undoes),
    }


def _of(line: past.Line) -> str | None:
    prefix = {"device": "dev", "mute": "ord", "more": "ord"}.get(line.about)
    return show(prefix, UUID(line.cell)) if prefix else line.cell or None


@router.get("/{who}/devices")
def devices(who: Who, tx: Transaction, _: Reader) -> Any:
    """List the devices that push messages reach, the one seen last first; no token is shown."""
    return devices_body(device_store.devices_of(tx, person_of(tx, who)))


def devices_body(found: Sequence[Device]) -> dict[str, Any]:
    """Show devices."""
    return {
        "devices": [
            {
                "id": show("dev", one.id),
                "name": one.name,
                "added_at": one.added_at,
                "seen_at": one.seen_at,
            }
            for one in found
        ]
    }


@router.post("/{who}/devices", status_code=204)
def add_device(who: Who, device: DeviceBody, hand: Writing) -> None:
    """Let push messages reach a device; it leaves whoever had it before.

    Said again it is seen again: an app says so each time it opens.
    """
    person_id = person_of(hand.tx, who)
    with hand.changing(person_id):
        device_store.add_device(hand.tx, person_id, device.token, name=device.name, now=hand.now)


@router.delete("/{who}/devices/{device_id}", status_code=204)
def remove_device(who: Who, device_id: Annotated[UUID, PublicId("dev")], hand: Writing) -> None:
    """Let no push message reach a device any more, until it says again that it is there."""
    person_id = person_of(hand.tx, who)
    with hand.changing(person_id):
        device_store.remove_device(hand.tx, person_id, device_id)
