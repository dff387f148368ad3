"""Place many orders at once: lock, choose, write, in two round trips."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from orders_core.events import Change
from orders_core.ids import OrderId, new_id
from orders_core.orders import place_lock_store as locking
from orders_core.orders import place_store as store
from orders_core.orders.choose import Choice, Fits, PlaceRequest, Shelf, Stock, choose
from orders_core.orders.expire import expire_of
from orders_core.orders.outcome import (
    Draft,
    KeyMismatch,
    Outcome,
    Writing,
    recall,
    remember,
)
from orders_core.orders.place_store import Written
from orders_core.orders.refusals import NotTogether, SoldOut
from orders_core.stock import shelf_store
from orders_core.tx import Tx

WAREHOUSE = "main"  # where goods are counted that nobody said more about
MOST_ENDED = 200  # orders whose time was up, at once, before anybody is told of sold-out goods


def place(
    tx: Tx, requests: Sequence[PlaceRequest], *, change: Change, hold: timedelta | None = None
) -> list[Outcome]:
    """Place each request where stock allows it, in arrival order; tell every one its own outcome.

    A key seen before gets the answer it got then, sold-out included. Unpaid after `hold` an order
    ends; none: it waits for ever. Locks are taken as keys (sorted), then levels (by SKU and
    warehouse); the level is written last.
    """
    drafts = _first_of_each_key(requests)
    taken = locking.lock(tx, list(drafts.values()), at=change.at)
    fresh = {
        at: draft
        for at, draft in drafts.items()
        if not draft.request.key or _name(draft.request) in taken.new_keys
    }
    stock, choices, units = _chosen(
        tx, [draft.request for draft in fresh.values()], taken.stock, at=change.at
    )
    writings = [
        Writing(draft, choice, number)
        for draft, choice, number in zip(fresh.values(), choices, taken.numbers, strict=False)
    ]
    pay_until = change.at + hold if hold else None
    told = [writing.outcome(change.at, pay_until=pay_until) for writing in writings]
    written = Written(units, _refusals(writings), pay_until)
    store.write(tx, writings, written, shelves=stock.shelves, change=change)
    known = {
        _name(w.draft.request): (w.draft.request.fingerprint, outcome)
        for w, outcome in zip(writings, told, strict=True)
    }
    if len(fresh) < len(drafts):
        known |= _answered_before(tx, [d.request for at, d in drafts.items() if at not in fresh])
    outcomes = dict(zip(fresh, told, strict=True))
    return [outcomes.get(at) or _again(request, known) for at, request in enumerate(requests)]


def _chosen(
    tx: Tx, requests: Sequence[PlaceRequest], stock: Stock, *, at: datetime
) -> tuple[Stock, list[Choice], Mapping[tuple[str, str], int]]:
    """Choose; where goods are sold out, end what holds them past its time and choose again."""
    choices, units = choose(requests, stock)
    while (short := _short(choices)) and _freed(tx, [stock.shelves[code] for code in short], at=at):
        stock = locking.look(tx, requests, at=at)
        choices, units = choose(requests, stock)
    return stock, choices, units


def _freed(tx: Tx, shelves: Sequence[Shelf], *, at: datetime) -> bool:
    """End orders and bookings that hold these goods past their time; say whether there were any."""
    levels = sorted((shelf.sku_id, place) for shelf in shelves for place in shelf.available)
    let_go = shelf_store.let_go(tx, levels, now=at)
    ended = expire_of(tx, {sku_id for sku_id, _ in levels}, now=at, at_most=MOST_ENDED)
    return bool(let_go or ended)


def _short(choices: Sequence[Choice]) -> set[str]:
    """Name the SKUs of which somebody gets too few."""
    short = [choice.short for choice in choices if isinstance(choice, SoldOut)]
    apart = [choice.codes for choice in choices if isinstance(choice, NotTogether)]
    return {code for codes in (*short, *apart) for code in codes}


def _name(request: PlaceRequest) -> tuple[str, str]:
    return request.scope, request.key or ""


def _first_of_each_key(requests: Sequence[PlaceRequest]) -> dict[int, Draft]:
    """Leave out requests whose key came before in the batch; draft the rest, by position."""
    seen: set[tuple[str, str]] = set()
    drafts = {}
    for position, request in enumerate(requests):
        if request.key and _name(request) in seen:
            continue
        seen.add(_name(request))
        drafts[position] = Draft(request, OrderId(new_id()))
    return drafts


def _refusals(writings: Sequence[Writing]) -> list[tuple[str, str, dict[str, Any]]]:
    """Say what to keep under the keys of those that did not get their order."""
    return [
        (*_name(w.draft.request), remember(w.choice))
        for w in writings
        if w.draft.request.key and not isinstance(w.choice, Fits)
    ]


def _answered_before(
    tx: Tx, requests: Sequence[PlaceRequest]
) -> dict[tuple[str, str], tuple[bytes, Outcome]]:
    rows = locking.answers(tx, sorted(_name(request) for request in requests))
    return {
        (scope, key): (bytes(fingerprint), recall(answer, born))
        for scope, key, fingerprint, answer, born in rows
    }


def _again(
    request: PlaceRequest, known: Mapping[tuple[str, str], tuple[bytes, Outcome]]
) -> Outcome:
    fingerprint, outcome = known[_name(request)]
    if fingerprint != request.fingerprint:
        return KeyMismatch("this Idempotency-Key was used with another body")
    return outcome
