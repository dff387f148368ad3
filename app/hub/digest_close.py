"""A slot closes: what is still news goes out as one message, through the same door as all else.

Taking a slot is a transaction of its own, and closing it another: from the first on whatever comes
joins the next slot, and the second holds no slot while it waits for other rows. `told` knows the
slot's digest for good, so however often closing is begun, it goes out once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from uuid import UUID

from app.errors import AppError
from app.hub import digest_store
from app.hub.digest import after_pause
from app.hub.digest_collect import join
from app.hub.digest_items import Item, Out, fallen_out, gathered, put_off, told
from app.hub.digest_store import Held, Place
from app.hub.digest_today import today
from app.hub.meet import meet
from app.hub.notify import notify
from app.hub.policy import Policy
from app.hub.question import Question
from app.hub.wish import Wish
from app.people import history_store
from app.people.choices import Rhythm
from orders_core.ids import PersonId
from orders_core.tx import Tx


class SlotLost(AppError):
    """Another worker took a slot over while it was being closed; nothing was done."""


def close(tx: Tx, held: Sequence[Held], *, policy: Policy, now: datetime) -> None:
    """Send the digests of slots that this worker took, and close them; empty ones send nothing.

    Whoever changes their mind meanwhile waits, and then finds the digest in the queue.

    Locks: the people, shared; then as `notify`, then the slots.

    Args:
        now: Business time; every item is asked again whether it is still wanted now.

    Raises:
        SlotLost: If one of them is no longer ours.
    """
    history_store.hold_still(tx, {PersonId(one.person_id) for one in held})
    joined = digest_store.items(tx, [one.id for one in held])
    people = meet(tx, {one.person_id for one in held})
    stand = today(tx, chain.from_iterable(joined.values()))
    wishes, gone, late = [], [], Late()
    for one in held:
        person = people[one.person_id]
        asked = [
            (item, stand.question(item, person, policy.bounds, now)) for item in joined[one.id]
        ]
        out = fallen_out(asked, one.channel, now)
        left = [(item, question) for item, question in asked if item.verdict_id not in out]
        if waiting := late.put_off(one, left, now):
            out |= waiting
        elif left:
            wishes.append(_wish(one, [item for item, _ in left], now))
        gone += [(one.id, verdict_id, why) for verdict_id, why in out.items()]
    made = {one.wish.dispatch: one.id for one in notify(tx, wishes, policy=policy, now=now)}
    went = {one.id: made[name] for one in held if (name := _dispatch(one)) in made}
    join(tx, late.wanted, late.asked, now=now)
    if len(digest_store.close(tx, held, went=went)) < len(held):
        raise SlotLost("a slot was taken over while it was being closed")
    digest_store.fall_out(tx, gone)  # of slots that are locked by now: nobody else writes there


@dataclass(frozen=True, slots=True)
class Late:
    """What waits for the end of a pause, and the slots that it joins there."""

    wanted: list[tuple[Place, Item]] = field(default_factory=list)
    asked: dict[UUID, tuple[Question, Rhythm]] = field(default_factory=dict)

    def put_off(
        self, held: Held, left: Sequence[tuple[Item, Question]], now: datetime
    ) -> dict[UUID, str]:
        """Say by verdict what becomes of a slot's items during a pause; nothing if none ends."""
        slot = after_pause(held.channel, left[0][1]) if left else None
        if slot is None:
            return {}
        out = put_off((item for item, _ in left), slot, now)
        for item, question in left:
            if out[item.verdict_id] is Out.PUT_OFF:
                self.wanted.append((Place(PersonId(held.person_id), slot), item))
                self.asked[item.verdict_id] = question, Rhythm.HOURLY
        return out


def _dispatch(held: Held) -> str:
    return f"digest:{held.id}"


def _wish(held: Held, items: Sequence[Item], now: datetime) -> Wish:
    notice = gathered(items, held.channel)
    about = {item.order_id for item in items}
    return Wish(
        dispatch=_dispatch(held),
        notice=notice.name,
        person_id=PersonId(held.person_id),
        order_id=about.pop() if len(about) == 1 else None,
        variables=told(items),
        decide_at=now,
        told_as=notice,
    )
