"""The address a person would like instead: it is theirs once they typed the code sent to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.people.tables import address_change, contact
from orders_core.ids import PersonId
from orders_core.tx import Tx

KEPT = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a person asked for within the hour; `now` is the machine time of this moment."""

    now: datetime
    channel: str | None
    address: str | None
    code_hash: bytes | None  # of a code that is still good
    sent_at: Sequence[datetime]
    wrong: int


def hold(tx: Tx, person_id: PersonId) -> Held:
    """Lock a person's wish until the transaction ends, so that tries come one after the other."""
    tx.execute(insert(address_change).values(person_id=person_id).on_conflict_do_nothing())
    row = tx.execute(
        select(address_change).where(address_change.c.person_id == person_id).with_for_update()
    ).one()
    now: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()  # after any wait
    is_good = row.code_until is not None and row.code_until > now
    return Held(
        now=now,
        channel=row.channel,
        address=row.address,
        code_hash=bytes(row.code_hash) if row.code_hash and is_good else None,
        sent_at=[at for at in row.sent_at if at > now - KEPT],
        wrong=row.wrong,
    )


def sent_to(tx: Tx, channel: str, address: str, *, now: datetime) -> int:
    """Count the codes that went to an address within the hour, whoever asked; machine time."""
    times = select(address_change.c.sent_at).where(
        address_change.c.channel == channel, address_change.c.address == address
    )
    return sum(at > now - KEPT for sent_at in tx.scalars(times) for at in sent_at)


def ask(
    tx: Tx,
    person_id: PersonId,
    wanted: tuple[str, str],
    *,
    held: Held,
    code_hash: bytes,
    good: timedelta,
) -> None:
    """Keep a wish for a (channel, address); the wish before it, and its code, is good no more."""
    channel, address = wanted
    was = select(contact.c.address).where(
        contact.c.person_id == person_id, contact.c.channel == channel
    )
    _write(
        tx,
        person_id,
        channel=channel,
        address=address,
        was=tx.scalar(was.limit(1)),
        code_hash=code_hash,
        code_until=held.now + good,
        sent_at=[*held.sent_at, held.now],
        wrong=0,
    )


def add_wrong(tx: Tx, person_id: PersonId) -> None:
    """Count one wrong try."""
    _write(tx, person_id, wrong=address_change.c.wrong + 1)


def use_code(tx: Tx, person_id: PersonId) -> str | None:
    """Forget a code that was used; return the address that is left."""
    _write(tx, person_id, code_hash=None, code_until=None)
    was = select(address_change.c.was).where(address_change.c.person_id == person_id)
    return tx.scalar(was)


def asked(tx: Tx, person_id: PersonId) -> tuple[str, str] | None:
    """Return the (channel, address) whose code is still awaited."""
    row = tx.execute(
        select(address_change.c.channel, address_change.c.address).where(
            address_change.c.person_id == person_id,
            address_change.c.code_until > func.clock_timestamp(),
        )
    ).one_or_none()
    return (row.channel, row.address) if row else None


def _write(tx: Tx, person_id: PersonId, **values: object) -> None:
    tx.execute(
        update(address_change).where(address_change.c.person_id == person_id).values(**values)
    )
