"""The devices that push messages reach, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.people.choices import ChannelName
from app.people.store import require
from app.people.tables import contact
from orders_core.errors import NotFound
from orders_core.ids import PersonId, new_id, show
from orders_core.tx import Tx

MOST_DEVICES = 10
ON_PUSH = contact.c.channel == ChannelName.PUSH


@dataclass(frozen=True, kw_only=True)
class Device:
    """A device by the name its owner knows; `seen_at` is when it last said that it is there."""

    id: UUID
    name: str
    added_at: datetime
    seen_at: datetime


def add_device(
    tx: Tx, person_id: PersonId, token: str, *, now: datetime, name: str | None = None
) -> None:
    """Let push messages reach a device; it leaves whoever had it before, ten newest are kept.

    One that is known is seen again; a name left out stays as it was.

    Raises:
        NotFound: If there is no such person.
    """
    require(tx, person_id)
    tx.execute(
        delete(contact).where(ON_PUSH, contact.c.address == token, contact.c.person_id != person_id)
    )
    row = insert(contact).values(
        id=new_id(),
        person_id=person_id,
        channel=ChannelName.PUSH,
        address=token,
        added_at=now,
        seen_at=now,
        name=name or "",
    )
    seen = {"seen_at": now} | ({"name": name} if name else {})
    key = [contact.c.person_id, contact.c.channel, contact.c.address]
    tx.execute(row.on_conflict_do_update(index_elements=key, set_=seen))
    _keep_newest(tx, person_id)


def _keep_newest(tx: Tx, person_id: PersonId) -> None:
    theirs = and_(ON_PUSH, contact.c.person_id == person_id)
    newest = (
        select(contact.c.id)
        .where(theirs)
        .order_by(_seen_at().desc(), contact.c.id.desc())
        .limit(MOST_DEVICES)
    )
    tx.execute(delete(contact).where(theirs, contact.c.id.not_in(newest)))


def devices_of(tx: Tx, person_id: PersonId) -> Sequence[Device]:
    """Return a person's devices, the one seen last first."""
    wanted = (
        select(contact.c.id, contact.c.name, contact.c.added_at, _seen_at().label("seen_at"))
        .where(ON_PUSH, contact.c.person_id == person_id)
        .order_by(_seen_at().desc(), contact.c.id.desc())
    )
    return [Device(**row._mapping) for row in tx.execute(wanted)]


def remove_device(tx: Tx, person_id: PersonId, device_id: UUID) -> None:
    """Let no push message reach a device of this person any more.

    Raises:
        NotFound: If the person has no such device.
    """
    gone = delete(contact).where(
        ON_PUSH, contact.c.person_id == person_id, contact.c.id == device_id
    )
    if tx.execute(gone).rowcount == 0:
        raise NotFound("device", show("dev", device_id))


def _seen_at() -> ColumnElement[datetime]:
    return func.coalesce(contact.c.seen_at, contact.c.added_at)
