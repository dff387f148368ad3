"""Ids: what the API shows can be read back, and nothing else can."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders_core.errors import BadId
from orders_core.ids import new_id, read, show

SHOWN = show("ord", UUID("01998e3e-2b7c-7a11-8f00-000000000001"))


@given(st.uuids())
def test_what_is_shown_reads_back(value: UUID) -> None:
    assert read("ord", show("ord", value)) == value


@given(st.uuids())
def test_upper_case_and_blanks_are_forgiven(value: UUID) -> None:
    assert read("sku", f"  {show('sku', value).upper()} ") == value


@given(st.tuples(st.uuids(), st.uuids()))
def test_shown_ids_sort_as_the_ids_do(pair: tuple[UUID, UUID]) -> None:
    assert sorted(show("ord", one) for one in pair) == [show("ord", one) for one in sorted(pair)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ord_",
        SHOWN[:-1],
        SHOWN + "0",
        SHOWN.replace("ord_", "par_"),
        SHOWN.replace("ord_", ""),
        SHOWN[:-1] + "u",  # Crockford leaves out i, l, o, u
        "ord_" + "z" * 26,  # 130 bits
        "ord_" + "8" + "0" * 25,  # one bit more than an id has
        "ord_'; DROP TABLE orders; --",
    ],
)
def test_anything_else_is_no_id(text: str) -> None:
    with pytest.raises(BadId, match="not an id of the form ord_"):
        read("ord", text)


def test_a_long_text_is_not_repeated_whole() -> None:
    with pytest.raises(BadId) as refused:
        read("ord", "x" * 10_000)

    assert len(str(refused.value)) < 120


def test_later_ids_sort_after_earlier_ones() -> None:
    made = [new_id() for _ in range(1_000)]

    assert made == sorted(made)
    assert len(set(made)) == 1_000
    assert {one.version for one in made} == {7}
