"""Many at once: told once, never over the cap, never stuck on each other."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.db.transaction import begin
from app.hub.decision import Decision
from app.hub.verdict import Because
from app.hub.wish import Wish
from app.people.recipient import Recipient
from tests.app.hub.stage import enter, queued, tell, verdicts, wish
from tests.cast import ANA, BEN, DEE
from tests.poll import until
from tests.shop import MORNING, Shop
from tests.together import together

THREADS = 8
EACH = 5


def in_threads(shop: Shop, work: Callable[[int], list[Decision]]) -> list[Decision]:
    """Do the work in eight threads that set off together; return all they decided."""
    made = together(*(lambda number=number: work(number) for number in range(THREADS)))
    return [decision for decisions in made for decision in decisions]


def test_eight_who_wish_the_same_tell_it_once(shop: Shop):
    with begin(shop.engine) as tx:
        enter(tx, ANA, BEN)

    def work(_: int) -> list[Decision]:
        with begin(shop.engine) as tx:
            return tell(tx, wish(ANA), wish(BEN))

    decisions = in_threads(shop, work)

    with begin(shop.engine) as tx:
        assert len(decisions) == len(verdicts(tx)) == 2
        sent = Counter((row.person_id, row.channel) for row in queued(tx))
        assert set(sent.values()) == {1}
        assert len(sent) == 6


def test_eight_who_write_to_one_person_never_pass_the_cap(shop: Shop):
    with begin(shop.engine) as tx:
        enter(tx, ANA)

    def work(thread: int) -> list[Decision]:
        made = []
        for number in range(EACH):
            at = MORNING + timedelta(seconds=number)
            with begin(shop.engine) as tx:
                named = f"{thread}-{number}"
                made += tell(tx, wish(ANA, "announcement", dispatch=named, at=at), now=at)
        return made

    decisions = in_threads(shop, work)

    because = Counter(decision.verdict.because for decision in decisions)
    assert because == {None: 3, Because.CAP_REACHED: THREADS * EACH - 3}
    with begin(shop.engine) as tx:
        channels = Counter(row.channel for row in queued(tx))
        assert channels == {"inapp": 3, "email": 3, "push": 3}


@pytest.mark.parametrize("is_one_dispatch", [True, False], ids=["told", "pressure"])
def test_who_names_the_same_people_in_another_order_waits_holding_nothing(
    shop: Shop, *, is_one_dispatch: bool
):
    first, second = sorted([ANA, DEE], key=lambda who: who.person_id)
    with begin(shop.engine) as tx:
        enter(tx, first, second)

    def wishes(batch: str, *people: Recipient) -> list[Wish]:
        dispatch = "one" if is_one_dispatch else batch
        return [wish(who, "announcement", dispatch=dispatch) for who in people]

    def other() -> int:
        with begin(shop.engine) as tx:
            return len(tell(tx, *wishes("b", second, first)))

    with ThreadPoolExecutor(1) as pool:
        with begin(shop.engine) as tx:
            tell(tx, *wishes("a", first))
            going = pool.submit(other)
            until(lambda: somebody_waits(shop), what="the other batch waits")
            tell(tx, *wishes("c", second))

        assert going.result() == (0 if is_one_dispatch else 2)


def somebody_waits(shop: Shop) -> bool:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with begin(shop.engine) as tx:
        return int(tx.exec_driver_sql(waiting).scalar_one()) > 0
