"""Every gap and every overlap is found, exactly, with an example that shows it."""

from dataclasses import replace

import pytest

from app.rules.cell import allows
from app.rules.check import check
from app.rules.engine import Judge
from app.rules.gaps import Hole
from app.rules.table import Hit, Row, Table
from tests.app.rules.tables import REFUND, split, table
from tests.dice import dice

DICE = range(50)


def fitting(of: Table, hole: Hole) -> list[int]:
    """Return the rows that fit an example, row by row and cell by cell."""
    values = [hole.example[column.name] for column in of.inputs]
    return [
        number
        for number, cells in enumerate(of.cells)
        if all(allows(cell, value) for cell, value in zip(cells, values, strict=True))
    ]


def without(of: Table, number: int) -> Table:
    return replace(of, rows=of.rows[:number] + of.rows[number + 1 :])


def test_a_sound_table_has_no_fault() -> None:
    assert check(REFUND).faults == ()


@pytest.mark.parametrize("seed", DICE)
def test_a_table_that_was_cut_out_of_everything_is_sound(seed: int) -> None:
    assert check(split(dice(seed))).faults == ()


@pytest.mark.parametrize("seed", DICE)
def test_a_row_taken_away_is_a_gap_of_exactly_that_row(seed: int) -> None:
    thrown = dice(seed)
    whole = split(thrown)
    number = thrown.randrange(len(whole.rows))
    faulty = without(whole, number)

    holes = faulty.gaps()

    assert holes
    assert all(fitting(faulty, hole) == [] for hole in holes)
    assert all(fitting(whole, hole) == [number] for hole in holes)


@pytest.mark.parametrize("seed", DICE)
def test_a_row_that_reaches_into_another_overlaps_it(seed: int) -> None:
    thrown = dice(seed)
    whole = split(thrown)
    number = thrown.randrange(len(whole.rows))
    wide = replace(whole.rows[number], when=("-", *whole.rows[number].when[1:]))
    faulty = replace(whole, rows=(*whole.rows, wide))

    met = faulty.overlaps()

    assert any({one.first, one.second} == {number, len(whole.rows)} for one in met)
    assert all(set(fitting(faulty, one.where)) >= {one.first, one.second} for one in met)
    assert "overlap" in {fault.code for fault in check(faulty).faults}


def test_a_gap_is_told_as_a_row_would_be_written() -> None:
    faulty = without(REFUND, 2)

    assert [hole.cells for hole in faulty.gaps()] == [(">= 5000", "plain, silver", "no")]


def test_a_row_below_one_that_takes_everything_is_never_reached() -> None:
    rows = (("-", "-", "-", "approve"), ("> 10", "gold", "-", "ask"))

    faults = check(table(*rows, hit=Hit.FIRST)).faults

    assert [(fault.code, fault.row) for fault in faults] == [("unreached", 2)]


def test_a_row_hidden_by_several_together_is_never_reached() -> None:
    rows = (
        ("< 10", "-", "-", "low"),
        (">= 10", "-", "-", "high"),
        ("[5..15]", "gold", "yes", "never"),
    )

    assert [f.row for f in check(table(*rows, hit=Hit.FIRST)).faults] == [3]


def test_of_a_partial_table_the_gaps_are_told_and_are_no_fault() -> None:
    found = check(table(("< 10", "gold", "-", "gift"), hit=Hit.COLLECT, partial=True))

    assert found.faults == ()
    assert found.holes


def test_whole_numbers_leave_nothing_between_two_neighbours() -> None:
    rows = (("<= 4", "-", "-", "low"), (">= 5", "-", "-", "high"))

    assert check(table(*rows)).faults == ()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("< < 5", "-", "-", "x"), "write a number"),
        (("[5..1]", "-", "-", "x"), "smaller one"),
        (("5,", "-", "-", "x"), "one comma"),
        (("1.5", "-", "-", "x"), "nothing that amount can be"),
        (("-", "bronze", "-", "x"), "not among plain, silver, gold"),
        (("-", "-", "maybe", "x"), "write yes, no"),
        (("-", "-", "-", "x, y"), "an answer is one word"),
        (("-", "-", "-", ""), "an answer is one word"),
        (("-", "a;b", "-", "x"), "letters, digits"),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_with_its_row_and_cure(
    row: tuple[str, str, str, str], says: str
) -> None:
    faults = check(table(row)).faults

    assert [(fault.code, fault.row) for fault in faults] == [("bad_cell", 1)]
    assert says in faults[0].says


def test_a_ragged_row_is_told_before_it_is_read() -> None:
    ragged = replace(REFUND, rows=(*REFUND.rows, Row(("-",), ("x",))))

    assert [(f.code, f.row) for f in check(ragged).faults] == [("ragged", 5)]


@pytest.mark.parametrize("seed", DICE)
def test_the_engine_answers_as_the_cells_read(seed: int) -> None:
    thrown = dice(seed)
    whole = split(thrown)
    judge = Judge(whole)
    for axis_values in zip(
        *[[thrown.choice(axis.atoms) for _ in range(20)] for axis in whole.axes], strict=True
    ):
        given = dict(zip([c.name for c in whole.inputs], axis_values, strict=True))

        ruling = judge.ask(given)

        assert [row - 1 for row in ruling.rows] == fitting(whole, Hole((), given))
