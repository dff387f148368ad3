"""What tells of an end is of no use after it, wherever it waited."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.hub.catalogue import find
from orders_core.tx import Tx
from tests.app.hub.stage import NEXT_MORNING, NIGHT, enter, queued, tell
from tests.app.hub.test_digests import EVENING, READER, close_due, fell_out, letters, news
from tests.cast import ANA
from tests.shop import MORNING

HOUR = timedelta(hours=1)
WEEKLY = replace(READER, rhythms={"email": "weekly"})


def points(ends: str) -> dict[str, object]:
    return {"points": 300, "expires_at": ends}


@pytest.mark.parametrize(
    ("notice", "facts", "hours"),
    [
        ("points_expiring", points((MORNING + HOUR).isoformat()), 1),
        ("points_expiring", points("2026-03-02T05:00:00Z"), 3),
        ("points_expiring", points("2027-01-01T00:00:00Z"), 72),
        ("points_expiring", {}, 72),
        ("back_in_stock", {"expires_at": MORNING.isoformat()}, 24),
    ],
)
def test_it_is_of_use_for_its_time_and_no_longer_than_what_it_tells_of(
    notice: str, facts: dict[str, object], hours: int
):
    assert find(notice).useful_until(MORNING, facts) == MORNING + hours * HOUR


def test_a_bell_that_would_ring_after_the_end_does_not_outlive_it(tx: Tx):
    enter(tx, ANA)
    ends = NEXT_MORNING - HOUR

    tell(tx, news(ANA, "p", notice="points_expiring", variables=points(ends.isoformat()), at=NIGHT))

    bells = [row for row in queued(tx) if row.channel == "push"]
    assert [(row.due_at, row.expires_at) for row in bells] == [(NEXT_MORNING, ends)]


def test_it_falls_out_of_a_digest_that_closes_after_the_end(tx: Tx):
    enter(tx, READER)
    for name, ends in (("over", EVENING - HOUR), ("not yet", EVENING + HOUR)):
        told = points(ends.isoformat())
        tell(tx, news(READER, name, notice="points_expiring", variables=told))

    close_due(tx)

    assert sorted(map(str, fell_out(tx))) == ["None", "too_late"]
    assert letters(tx)[0].notice == "points_expiring"
