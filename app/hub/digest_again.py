"""A digest that still waits is asked again, item by item, before it may leave."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from app.hub import digest_store
from app.hub import release_store as store
from app.hub.bounds import Bounds
from app.hub.catalogue import Notice
from app.hub.digest_items import Item, fallen_out, gathered, told
from app.hub.digest_today import today
from app.hub.release_store import Held, Retold, Then
from app.hub.verdict import Because
from app.people import history_store
from app.people.recipient import Recipient
from orders_core.ids import PersonId
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True)
class Again:
    """What is left of a queued digest, and what fell out since it was made, by verdict."""

    slot_id: UUID
    channel: str
    left: Sequence[Item]
    out: Mapping[UUID, str]

    @property
    def notice(self) -> Notice | None:
        """What it goes out as now; None where nothing is left of it."""
        return gathered(self.left, self.channel) if self.left else None

    @property
    def because(self) -> Because:
        """Why it does not leave where nothing is left of it: the one reason, if they share it."""
        reasons = set(self.out.values())
        shared = next((one for one in Because if reasons == {one}), None)
        return shared or Because.EMPTY

    def retold(self, one: Held) -> Retold | None:
        """Return how its message reads by now; None where it reads as before."""
        notice = self.notice
        if notice is None or not self.out:
            return None
        about = {item.order_id for item in self.left}
        return Retold(
            id=one.id,
            notice=notice,
            order_id=about.pop() if len(about) == 1 else None,
            variables=told(self.left),
        )


def undisturbed(tx: Tx, held: Sequence[Held]) -> Sequence[Held]:
    """Leave out the digests of whoever changes their mind just now; the others' minds stay.

    Who changes it found the digest locked: it is asked in the next round, when they are done.
    """
    digests = digest_store.slots_of(tx, {one.verdict_id for one in held})
    if not digests:
        return held
    theirs = {one.person_id for one in held if one.verdict_id in digests}
    busy = history_store.changing_now(tx, theirs)
    return [one for one in held if one.verdict_id not in digests or one.person_id not in busy]


def ask_again(
    tx: Tx,
    held: Collection[Held],
    people: Mapping[PersonId, Recipient],
    bounds: Bounds,
    now: datetime,
) -> Mapping[UUID, Again]:
    """Ask of each item of the digests among some messages whether it is still wanted.

    Returns:
        By message; what is no digest is left out, and so is one whose slot is forgotten.
    """
    slots = digest_store.slots_of(tx, {one.verdict_id for one in held})
    if not slots:
        return {}
    joined = digest_store.items(tx, list(slots.values()))
    stand = today(tx, chain.from_iterable(joined.values()))
    found = {}
    for one in held:
        slot_id = slots.get(one.verdict_id)
        if slot_id is None:
            continue
        person, items = people[one.person_id], joined[slot_id]
        asked = [(item, stand.question(item, person, bounds, now)) for item in items]
        out = fallen_out(asked, one.channel, now)
        left = [item for item in items if item.verdict_id not in out]
        found[one.id] = Again(slot_id, one.channel, left, out)
    return found


def write(tx: Tx, settled: Iterable[tuple[Held, Then]], digests: Mapping[UUID, Again]) -> None:
    """Write what fell out of digests whose messages are locked and settled, and what they say now.

    A digest that is cancelled keeps what it would have said.
    """
    asked = [(one, then, digests[one.id]) for one, then in settled if one.id in digests]
    digest_store.fall_out(
        tx, [(of.slot_id, item, why) for _, _, of in asked for item, why in of.out.items()]
    )
    stay = [(one, of) for one, then, of in asked if then.because is None]
    store.retell(tx, [retold for one, of in stay if (retold := of.retold(one))])
