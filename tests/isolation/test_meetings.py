"""However two of our functions interleave, what stands is what one after the other leaves."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import count, permutations
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.db.engines import Urls
from app.db.transaction import begin, sqlstate
from orders_core.errors import CoreError
from orders_core.tx import Tx
from tests.buying import out_of_balance
from tests.dice import dice
from tests.isolation.acts import Work, stocked
from tests.isolation.interleave import Choose, gated, schedules, take_turns, with_two_switches
from tests.isolation.meeting_store import Standing, standing
from tests.isolation.meetings import MEETINGS, Meeting
from tests.shop import create_database, drop_database, url_of

LONGEST, A_FEW, MANY = 12, 4, 200
LOOK = "SELECT on_hand FROM level WHERE sku_id = (SELECT id FROM sku WHERE code = :code)"
WRITE = "UPDATE level SET on_hand = :left WHERE sku_id = (SELECT id FROM sku WHERE code = :code)"
_codes = count(1)


@pytest.fixture(scope="module")
def hall(engines: Urls, template: str) -> Iterator[Engine]:
    """A shop whose statements stop at gates, for all meetings of a file."""
    name = f"hall_{uuid4().hex[:12]}"
    create_database(engines.database, name, template=template)
    with gated(url_of(engines.database, name)) as engine:
        yield engine
    drop_database(engines.database, name)


def prepared(hall: Engine, meeting: Meeting) -> tuple[str, Mapping[str, Work]]:
    code = f"GOODS-{next(_codes)}-"
    with begin(hall) as tx:
        return code, meeting.scene(tx, code)


def stands(hall: Engine, code: str) -> Standing:
    with begin(hall) as tx:
        return standing(tx, code)


def one_after_the_other(hall: Engine, meeting: Meeting, order: Sequence[str]) -> Standing:
    code, works = prepared(hall, meeting)
    for name in order:
        try:
            with begin(hall) as tx:
                works[name](tx)
        except (CoreError, IntegrityError):
            continue  # refused by the one before: that is an answer
    return stands(hall, code)


def is_an_answer(fault: Exception) -> bool:
    """Say whether the core refused, or a UNIQUE of the database: no deadlock, no timeout."""
    state = sqlstate(fault) if isinstance(fault, DBAPIError) else None
    return isinstance(fault, CoreError) or state == "23505"


def plays(names: Sequence[str], *, every: bool) -> Iterator[Choose]:
    """Yield ways to take turns: of two with two switches, of three by the dice."""
    if len(names) > 2:
        for seed in range(MANY if every else A_FEW):
            yield dice(seed).choice
        return
    ways = list(schedules(names, longest=LONGEST))
    for first, after, back_after in ways if every else dice(len(names[0])).sample(ways, A_FEW):
        yield with_two_switches(first, after=after, back_after=back_after)


def meet(hall: Engine, meeting: Meeting, *, every: bool) -> None:
    """Play a meeting in many orders and hold each against those without any interleaving."""
    names = sorted(prepared(hall, meeting)[1])
    allowed = {one_after_the_other(hall, meeting, order) for order in permutations(names)}
    for number, choose in enumerate(plays(names, every=every)):
        code, works = prepared(hall, meeting)
        ended = take_turns(hall, works, choose)

        faults = [one.fault for one in ended.values() if one.fault]
        assert all(is_an_answer(fault) for fault in faults), faults
        assert stands(hall, code) in allowed, (number, ended)
    with begin(hall) as tx:
        assert out_of_balance(tx) == []


@pytest.mark.parametrize("meeting", MEETINGS, ids=lambda meeting: meeting.name)
def test_a_few_interleavings_leave_what_one_after_the_other_leaves(
    hall: Engine, meeting: Meeting
) -> None:
    meet(hall, meeting, every=False)


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.parametrize("meeting", MEETINGS, ids=lambda meeting: meeting.name)
def test_every_interleaving_with_two_switches_leaves_what_one_after_the_other_leaves(
    hall: Engine, meeting: Meeting
) -> None:
    meet(hall, meeting, every=True)


def test_the_play_itself_catches_a_function_that_reads_and_then_writes_what_it_read(
    hall: Engine,
) -> None:
    """Look, decide, write, in a transaction: the naive way of the lab."""

    def take(code: str, tx: Tx) -> None:
        asked = {"code": code}
        there = int(tx.execute(text(LOOK), asked).scalar_one())
        tx.execute(text(WRITE), {**asked, "left": there - 1})

    def scene(tx: Tx, code: str) -> Mapping[str, Work]:
        stocked(tx, code, 3)
        return {"a": partial(take, code), "b": partial(take, code)}

    with pytest.raises(AssertionError, match=r"'level', 'main', 2"):
        meet(hall, Meeting("take × take", "P4", "none", scene), every=True)
