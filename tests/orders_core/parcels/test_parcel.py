"""Folding checkpoints: the order and the number of times they came must not matter."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orders_core.parcels.parcel import Checkpoint, ParcelState, ParcelStatus, fold, silence

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
def test_a_delivered_parcel_stays_delivered(scans: list[Checkpoint], late: Checkpoint) -> None:
    arrived = [*scans, scan(3, ParcelStatus.DELIVERED)]

    assert fold([*arrived, late]).status is ParcelStatus.DELIVERED


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
