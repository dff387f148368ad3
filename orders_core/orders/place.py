"""Place many orders at once: lock, choose, write, in two round trips."""

from collections.abc import Mapping, Sequence
from typing import Any

from orders_core.events import Change
from orders_core.ids import OrderId, new_id
from orders_core.orders import place_store as store
from orders_core.orders.choose import Fits, PlaceRequest, choose
from orders_core.orders.outcome import (
    Draft,
    KeyMismatch,
    Outcome,
    Writing,
    recall,
    remember,
)
from orders_core.tx import Tx

WAREHOUSE = "main"


def place(tx: Tx, requests: Sequence[PlaceRequest], *, change: Change) -> list[Outcome]:
    """Place each request where stock allows it, in arrival order; tell every one its own outcome.

    A key seen before gets the answer it got then, sold-out included. Locks are taken as keys
    (sorted), then levels (in SKU order); the level is written last.
    """
    drafts = _first_of_each_key(requests)
    codes = sorted({line.code for draft in drafts.values() for line in draft.request.lines})
    taken = store.lock(tx, list(drafts.values()), codes, warehouse=WAREHOUSE)
    fresh = {
        at: draft
        for at, draft in drafts.items()
        if not draft.request.key or _name(draft.request) in taken.new_keys
    }
    choices, units = choose([draft.request for draft in fresh.values()], taken.shelves)
    writings = [
        Writing(draft, choice, number)
        for draft, choice, number in zip(fresh.values(), choices, taken.numbers, strict=False)
    ]
    told = [writing.outcome(change.at) for writing in writings]
    answers = _refusals(writings)
    store.write(tx, writings, shelves=taken.shelves, units=units, change=change, answers=answers)
    known = {
        _name(w.draft.request): (w.draft.request.fingerprint, outcome)
        for w, outcome in zip(writings, told, strict=True)
    }
    if len(fresh) < len(drafts):
        known |= _answered_before(tx, [d.request for at, d in drafts.items() if at not in fresh])
    outcomes = dict(zip(fresh, told, strict=True))
    return [outcomes.get(at) or _again(request, known) for at, request in enumerate(requests)]


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
    rows = store.answers(tx, sorted(_name(request) for request in requests))
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
