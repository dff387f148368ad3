"""What was answered once is answered again, word for word."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from orders_core.ids import OrderId, new_id
from orders_core.orders.allocate import Take
from orders_core.orders.choose import Fits
from orders_core.orders.outcome import Draft, Placed, Writing, recall, remember
from orders_core.orders.pricing import Bill
from orders_core.orders.refusals import (
    CannotPlace,
    MixedCurrencies,
    NoPrice,
    NotTogether,
    SoldOut,
    UnknownPriceList,
    UnknownSku,
)
from tests.buying import MUG, wish

NOW = datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=UTC)
DRAFT = Draft(wish((MUG, 3)), OrderId(new_id()))
PAY_UNTIL = NOW + timedelta(minutes=30)
BORN = {
    "number": 100_001,
    "total_minor": 14_700,
    "currency": "CNY",
    "placed_at": NOW.isoformat(),
    "deposit_minor": 5_000,
    "pay_until": PAY_UNTIL.isoformat(),
}


def test_a_draft_that_fits_becomes_the_order_its_key_promised() -> None:
    bill = Bill({MUG: 4_900}, 14_700, "CNY", 5_000, NOW + timedelta(days=9))
    writing = Writing(DRAFT, Fits({MUG: 3}, [Take(MUG, "main", 3)], bill), number=100_001)

    told = writing.outcome(NOW, pay_until=PAY_UNTIL)

    assert recall(DRAFT.promise(), BORN) == told
    assert isinstance(told, Placed)
    assert (told.order_id, told.number, told.placed_at) == (DRAFT.order_id, 100_001, NOW)
    assert (told.deposit_minor, told.pay_until, told.is_new) == (5_000, PAY_UNTIL, True)


def test_a_promise_whose_order_left_no_history_is_an_error_not_an_answer() -> None:
    with pytest.raises(ValueError, match=f"first state of order {DRAFT.order_id} is gone"):
        recall(DRAFT.promise(), None)


@pytest.mark.parametrize(
    "refusal",
    [
        SoldOut({"MUG": (2, 1), "TEA": (1, 0)}),
        UnknownSku(["YETI", "ELF"]),
        MixedCurrencies(["CNY", "JPY"]),
        NotTogether(["MUG", "TEA"]),
        NoPrice("EU", ["MUG", "TEA"]),
        UnknownPriceList("EU"),
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
