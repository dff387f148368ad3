"""What a replay leaves out or remembers changes nothing: the long way says the same, all of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, cast

import pytest

from app.hub import what_if_store
from app.hub.bounds import Bounds, Cap, Window
from app.hub.catalogue import NOTICES
from app.hub.decide import RULES, SIFTING, TIMED, decide, sift
from app.hub.facts import Known, recall, unpack_pressure
from app.hub.pressure import add, heard
from app.hub.question import Question, Standing
from app.hub.verdict import Verdict
from app.hub.what_if import relive
from app.hub.worlds import EVERYTHING, NEVER_QUIET, Change, Past, bounds_under, under
from app.people.calm_store import keep_quiet, pause
from app.people.recipient import Recipient
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx
from tests.app.hub.ledger import CAPS
from tests.app.hub.pasts import ALWAYS, CAST, MANY, SINCE, live_through
from tests.app.hub.stage import POLICY, enter, tell, wish
from tests.cast import ANA
from tests.dice import dice
from tests.shop import MORNING

CHANGES = {
    "a lower cap": Change(cap=1),
    "no offers": Change(cap=0),
    "a higher cap": Change(cap=6),
    "longer nights": Change(quiet=Window(time(20), time(10))),
    "no nights": Change(quiet=NEVER_QUIET),
    "no marketing": Change(is_marketing_stopped=True),
    "silent unless asked for": Change(defaults={("offers", "push"): False}),
    "orders by email unless refused": Change(defaults={("orders", "email"): True}),
    "much at once": Change(cap=2, quiet=Window(time(23), time(6)), is_marketing_stopped=False),
    "everything": EVERYTHING,
}


def the_long_way(
    history: Sequence[Past], bounds: Mapping[int, Bounds], change: Change
) -> Iterator[Verdict]:
    """Decide each by itself, with nothing remembered but what each person would have heard."""
    lives: dict[PersonId, tuple[Counter[int], Counter[int]]] = {}
    for past in history:
        assert past.facts is not None
        assert past.bounds is not None
        known = recall(past.notice, past.facts)
        known = Known(known.notice, replace(known.person, person_id=past.person_id), known.standing)
        ruled, seen = bounds[past.bounds], Counter(unpack_pressure(past.pressure or b""))
        expected, ours = lives.get(past.person_id, (seen, seen))
        recent = Counter[int]() if past.pressure is None else _moved(ours, expected, seen)
        was = _decide(known, recent=seen, bounds=ruled, at=past.decided_at)
        row = Counter[int]() if change.sends_everything else recent
        would = _decide(
            under(change, known), recent=row, bounds=bounds_under(change, ruled), at=past.decided_at
        )
        yield would
        if past.pressure is not None:
            lives[past.person_id] = (_heard(seen, was, past), _heard(recent, would, past))


def _heard(row: Counter[int], verdict: Verdict, past: Past) -> Counter[int]:
    more = heard(verdict.answer, NOTICES[past.notice], past.decided_at)
    return Counter(add([*row.elements()], more))


def _moved(ours: Counter[int], expected: Counter[int], seen: Counter[int]) -> Counter[int]:
    moved = Counter(ours)
    moved.subtract(expected - seen)
    return +moved + (seen - expected)


def _decide(known: Known, *, recent: Counter[int], bounds: Bounds, at: datetime) -> Verdict:
    row = sorted(recent.elements())
    return decide(known.notice, known.person, row, bounds, at, standing=known.standing)


def _lived(tx: Tx) -> tuple[Sequence[Past], Mapping[int, Bounds]]:
    more = [replace(ANA, person_id=PersonId(new_id()), name=f"c{n}") for n in range(5)]
    choices = {("offers", "push"): False, ("orders", "sms"): True}
    more[0] = replace(more[0], preferences=choices)
    cast = [*CAST, *more]
    enter(tx, *cast)
    keep_quiet(tx, more[1].person_id, Window(time(20), time(11)), source="test", now=SINCE)
    pause(tx, more[2].person_id, SINCE + timedelta(days=1), source="test", now=SINCE)
    for hours in (23, 25):  # a pause ends between two of the same
        at = SINCE + timedelta(hours=hours)
        tell(tx, wish(more[2], dispatch=f"pause-{hours}", at=at), now=at)
    live_through(tx, cast, seed=9, tellings=90)
    _of_ten_caps(tx, cast)
    return list(what_if_store.history(tx, ALWAYS, at_most=MANY)), what_if_store.bounds(tx)


def _of_ten_caps(tx: Tx, cast: Sequence[Recipient]) -> None:
    chance = dice(12)
    policy = replace(POLICY, bounds=Bounds(cap=Cap(4), caps=CAPS, spread=timedelta(minutes=9)))
    for number in range(120):
        at = SINCE + timedelta(days=5, minutes=40 * number)
        notice = chance.choice(["announcement", "cart_left", "order_shipped"])
        tell(
            tx,
            wish(chance.choice(cast), notice, dispatch=f"ten-{number}", at=at),
            policy=policy,
            now=at,
        )


def test_the_long_way_says_the_same(tx: Tx) -> None:
    history, bounds = _lived(tx)

    short = zip(*(one.would for one in relive(history, bounds, [*CHANGES.values()])), strict=True)

    assert len(history) > 300
    for change, would in zip(CHANGES.values(), short, strict=True):
        assert list(would) == list(the_long_way(history, bounds, change))


@pytest.mark.parametrize("notice", NOTICES)
def test_the_sifting_rules_look_at_no_clock_and_at_nothing_heard(notice: str) -> None:
    nothing = cast(Any, None)  # whatever looks at it fails
    standings = (None, Standing(order_status="delivered", is_short=False, is_fetched=True))
    for who in (*CAST, replace(ANA, mutes_order=True, preferences={("orders", "sms"): False})):
        for standing in standings:
            blind = Question(NOTICES[notice], who, nothing, Bounds(), nothing, standing)
            seeing = Question(NOTICES[notice], who, (), Bounds(), MORNING, standing)

            assert sift(blind) == sift(seeing)


def test_every_rule_either_sifts_or_is_timed() -> None:
    assert (*SIFTING, *TIMED) == RULES
    assert len({name for name, _ in RULES}) == len(RULES)
