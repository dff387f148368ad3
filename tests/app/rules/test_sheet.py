"""A table goes out as CSV and comes back the same; what is no table is refused by line."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.cell import Sort
from app.rules.column import Column
from app.rules.sheet import BadSheet, read_sheet, write_sheet
from app.rules.table import Example, Hit, Row
from tests.app.rules.tables import REFUND, split
from tests.dice import dice

SHEET = """table,refund,unique,complete
column,when amount,then action,note
sort,number >= 0,word,
rule,< 5000,approve,small sums are not worth a talk
rule,>= 5000,ask,
example,4999,approve,
"""


@given(st.integers(0, 10_000))
def test_a_table_goes_out_and_comes_back_the_same(seed: int) -> None:
    made = split(dice(seed))

    assert read_sheet(write_sheet(made)) == made


def test_notes_examples_bounds_and_parts_come_back_too() -> None:
    share = Column(
        name="share", sort=Sort.NUMBER, least=Decimal("0.5"), most=Decimal(9), is_whole=False
    )
    rows = (Row(("0.5", "-", "-"), ("a",), "=SUM(A1)"), Row(("> 0.5", "-", "-"), ("b",)))
    made = replace(
        REFUND,
        hit=Hit.COLLECT,
        inputs=(share, *REFUND.inputs[1:]),
        rows=rows,
        examples=(
            Example({"share": "1", "tier": "gold", "opened": "no"}, [{"action": "b"}]),
            Example(
                {"share": "2", "tier": "gold", "opened": "no"}, [{"action": "a"}, {"action": "b"}]
            ),
        ),
        is_partial=True,
    )

    assert read_sheet(write_sheet(made)) == made


def test_a_spreadsheet_runs_no_note() -> None:
    noted = replace(REFUND, rows=(replace(REFUND.rows[0], note="=HYPERLINK(1)"),))

    assert "'=HYPERLINK" in write_sheet(noted)


def test_a_sheet_as_people_write_it_is_read() -> None:
    table = read_sheet("\ufeff" + SHEET)

    assert [row.then for row in table.rows] == [("approve",), ("ask",)]
    assert table.examples[0].given == {"amount": "4999"}


@pytest.mark.parametrize(
    ("sheet", "line"),
    [
        ("", 1),
        ("a,b\nc,d\ne,f", 1),
        (SHEET.replace("unique", "any"), 1),
        (SHEET.replace("complete", "whole"), 1),
        (SHEET.replace("when amount", "amount"), 2),
        (SHEET.replace("number >= 0", "sum"), 3),
        (SHEET.replace("when amount", "when Amount!"), 3),
        (SHEET.replace("rule,>=", "row,>="), 5),
        ("x" * 200_001, 1),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(sheet: str, line: int) -> None:
    with pytest.raises(BadSheet) as refused:
        read_sheet(sheet)

    assert refused.value.line == line
