"""Versions never change, rulings are kept, and a new table is tried on the old questions."""

import pytest
from sqlalchemy import update

from app.db.transaction import begin
from app.rules import store
from app.rules.check import FaultyTable
from app.rules.engine import MissingInput
from app.rules.replay import dry_run, replay
from app.rules.rule import ExamplesFail, ask, publish, save
from app.rules.sheet import read_sheet, write_sheet
from app.rules.tables import ruling
from orders_core.errors import NotFound
from orders_core.tx import Tx
from tests.app.rules.tables import REFUND
from tests.shop import MORNING, Shop
from tests.together import together

ASKED = {"amount": 4_000, "tier": "gold", "opened": False}
SHEET = write_sheet(REFUND)
STRICTER = SHEET.replace("< 5000", "< 1000").replace(">= 5000", ">= 1000")


def kept(tx: Tx, sheet: str = SHEET) -> int:
    saved = save(tx, sheet, by="lin", why="test", now=MORNING)
    publish(tx, saved.name, saved.version)
    return saved.version


def test_a_saved_table_rules_once_it_is_published(tx: Tx) -> None:
    saved = save(tx, SHEET, by="lin", why="test", now=MORNING)
    with pytest.raises(NotFound):
        ask(tx, "refund", ASKED, about="ord_1", now=MORNING)

    publish(tx, "refund", saved.version)

    assert ask(tx, "refund", ASKED, about="ord_1", now=MORNING).answer == {"action": "approve"}


def test_every_ruling_is_written_down_with_its_version(tx: Tx) -> None:
    kept(tx)
    ask(tx, "refund", ASKED, about="ord_1", now=MORNING)
    kept(tx, STRICTER)
    ask(tx, "refund", ASKED | {"tier": "plain", "opened": True}, about="ord_2", now=MORNING)

    newest, first = store.rulings(tx, "refund", at_most=9)

    assert (first.version, first.about, first.rows, first.answers) == (
        1,
        "ord_1",
        [1],
        [{"action": "approve"}],
    )
    assert (newest.version, newest.answers) == (2, [{"action": "ask"}])


def test_what_was_ruled_is_ruled_the_same_for_ever(tx: Tx) -> None:
    kept(tx)
    for amount in range(0, 10_000, 500):
        ask(tx, "refund", ASKED | {"amount": amount}, about="ord", now=MORNING)
    kept(tx, STRICTER)

    assert (replay(tx, "refund").asked, replay(tx, "refund").same_percent) == (20, 100)

    tx.execute(update(ruling).values(answers=[{"action": "never"}]))
    assert len(replay(tx, "refund").differing) == 20
    assert replay(tx, "refund").same_percent == 0


def test_a_new_table_is_tried_on_what_the_old_one_was_asked(tx: Tx) -> None:
    kept(tx)
    for amount in (500, 2_000, 9_000):
        given = {"amount": amount, "tier": "plain", "opened": True}
        ask(tx, "refund", given, about=f"ord_{amount}", now=MORNING)

    changed = dry_run(tx, read_sheet(STRICTER))

    assert [(one.ruled.about, one.now) for one in changed] == [("ord_2000", [{"action": "ask"}])]


def test_a_table_with_a_gap_is_never_kept(tx: Tx) -> None:
    gap = SHEET.replace("rule,>= 5000,gold,-,approve,\r\n", "")

    with pytest.raises(FaultyTable) as refused:
        save(tx, gap, by="lin", why="test", now=MORNING)

    assert [fault.code for fault in refused.value.faults] == ["gap"]
    assert store.versions(tx, "refund") == []


def test_a_table_that_contradicts_its_examples_is_never_kept(tx: Tx) -> None:
    with pytest.raises(ExamplesFail) as refused:
        save(tx, SHEET + "example,4000,gold,no,ask,\r\n", by="lin", why="test", now=MORNING)

    assert refused.value.numbers == (1,)


@pytest.mark.parametrize(
    "given",
    [
        {"tier": "gold", "opened": False},
        ASKED | {"amount": -1},
        ASKED | {"amount": 1.5},
        ASKED | {"amount": True},
        ASKED | {"tier": "bronze"},
        ASKED | {"opened": "no"},
    ],
)
def test_a_question_that_the_columns_cannot_hold_is_refused(
    tx: Tx, given: dict[str, object]
) -> None:
    kept(tx)

    with pytest.raises(MissingInput):
        ask(tx, "refund", given, about="ord_1", now=MORNING)

    assert store.rulings(tx, "refund", at_most=1) == []


def test_two_who_save_at_once_make_two_versions(shop: Shop) -> None:
    def one() -> int:
        with begin(shop.engine) as tx:
            return save(tx, SHEET, by="lin", why="test", now=MORNING).version

    assert sorted(together(*([one] * 4))) == [1, 2, 3, 4]
