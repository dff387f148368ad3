"""A no that outlives its person: kept by a keyed hash, obeyed when the same address returns."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.messages.suppression_store import suppress
from app.messages.tables import sealed_no, suppression
from app.people.keyed import keyed
from app.people.tables import contact
from orders_core.ids import PersonId
from orders_core.tx import Tx

OFFERS = "offers"
Address = tuple[str, str]


def seal(
    tx: Tx, addresses: Sequence[Address], refused: Collection[str], *, secret: bytes, now: datetime
) -> None:
    """Keep the suppression of these (channel, address) by hash alone, and each no to offers.

    `refused` names the channels on which their person said no to offers.
    """
    if not addresses:
        return
    dead = tx.execute(
        delete(suppression)
        .where(tuple_(suppression.c.channel, suppression.c.address).in_(addresses))
        .returning(suppression.c.channel, suppression.c.address, suppression.c.reason)
    )
    kept = [(channel, address, reason) for channel, address, reason in dead]
    kept += [(channel, address, OFFERS) for channel, address in addresses if channel in refused]
    rows = [
        {"channel": on, "key": keyed(secret, on, address), "reason": reason, "at": now}
        for on, address, reason in kept
    ]
    if rows:
        tx.execute(insert(sealed_no).on_conflict_do_nothing(), rows)


def recall(
    tx: Tx, people: Collection[PersonId], *, secret: bytes, now: datetime
) -> Sequence[tuple[PersonId, str]]:
    """Suppress again what was suppressed before; return who said no to offers on which channel.

    What is recalled is sealed no more: the address itself is known again. As long as nobody was
    erased nothing is looked up.
    """
    if not people or not tx.scalar(select(exists().where(sealed_no.c.key.is_not(None)))):
        return []
    returned = _keys_of(tx, people, secret)
    found = tx.execute(
        delete(sealed_no)
        .where(tuple_(sealed_no.c.channel, sealed_no.c.key).in_(list(returned)))
        .returning(sealed_no.c.channel, sealed_no.c.key, sealed_no.c.reason)
    ).all()
    refused = []
    for channel, key, reason in found:
        person_id, address = returned[channel, bytes(key)]
        if reason == OFFERS:
            refused.append((person_id, channel))
        else:
            suppress(tx, [(channel, address)], reason=reason, now=now)
    return refused


def _keys_of(
    tx: Tx, people: Collection[PersonId], secret: bytes
) -> Mapping[tuple[str, bytes], tuple[PersonId, str]]:
    rows = tx.execute(
        select(contact.c.person_id, contact.c.channel, contact.c.address).where(
            contact.c.person_id.in_(people)
        )
    )
    return {
        (channel, keyed(secret, channel, address)): (PersonId(who), address)
        for who, channel, address in rows
    }
