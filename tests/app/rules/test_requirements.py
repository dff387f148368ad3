"""The page of requirements is told from the code: nothing in it can be out of date."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.access.roles import PERMISSIONS, Permission, Role
from app.rules import standard
from app.rules.drawing import HEIGHT, WIDTH, draw
from app.rules.engine import Judge
from app.rules.gather import rulings
from app.rules.machine import GROUP, Machine, machine_of
from app.rules.machines import machines
from app.rules.mermaid import mermaid, pairs
from app.rules.requirements import Ruling, matrix, page, steps
from app.rules.rule import publish, save
from app.rules.sheet import read_sheet, write_sheet
from app.rules.table import Hit, Table
from app.words.say import LOCALES, knows
from orders_core.orders import moves as order_moves
from orders_core.orders.order import Standing
from orders_core.parcels.moves import MOVES as PARCEL_MOVES
from orders_core.returns.rma import MOVES as RETURN_MOVES
from orders_core.tx import Tx
from tests.app.rules.tables import REFUND, split, table
from tests.dice import dice
from tests.shop import MORNING

MACHINES = {one.key: one for one in machines()}


def brought() -> list[Ruling]:
    return [Ruling(read_sheet(standard.sheet_of(name) or ""), None) for name in standard.names()]


def told(machine: Machine) -> set[tuple[str, str, str]]:
    return {(arrow.source, arrow.name, arrow.target) for arrow in machine.arrows}


@pytest.mark.parametrize("axis", list(order_moves.Axis))
def test_every_move_of_an_order_is_in_its_machine_with_its_guards(axis: order_moves.Axis):
    moves = [one for one in order_moves.MOVES if one.axis is axis]
    machine = MACHINES[axis]

    assert told(machine) == {(str(s), m.name, str(m.target)) for m in moves for s in m.sources}
    guards = {arrow.name: arrow.guards for arrow in machine.arrows}
    assert guards == {m.name: tuple(guard.name for guard in m.guards) for m in moves}


def test_every_move_of_a_return_and_of_a_parcel_is_told():
    assert {arrow.name for arrow in MACHINES["return"].arrows} == {m.name for m in RETURN_MOVES}
    parcel = MACHINES["parcel"]
    within = {m.name for m in PARCEL_MOVES if m.target in parcel.group}
    assert {arrow.name for arrow in parcel.arrows} | within == {m.name for m in PARCEL_MOVES}


def test_every_code_on_the_page_has_words_in_both_languages():
    codes = {f"requirements.machine.{one.key}" for one in MACHINES.values()}
    for machine in MACHINES.values():
        codes |= {f"requirements.state.{machine.key}.{one}" for one in machine.nodes}
        codes |= {f"requirements.state.{machine.key}.{one}" for one in machine.states}
        for arrow in machine.arrows:
            codes.add(f"requirements.move.{machine.key}.{arrow.name}")
            codes |= {f"requirements.guard.{one}" for one in arrow.guards}
            codes |= {f"requirements.reason.{one}" for one in arrow.reasons}
    codes |= {f"requirements.role.{role}" for role in Role}
    codes |= {f"requirements.may.{one.replace(':', '_')}" for one in Permission}
    codes |= {f"requirements.table.{name}" for name in standard.names()}

    assert sorted(code for code in codes if not knows(code)) == []


def test_the_matrix_is_the_table_of_permissions():
    granted = {
        (role, one)
        for one, grants in matrix()
        for role, is_granted in zip(Role, grants, strict=True)
        if is_granted
    }

    assert granted == {(role, one) for role, held in PERMISSIONS.items() for one in held}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_holds_every_table_machine_and_permission(locale: str):
    text = page(brought(), locale)

    assert all(f"## {name}" in text for name in standard.names())
    assert text.count("```mermaid") == len(MACHINES)
    assert all(f"`{one}`" in text for one in Permission)
    assert all(step.name in text for one in MACHINES.values() for step in steps(one, locale))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_line_of_a_table_on_the_page_has_as_many_cells_as_its_head(locale: str):
    for block in re.findall(r"(?:^\|.*\n)+", page(brought(), locale), re.MULTILINE):
        lines = [re.split(r"(?<!\\)\|", line) for line in block.strip().splitlines()]

        assert len({len(line) for line in lines}) == 1


def generated() -> Iterator[Table]:
    rng = dice(5)
    for _ in range(25):
        yield split(rng)
    yield table(
        ("-", "gold", "-", "a"), ("< 5", "-", "-", "b"), ("-", "-", "-", "c"), hit=Hit.FIRST
    )


@pytest.mark.parametrize("one", [*generated(), *(ruling.table for ruling in brought())])
def test_the_example_of_a_row_is_answered_by_that_row(one: Table):
    judge = Judge(one)

    for at in range(len(one.rows)):
        assert at + 1 in judge.ask(one.example_of(at)).rows


def test_the_tables_on_the_page_are_those_that_rule(tx: Tx):
    saved = save(tx, write_sheet(REFUND), by="lin", why="test", now=MORNING)
    assert [one.version for one in rulings(tx)] == [None] * len(standard.names())

    publish(tx, "refund", saved.version)

    assert {one.table.name: one.version for one in rulings(tx)} == {
        "refund": 1,
        **dict.fromkeys(standard.names()),
    }


def test_mermaid_names_every_state_and_arrow():
    for machine in MACHINES.values():
        text = mermaid(machine)

        assert text.startswith("stateDiagram-v2\n")
        assert all(re.search(rf"\b{one}\b", text) for one in machine.states)
        assert text.count(" : ") == len(pairs(machine))


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES.keys())
def test_in_the_drawing_no_box_lies_on_another_and_all_lies_inside(machine: Machine):
    drawing = draw(machine)

    assert [box.state for box in drawing.boxes] == list(machine.nodes)
    assert len(drawing.curves) == len(pairs(machine))
    for at, box in enumerate(drawing.boxes):
        assert box.x >= 0
        assert box.x + WIDTH <= drawing.width
        assert box.y >= 0
        assert box.y + box.height <= drawing.height
        for other in drawing.boxes[:at]:
            is_beside = abs(box.x - other.x) >= WIDTH
            assert is_beside or abs(box.y - other.y) >= HEIGHT
    for curve in drawing.curves:
        assert 0 < curve.y < drawing.height
        assert 0 < curve.x < drawing.width


def test_states_of_a_group_are_drawn_as_one():
    parcel = MACHINES["parcel"]

    assert parcel.nodes == (GROUP, "delivered", "returning", "returned")
    assert parcel.first == GROUP
    assert parcel.ends == ("returned",)


def test_a_machine_without_moves_is_drawn_too():
    nothing: list[Any] = []
    machine = machine_of("standing", Standing, nothing)

    assert len(draw(machine).boxes) == 2
