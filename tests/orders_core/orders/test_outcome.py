"""What was answered once is answered again, word for word."""

from datetime import UTC, datetime

import orjson
import pytest

from orders_core.ids import OrderId, new_id
from orders_core.orders.choose import CannotPlace, Fits, MixedCurrencies, SoldOut, UnknownSku
from orders_core.orders.outcome import Draft, Placed, Writing, recall, remember
from tests.buying import MUG, wish

NOW = datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=UTC)
DRAFT = Draft(wish((MUG, 3)), OrderId(new_id()))
BORN = {
    "number": 100_001,
    "total_minor": 14_700,
    "currency": "CNY",
    "placed_at": NOW.isoformat(),
}


def test_a_draft_that_fits_becomes_the_order_its_key_promised() -> None:
    writing = Writing(DRAFT, Fits({MUG: 3}, 14_700, "CNY"), number=100_001)

    told = writing.outcome(NOW)

    assert recall(DRAFT.promise(), BORN) == told
    assert isinstance(told, Placed)
    assert (told.order_id, told.number, told.placed_at) == (DRAFT.order_id, 100_001, NOW)


def test_a_promise_whose_order_left_no_history_is_an_error_not_an_answer() -> None:
    with pytest.raises(ValueError, match=f"first state of order {DRAFT.order_id} is gone"):
        recall(DRAFT.promise(), None)


@pytest.mark.parametrize(
    "refusal",
    [
        SoldOut({"MUG": (2, 1), "TEA": (1, 0)}),
        UnknownSku(["YETI", "ELF"]),
        MixedCurrencies(["CNY", "JPY"]),
    ],
)
def test_a_refusal_is_recalled_with_its_facts(refusal: CannotPlace) -> None:
    again = recall(orjson.loads(orjson.dumps(remember(refusal))), None)

    assert type(again) is type(refusal)
    assert vars(again) == vars(refusal)
    assert str(again) == str(refusal)


def test_only_known_refusals_are_kept() -> None:
    with pytest.raises(TypeError, match="CannotPlace is never kept"):
        remember(CannotPlace("for a new reason"))
