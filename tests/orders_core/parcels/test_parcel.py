"""Folding checkpoints: the order and the number of times they came must not matter."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders_core.ids import ParcelId, new_id
from orders_core.parcels.moves import MOVES
from orders_core.parcels.parcel import (
    BACK,
    RANK,
    Checkpoint,
    ExpectedSource,
    Parcel,
    ParcelState,
    ParcelStatus,
    fold,
    silence,
)

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)

instants = st.integers(0, 6).map(lambda hours: MONDAY + hours * HOUR)
checkpoints = st.builds(
    Checkpoint,
    at=instants,
    code=st.sampled_from(ParcelStatus),
    place=st.sampled_from(["", "Hangzhou", "Shanghai"]),
    words=st.sampled_from(["", "scan"]),
    pickup_code=st.sampled_from([None, "7-2-301", "9-1-004"]),
    expected_at=st.none() | instants,
)


def scan(hours: int, code: ParcelStatus, **more: object) -> Checkpoint:
    return Checkpoint(at=MONDAY + hours * HOUR, code=code, **more)  # type: ignore[arg-type]


@given(
    st.lists(checkpoints, max_size=12).flatmap(lambda c: st.tuples(st.just(c), st.permutations(c)))
)
def test_any_order_folds_to_the_same_state(pair: tuple[list[Checkpoint], list[Checkpoint]]) -> None:
    in_order, shuffled = pair

    assert fold(shuffled) == fold(in_order)


@given(st.lists(checkpoints, max_size=12))
def test_doubles_change_nothing(scans: list[Checkpoint]) -> None:
    assert fold(scans + scans) == fold(scans)


@given(st.lists(checkpoints, max_size=8), checkpoints)
def test_a_delivered_parcel_stays_delivered_unless_it_is_sent_back(
    scans: list[Checkpoint], late: Checkpoint
) -> None:
    arrived = [*scans, scan(3, ParcelStatus.DELIVERED), late]

    if BACK.isdisjoint(one.code for one in arrived):
        assert fold(arrived).status is ParcelStatus.DELIVERED


@given(st.lists(checkpoints, max_size=8))
def test_whatever_is_said_a_parcel_moves_only_along_its_moves(scans: list[Checkpoint]) -> None:
    in_order = sorted(scans, key=lambda one: (one.at, RANK[one.code]))
    for at in range(1, len(in_order)):
        before, after = fold(in_order[:at]).status, fold(in_order[: at + 1]).status

        assert before is after or any(
            before in move.sources
            and after is move.target
            and all(guard.holds(in_order[:at]) for guard in move.guards)
            for move in MOVES
        )


def test_a_delivery_that_nobody_refused_is_not_taken_back() -> None:
    state = fold([scan(1, ParcelStatus.DELIVERED), scan(5, ParcelStatus.RETURNING)])

    assert state.status is ParcelStatus.DELIVERED


@pytest.mark.parametrize("refusal", [ParcelStatus.EXCEPTION, ParcelStatus.ATTEMPT_FAILED])
def test_a_delivery_that_was_refused_goes_back(refusal: ParcelStatus) -> None:
    refused = [scan(1, ParcelStatus.DELIVERED), scan(2, refusal)]

    assert fold(refused).status is ParcelStatus.DELIVERED
    assert fold([*refused, scan(5, ParcelStatus.RETURNING)]).status is ParcelStatus.RETURNING
    assert fold([*refused, scan(5, ParcelStatus.RETURNED)]).status is ParcelStatus.RETURNED


def test_a_delivery_on_the_way_back_is_at_the_senders() -> None:
    state = fold(
        [
            scan(1, ParcelStatus.ATTEMPT_FAILED),
            scan(2, ParcelStatus.RETURNING, pickup_code="1-1-1"),
            scan(3, ParcelStatus.IN_TRANSIT, place="Jiaxing"),
            scan(9, ParcelStatus.DELIVERED, place="Hangzhou"),
            scan(10, ParcelStatus.IN_TRANSIT, place="Depot"),
        ]
    )

    assert (state.status, state.last_place) == (ParcelStatus.RETURNED, "Hangzhou")
    assert state.pickup_code is None


def test_scans_on_the_way_back_move_the_place_and_not_the_status() -> None:
    state = fold(
        [scan(1, ParcelStatus.RETURNING), scan(3, ParcelStatus.IN_TRANSIT, place="Jiaxing")]
    )

    assert (state.status, state.last_place) == (ParcelStatus.RETURNING, "Jiaxing")


DAY = MONDAY + 48 * HOUR
SOURCES = (ExpectedSource.SHOP, ExpectedSource.MODEL, ExpectedSource.CARRIER, ExpectedSource.CLERK)


@pytest.mark.parametrize(("present", "wins"), [(p, n) for n in range(4) for p in range(4)])
def test_whose_day_stands(present: int, wins: int) -> None:
    before = Parcel(
        id=ParcelId(new_id()),
        carrier="sf",
        number="1",
        expected_at=MONDAY,
        expected_source=SOURCES[present],
    )

    after = before.expected(DAY, SOURCES[wins])

    assert (after.expected_at == DAY) == (wins >= present)


def test_nothing_said_is_announced() -> None:
    assert fold([]) == ParcelState()


def test_the_latest_scan_decides() -> None:
    state = fold(
        [scan(2, ParcelStatus.IN_TRANSIT, place="Jiaxing"), scan(1, ParcelStatus.PICKED_UP)]
    )

    assert (state.status, state.last_place) == (ParcelStatus.IN_TRANSIT, "Jiaxing")
    assert state.last_scan_at == MONDAY + 2 * HOUR


def test_at_one_instant_the_later_stage_decides() -> None:
    state = fold([scan(1, ParcelStatus.OUT_FOR_DELIVERY), scan(1, ParcelStatus.IN_TRANSIT)])

    assert state.status is ParcelStatus.OUT_FOR_DELIVERY


def test_a_scan_after_the_delivery_moves_neither_time_nor_place() -> None:
    state = fold(
        [
            scan(1, ParcelStatus.DELIVERED, place="Front desk"),
            scan(5, ParcelStatus.IN_TRANSIT, place="Depot", expected_at=MONDAY + 48 * HOUR),
        ]
    )

    assert state.last_place == "Front desk"
    assert state.last_scan_at == MONDAY + HOUR
    assert state.expected_at is None


def test_a_pickup_code_stands_until_the_parcel_is_fetched() -> None:
    waiting = [
        scan(1, ParcelStatus.AT_STATION, pickup_code="7-2-301"),
        scan(2, ParcelStatus.ATTEMPT_FAILED),
    ]

    assert fold(waiting).pickup_code == "7-2-301"
    assert fold([*waiting, scan(3, ParcelStatus.DELIVERED)]).pickup_code is None


def test_the_expected_day_is_the_latest_one_said_even_if_a_later_scan_names_none() -> None:
    state = fold(
        [
            scan(1, ParcelStatus.PICKED_UP, expected_at=MONDAY + 24 * HOUR),
            scan(2, ParcelStatus.IN_TRANSIT, expected_at=MONDAY + 72 * HOUR),
            scan(3, ParcelStatus.IN_TRANSIT),
        ]
    )

    assert state.expected_at == MONDAY + 72 * HOUR


def test_silence_is_an_age_and_never_negative() -> None:
    assert silence(MONDAY, MONDAY + 30 * HOUR) == 30 * HOUR
    assert silence(MONDAY + HOUR, MONDAY) == timedelta(0)
    assert silence(None, MONDAY) is None
