"""Charts: what is drawn is what the numbers say."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.http.chart import SIDE, Band, Bars, Line, Span, Steps, draw, nice_levels

HOURS = [f"{hour:02}:00" for hour in range(24)]


@pytest.mark.parametrize(
    ("top", "last", "steps"),
    [(0.0, 1, 1), (1, 1, 1), (7, 8, 4), (37, 40, 4), (99, 100, 5), (101, 150, 3), (4012, 5000, 5)],
)
def test_the_axis_ends_at_a_round_number_above_everything(top: float, last: float, steps: int):
    levels = nice_levels(top)

    assert (levels[0], levels[-1], len(levels) - 1) == (0, last, steps)


@given(top=st.floats(0, 1e9))
def test_an_axis_has_few_equal_steps_and_holds_its_top(top: float):
    levels = nice_levels(top)

    assert levels[-1] >= top * (1 - 1e-9)
    assert 2 <= len(levels) <= 7
    assert all(lower < higher for lower, higher in pairwise(levels))


@given(top=st.one_of(st.just(float("nan")), st.just(float("inf")), st.just(-3.0)))
def test_an_axis_of_nonsense_is_still_an_axis(top: float):
    assert nice_levels(top) == [0, 1]


def test_a_line_breaks_where_a_value_is_missing_and_a_lone_value_is_a_dot():
    drawn = draw("c", HOURS[:4], [Line(name="contacts", values=[1, None, 2, 2])])

    assert drawn.shapes[0].path == "M125.0 500.0h.01M625.0 0.0L875.0 0.0"


def test_bars_stand_on_zero_and_nothing_is_drawn_for_nothing():
    drawn = draw("c", HOURS[:2], [Bars(name="needed", values=[0, 4])])

    assert drawn.shapes[0].path.count("M") == 1
    assert "V0.0" in drawn.shapes[0].path


def test_steps_hold_each_slot_from_edge_to_edge():
    drawn = draw("c", HOURS[:2], [Steps(name="rostered", values=[1, 2])])

    assert drawn.shapes[0].path == "M0.0 500.0V500.0H500.0V0.0H1000.0"


def test_a_band_is_left_out_where_either_end_is_missing():
    drawn = draw("c", HOURS[:3], [Band(name="range", low=[1, None, 1], high=[2, 3, None])])

    assert drawn.shapes[0].path.count("Z") == 1
    assert drawn.cells(1) == [("range", None, 3)]


def test_a_marked_stretch_is_cut_to_the_chart_and_one_outside_is_not_drawn():
    drawn = draw(
        "c",
        HOURS,
        [],
        spans=[
            Span(name="tonight", since=20, until=30),
            Span(name="tomorrow", since=40, until=44),
        ],
        now=19.5,
    )

    [mark] = drawn.marks
    assert (mark.at, mark.width, mark.is_late) == (83.33, 16.67, True)
    assert drawn.now == 81.25
    assert draw("c", HOURS, [], now=25).now is None


def test_many_ticks_thin_out_where_there_is_little_room():
    few = draw("c", HOURS, [], ticks={0: "0", 12: "12"})
    many = draw("c", HOURS, [], ticks={hour: HOURS[hour] for hour in range(0, 24, 3)})

    assert [tick.is_minor for tick in few.ticks] == [False, False]
    assert [tick.is_minor for tick in many.ticks] == [False, True] * 4


@given(values=st.lists(st.one_of(st.none(), st.floats(0, 1e6)), min_size=1, max_size=30))
def test_every_shape_stays_in_its_square(values: list[float | None]):
    names = [str(number) for number in range(len(values))]
    drawn = draw(
        "c",
        names,
        [
            Bars(name="a", values=values),
            Line(name="b", values=values),
            Steps(name="c", values=values),
            Band(name="d", low=[0 if v is not None else None for v in values], high=values),
        ],
    )

    for shape in drawn.shapes:
        for number in re.findall(r"-?\d+\.?\d*", shape.path.replace("h.01", "")):
            assert 0 <= float(number) <= SIDE


def test_a_chart_of_nothing_can_be_drawn():
    assert draw("c", [], []).levels[-1].value == 1
