"""Joining snapshots: a foreign order must come out the same in whatever order it was heard of."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders_core.ids import PersonId
from orders_core.orders.mirror import (
    RANK,
    BadSnapshot,
    Came,
    Content,
    Mirror,
    Snapshot,
    came,
    join,
    merge,
)
from orders_core.orders.order import Line, OrderStatus

PLACED, PAID, SHIPPED, DELIVERED, CANCELLED = OrderStatus
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA, BEN = PersonId(UUID(int=1)), PersonId(UUID(int=2))
MUG = Line(code="MUG", title="Mug", quantity=2, unit_minor=4900)

instants = st.integers(0, 5).map(lambda hours: MONDAY + hours * HOUR)
contents = st.builds(
    Content,
    person_id=st.sampled_from([ANA, BEN]),
    currency=st.just("CNY"),
    total_minor=st.integers(0, 2),
    lines=st.sampled_from([(), (MUG,)]),
)


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    status = draw(st.sampled_from(OrderStatus))
    reachable = [s for s in OrderStatus if RANK[s] <= RANK[status]]
    return Snapshot(
        source="taoli",
        reference="A1",
        source_version=draw(st.integers(1, 4)),
        occurred_at=draw(instants),
        status=status,
        content=draw(contents),
        moments=draw(st.dictionaries(st.sampled_from(reachable), instants, max_size=3)),
        is_guessed=draw(st.booleans()),
    )


def snapshot(version: int, status: OrderStatus, **more: object) -> Snapshot:
    facts: dict[str, object] = {
        "source": "taoli",
        "reference": "A1",
        "occurred_at": MONDAY + version * HOUR,
        "content": Content(person_id=ANA, currency="CNY", total_minor=9800, lines=(MUG,)),
    }
    return Snapshot(source_version=version, status=status, **(facts | more))  # type: ignore[arg-type]


def fold(heard: list[Snapshot]) -> Mirror | None:
    return reduce(merge, heard, None)


@given(
    st.lists(snapshots(), max_size=6).flatmap(lambda s: st.tuples(st.just(s), st.permutations(s)))
)
def test_any_order_of_hearing_gives_the_same_order(
    pair: tuple[list[Snapshot], list[Snapshot]],
) -> None:
    in_order, shuffled = pair

    assert fold(shuffled) == fold(in_order)


@given(st.lists(snapshots(), max_size=6), st.integers(0, 5))
def test_hearing_again_changes_nothing(heard: list[Snapshot], which: int) -> None:
    again = [*heard, *heard[which : which + 2]]

    assert fold(again) == fold(heard)


@given(snapshots(), snapshots(), snapshots())
def test_joining_is_associative(a: Snapshot, b: Snapshot, c: Snapshot) -> None:
    one, other, third = a.alone(), b.alone(), c.alone()

    assert join(join(one, other), third) == join(one, join(other, third))


@given(st.lists(snapshots(), min_size=1, max_size=6), snapshots())
def test_a_status_never_goes_back(heard: list[Snapshot], last: Snapshot) -> None:
    before, after = fold(heard), fold([*heard, last])

    assert before is not None
    assert after is not None
    assert RANK[after.status] >= RANK[before.status]


def test_a_jump_names_what_it_skipped() -> None:
    mirror = fold([snapshot(1, PLACED), snapshot(4, DELIVERED)])

    assert mirror is not None
    assert mirror.skipped == (PAID, SHIPPED)


def test_what_was_skipped_comes_to_light_when_it_arrives_late() -> None:
    mirror = fold([snapshot(1, PLACED), snapshot(4, DELIVERED), snapshot(2, PAID)])

    assert mirror is not None
    assert mirror.skipped == (SHIPPED,)
    assert mirror.moments[PAID] == MONDAY + 2 * HOUR
    assert mirror.source_version == 4


def test_cancelling_skips_nothing() -> None:
    mirror = fold([snapshot(1, PLACED), snapshot(2, CANCELLED)])

    assert mirror is not None
    assert mirror.skipped == ()


def test_goods_and_person_are_the_newest_snapshots() -> None:
    newer = Content(person_id=BEN, currency="CNY", total_minor=100)
    mirror = fold([snapshot(3, PAID, content=newer), snapshot(2, PAID)])

    assert mirror is not None
    assert mirror.content == newer


def test_a_moment_the_shop_gives_counts_more_than_when_it_told_us() -> None:
    mirror = fold([snapshot(5, PAID, moments={PAID: MONDAY, PLACED: MONDAY - HOUR})])

    assert mirror is not None
    assert (mirror.placed_at, mirror.moments[PAID]) == (MONDAY - HOUR, MONDAY)


def test_a_guessed_state_gets_no_moment() -> None:
    mirror = fold([snapshot(1, PLACED), snapshot(2, DELIVERED, is_guessed=True)])

    assert mirror is not None
    assert mirror.status is DELIVERED
    assert DELIVERED not in mirror.moments


def test_a_snapshot_cannot_know_when_its_future_happens() -> None:
    with pytest.raises(BadSnapshot, match="paid and has a time for delivered"):
        snapshot(1, PAID, moments={DELIVERED: MONDAY})


def test_a_newer_snapshot_is_news_even_if_only_its_version_is_new() -> None:
    assert came(fold([snapshot(1, PAID)]), snapshot(2, PAID)) is Came.NEWS


def test_an_older_snapshot_is_late_whether_it_adds_something_or_not() -> None:
    known = fold([snapshot(4, DELIVERED)])

    assert came(known, snapshot(2, PAID)) is Came.LATE
    assert came(merge(known, snapshot(2, PAID)), snapshot(2, PAID)) is Came.LATE


def test_the_newest_snapshot_again_is_a_duplicate() -> None:
    assert came(fold([snapshot(2, PAID)]), snapshot(2, PAID)) is Came.AGAIN
