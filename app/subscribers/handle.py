"""Handle due events: claim, let every consumer hear them once, close; park what keeps failing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from app.db.transaction import attempt, begin
from app.house import House
from app.jobs.crash import crash_point
from app.subscribers.table import SUBSCRIBERS, Consumer
from orders_core.events import Event, EventType, Ring
from orders_core.ids import show
from orders_core.outbox import store
from orders_core.tx import Tx

BATCH = 200
HISTORY_BATCH = 5_000
FIRST_WAIT_SECONDS = 0.2
SPENT = "its handling ended five times without an answer: the process died or lost its lease"

log = structlog.get_logger()

Subscribers = Mapping[EventType, Sequence[Consumer]]


@dataclass
class Handled:
    """What one pass came to."""

    done: int = 0
    failed: int = 0
    parked: int = 0
    fenced: int = 0


def handle_events(
    house: House,
    *,
    subscribers: Subscribers = SUBSCRIBERS,
    worker: str | None = None,
    in_haste: bool = False,
) -> Handled:
    """Handle a batch of new due events and one that was tried before; say what came of it.

    `in_haste` leaves the one that was tried before until nothing new is due.

    Each consumer marks the events and applies its effects in one transaction of its own, so a
    crash anywhere repeats the work but never the effect. Where a batch fails, its events are tried
    one by one: a poison event holds back its own entity and nothing else. One that ends its process
    each time is soon claimed alone, and parked like any other after its fifth try. History that
    nobody hears is done thousands at a time, so that live events never stand in line behind it.
    """
    result = Handled()
    for at_most, tried in ((BATCH, False), (1, True)):
        if tried and in_haste and result.done:
            break
        with begin(house.engine) as tx:
            claims = store.claim(tx, at_most=at_most, worker=worker, tried=tried)
        crash_point("events.after_claim")
        _handle(house, _with_tries_left(house, claims, result), subscribers, result)
        if any(_is_unheard(claim.event, subscribers) for claim in claims):
            result.done += _close_unheard(house, subscribers)
    return result


def _close_unheard(house: House, subscribers: Subscribers) -> int:
    """Where one event is history that nobody hears, thousands like it may be due."""
    with begin(house.engine) as tx:
        return store.close_unheard(tx, _unheard_types(subscribers), at_most=HISTORY_BATCH)


def _unheard_types(subscribers: Subscribers) -> Collection[EventType]:
    return [
        event_type
        for event_type, consumers in subscribers.items()
        if not any(consumer.hears_history for consumer in consumers)
    ]


def _is_unheard(event: Event, subscribers: Subscribers) -> bool:
    return event.ring is Ring.NEVER and not _hearers(event, subscribers)


def _hearers(event: Event, subscribers: Subscribers) -> Sequence[Consumer]:
    """Return who hears of this event: of one that may ring nobody, only who wants history too."""
    consumers = subscribers[event.type]
    if event.ring is not Ring.NEVER:
        return consumers
    return [consumer for consumer in consumers if consumer.hears_history]


def _with_tries_left(
    house: House, claims: Sequence[store.Claim], result: Handled
) -> Sequence[store.Claim]:
    """Park what was claimed five times and never answered for; return the rest."""
    spent = [claim for claim in claims if claim.attempts > store.TRIES]
    for claim in spent:
        with begin(house.engine) as tx:
            result.parked += store.fail(tx, claim, SPENT, wait=timedelta(0))
        result.failed += 1
        log.warning("event_parked", about=show("evt", claim.event.id), error=SPENT)
    return [claim for claim in claims if claim not in spent]


def _handle(
    house: House, claims: Sequence[store.Claim], subscribers: Subscribers, result: Handled
) -> None:
    good = claims
    for consumer in _consumers(claims, subscribers):
        good = _hear(house, consumer, good, subscribers, result)
    crash_point("events.before_close")
    if good:
        with begin(house.engine) as tx:
            fenced = store.close(tx, good)
        result.fenced += fenced
        result.done += len(good) - fenced


def _consumers(claims: Sequence[store.Claim], subscribers: Subscribers) -> Sequence[Consumer]:
    named = {c.name: c for claim in claims for c in _hearers(claim.event, subscribers)}
    return list(named.values())


def _hear(
    house: House,
    consumer: Consumer,
    claims: Sequence[store.Claim],
    subscribers: Subscribers,
    result: Handled,
) -> list[store.Claim]:
    """Let the consumer hear its events; return the claims that may still be closed."""
    hers = [claim for claim in claims if consumer in _hearers(claim.event, subscribers)]
    try:
        _apply(house, consumer, [claim.event for claim in hers])
    except Exception:  # noqa: BLE001 - any fault of a handler is retried, then parked
        log.warning("batch_failed", consumer=consumer.name, events=len(hers))
    else:
        return list(claims)
    failed = {claim.event.id for claim in hers if not _alone(house, consumer, claim, result)}
    return [claim for claim in claims if claim.event.id not in failed]


def _alone(house: House, consumer: Consumer, claim: store.Claim, result: Handled) -> bool:
    try:
        _apply(house, consumer, [claim.event])
    except Exception as fault:  # noqa: BLE001 - kept with the event and shown to the operator
        wait = timedelta(seconds=FIRST_WAIT_SECONDS * 4**claim.attempts)
        with begin(house.engine) as tx:
            is_parked = store.fail(tx, claim, f"{consumer.name}: {fault!r}", wait=wait)
        result.failed += 1
        result.parked += is_parked
        log.warning(
            "event_parked" if is_parked else "event_failed",
            consumer=consumer.name,
            event_id=show("evt", claim.event.id),
            attempts=claim.attempts,
            error=type(fault).__name__,
        )
        return False
    return True


def _apply(house: House, consumer: Consumer, events: Sequence[Event]) -> None:
    def work(tx: Tx) -> None:
        new = store.first_time(tx, consumer.name, [event.id for event in events])
        fresh = [event for event in events if event.id in new]
        if fresh:
            consumer.handle(house, tx, fresh)

    attempt(house.engine, work)
