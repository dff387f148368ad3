"""How many people it takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.staffing.erlang import ImpossibleTarget, Work, erlang_a
from ml.staffing.people import Target, people_needed

EIGHTY_IN_TWENTY = Target(handle_seconds=180, patience_seconds=120, within_seconds=20, share=0.8)


def level(rate: float, people: int, target: Target) -> float:
    return erlang_a(
        Work(contacts=rate, interval_seconds=3600, handle_seconds=target.handle_seconds),
        people=people,
        within_seconds=target.within_seconds,
        patience_seconds=target.patience_seconds,
    ).service_level


def test_a_hundred_in_half_an_hour_need_twelve():
    assert people_needed([200], EIGHTY_IN_TWENTY) == 12


def test_nobody_is_needed_where_nobody_writes():
    assert people_needed([], EIGHTY_IN_TWENTY) == 0
    assert people_needed([0.0, 0.0], EIGHTY_IN_TWENTY) == 0


def test_one_is_needed_where_hardly_anybody_writes():
    assert people_needed([0.01], EIGHTY_IN_TWENTY) == 1


def test_not_knowing_how_many_will_write_takes_more_people():
    assert people_needed([60, 120, 200, 280, 340], EIGHTY_IN_TWENTY) > people_needed(
        [200], EIGHTY_IN_TWENTY
    )


@given(rate=st.floats(0.01, 2000), handle=st.floats(30, 900), within=st.floats(0, 300))
def test_the_team_keeps_the_target_and_one_fewer_does_not(
    rate: float, handle: float, within: float
):
    target = Target(handle_seconds=handle, patience_seconds=180, within_seconds=within, share=0.8)
    people = people_needed([rate], target)

    assert level(rate, people, target) >= 0.8 - 1e-12
    assert people == 1 or level(rate, people - 1, target) < 0.8


@pytest.mark.parametrize(
    "wrong",
    [{"share": 0.0}, {"share": 1.0}, {"handle_seconds": 0}, {"patience_seconds": -1}],
)
def test_a_promise_that_makes_no_sense_is_refused(wrong: dict[str, float]):
    with pytest.raises(ImpossibleTarget):
        Target(
            **{
                "handle_seconds": 180,
                "patience_seconds": 120,
                "within_seconds": 20,
                "share": 0.8,
                **wrong,
            }
        )


def test_a_load_that_no_team_carries_is_refused():
    with pytest.raises(ImpossibleTarget):
        people_needed([1e9], EIGHTY_IN_TWENTY)
