"""One order's whole story, in the order it was committed."""

import pytest

from app.ops.trace import trace
from orders_core.errors import BadId, NotFound
from orders_core.ids import new_id, show
from orders_core.tx import Tx
from tests.scene import set_scene
from tests.shop import MORNING


def test_a_trace_holds_every_row_event_verdict_message_and_what_left(tx: Tx) -> None:
    scene = set_scene(tx, MORNING)

    found = trace(tx, show("ord", scene.order))

    kinds = [step.kind for step in found.steps]
    assert kinds[0] == "row"
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "row": 2,
        "event": 4,
        "verdict": 3,
        "message": 7,
        "left": 4,
    }
    written = [step.written_at for step in found.steps]
    assert written == sorted(written)


def test_an_order_is_found_by_its_number_and_by_its_foreign_reference(tx: Tx) -> None:
    scene = set_scene(tx, MORNING)

    for ref in (str(scene.number), f"E2026{scene.number}", show("ord", scene.order).upper()):
        if ref.startswith("ORD"):
            ref = ref.lower()
        assert trace(tx, ref).order.id == scene.order


def test_no_such_order_is_told_plainly(tx: Tx) -> None:
    for ref in ("999999999", show("ord", new_id()), "nothing"):
        with pytest.raises(NotFound):
            trace(tx, ref)
    with pytest.raises(BadId):
        trace(tx, "ord_x")


def test_an_event_says_who_why_and_who_handled_it(tx: Tx) -> None:
    scene = set_scene(tx, MORNING)
    tx.exec_driver_sql(
        "INSERT INTO handled SELECT 'hub', id FROM history WHERE type = 'order.paid'"
    )

    paid = next(s for s in trace(tx, show("ord", scene.order)).steps if s.says == "order.paid")

    assert paid.facts["by"] == "key:demo"
    assert paid.facts["handled_by"] == ["hub"]
    assert paid.facts["version"] == 2
