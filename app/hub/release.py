"""Decide again what was decided too long ago: bells that waited, and news that has moved on.

A verdict stands until the next hours begin that hold its bells. What waited for a morning, what
tried again later and what stood in a long queue is asked once more before it may leave: is it still
true, still wanted, still worth reading, and is it day where the person lives now?
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.hub import digest_again
from app.hub import release_store as store
from app.hub.bounds import Bounds
from app.hub.catalogue import NOTICES, Notice
from app.hub.decide import RULES
from app.hub.digest_again import Again
from app.hub.ended import ended
from app.hub.meet import meet
from app.hub.moved import take_along
from app.hub.order_facts import matter_of
from app.hub.question import Channels, Question, Standing
from app.hub.quiet_hours import stands_until
from app.hub.release_store import Held, Then
from app.hub.standing import standing_of, superseded
from app.hub.verdict import Answer, Because, Send, Wait
from app.jobs.lanes import Lane
from app.people import mute_store
from app.people.order_wish import OrderWishes, about
from app.people.recipient import Recipient, nobody
from orders_core.ids import OrderId, PersonId
from orders_core.orders import store as orders
from orders_core.orders.order import Order
from orders_core.parcels import store as parcels
from orders_core.parcels.parcel import Parcel
from orders_core.tx import Tx

#: The place under the cap was taken when the message was decided, and its rhythm chosen. While the
#: switch is on nothing of marketing is claimed, so that it goes out when the switch is off again.
NOT_ASKED_AGAIN = frozenset({"cap", "rhythm", "routing", "switch"})
ASKED_AGAIN = tuple(rule for rule_id, rule in RULES if rule_id not in NOT_ASKED_AGAIN)


@dataclass(frozen=True)
class Facts:
    """What has to be known now of the messages that are asked again."""

    people: Mapping[PersonId, Recipient]
    wishes: OrderWishes
    orders: Mapping[OrderId, Order]
    parcels: Mapping[OrderId, Sequence[Parcel]]
    of_events: Collection[UUID]  # verdicts
    ended: Collection[UUID]  # refunds and returns


def release(
    tx: Tx, lanes: Sequence[Lane], *, bounds: Bounds, now: datetime, at_most: int = 200
) -> int:
    """Decide again what is due and whose verdict no longer stands; return how many that were.

    Each is let go, held anew or cancelled, in the caller's transaction. Two workers never take the
    same; whoever dies in between leaves all as it was. What is held anew takes its place under the
    caps along; where another decision counts that person just now, it is left for the next round.
    """
    held = digest_again.undisturbed(tx, store.take(tx, lanes, now=now, at_most=at_most))
    if not held:
        return 0
    people = meet(tx, {one.person_id for one in held})
    wishes = mute_store.wishes(tx, {one.order_id for one in held if one.order_id})
    facts = _facts(tx, held, people, wishes)
    digests = digest_again.ask_again(tx, held, people, bounds, now)

    def ask(one: Held) -> Question:
        digest = digests.get(one.id)
        notice = (digest and digest.notice) or NOTICES[one.notice]
        return _question(one, notice, facts, bounds, now)

    again = [(one, _again(one, digests.get(one.id), ask)) for one in held]
    settled = take_along(tx, again, ask)
    store.write(tx, settled, now=now)
    digest_again.write(tx, settled, digests)
    return len(settled)


def retract(
    tx: Tx, order_ids: Collection[OrderId], *, but: Collection[UUID] = (), now: datetime
) -> int:
    """Cancel the bells still queued that an order has left behind; return how many.

    `but` are verdicts made just now, of where the order stands now: their bells are no old news.
    What a worker holds at this moment leaves.
    """
    held = store.take_of_orders(tx, order_ids, but=but)
    if not held:
        return 0
    facts = _facts(tx, held, {}, {})
    old = [one for one in held if _is_old_news(one, facts, now)]
    store.write(tx, [(one, Then.cancelled(one, Because.SUPERSEDED)) for one in old], now=now)
    return len(old)


def _facts(
    tx: Tx,
    held: Sequence[Held],
    people: Mapping[PersonId, Recipient],
    wishes: OrderWishes,
) -> Facts:
    ids = sorted({one.order_id for one in held if one.order_id})
    if not ids:
        return Facts(people, wishes, {}, {}, (), ())
    matters = {matter for one in held if (matter := matter_of(one.variables))}
    return Facts(
        people,
        wishes,
        orders=orders.many(tx, ids),
        parcels=parcels.of_orders(tx, ids),
        of_events=store.came_of_events(tx, {one.verdict_id for one in held}),
        ended=ended(tx, matters),
    )


def _again(one: Held, digest: Again | None, ask: Callable[[Held], Question]) -> Then:
    if digest and not digest.left:
        return Then.cancelled(one, digest.because)
    if one.notice not in NOTICES:  # it left the catalogue since: what was decided of it stands
        return Then(address=one.address, due_at=one.due_at)
    question = ask(one)
    return _then(one, question, answered(question, one.channel))


def _question(one: Held, notice: Notice, facts: Facts, bounds: Bounds, now: datetime) -> Question:
    person = about(facts.people[one.person_id], one.order_id, facts.wishes)
    return Question(notice, person, (), bounds, now, standing_now(one, facts))


def answered(question: Question, channel: str) -> Answer:
    """Ask every rule again that may have changed its mind about one channel."""
    channels: Channels = (channel,)
    for rule in ASKED_AGAIN:
        finding = rule(question, channels)
        if finding.answer is not None:
            return finding.answer
        channels = finding.channels
    return Send(channels)


def _then(one: Held, question: Question, answer: Answer) -> Then:
    match answer:
        case Send():
            address = question.person.address(one.channel) or one.address
            stands = stands_until(question, one.channel)
            return Then(address=address, due_at=one.due_at, stands_until=stands)
        case Wait(until) if until < one.expires_at:
            return Then(address=one.address, due_at=until, stands_until=until)
        case Wait():
            return Then.cancelled(one, Because.TOO_LATE)
        case _:
            return Then.cancelled(one, answer.because)


def _is_old_news(one: Held, facts: Facts, now: datetime) -> bool:
    notice = NOTICES.get(one.notice)
    if notice is None:
        return False
    person, standing = nobody(one.person_id), standing_now(one, facts)
    question = Question(notice, person, (), Bounds(), now, standing)
    return superseded(question, (one.channel,)).answer is not None


def standing_now(one: Held, facts: Facts) -> Standing | None:
    """Say where the order of a message stands now; None where there is none to move on.

    What an event told is held against the order and its parcel. Of what somebody wished for, as a
    shop that tracks its parcels elsewhere may, only the state of the order is known here.
    """
    order = facts.orders.get(one.order_id) if one.order_id else None
    if order is None:
        return None
    if one.verdict_id not in facts.of_events:
        told_of_parcel = NOTICES[one.notice].while_parcel
        return None if told_of_parcel else Standing(order_status=order.status)
    sent_in = facts.parcels.get(order.id, ())
    number = one.variables.get("parcel_number")
    named = next((parcel for parcel in sent_in if parcel.number == number), None)
    parcel = named or (sent_in[-1] if sent_in else None)  # a new label is a new number
    told = one.variables.get("expected_at")
    is_ended = matter_of(one.variables) in facts.ended
    return standing_of(order, parcel, dated=named, told=told, is_ended=is_ended)
