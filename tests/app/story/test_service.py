"""What may be done on the page of an order: by the table, and by the order's own moves. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from app.rules import standard
from app.rules.engine import Judge
from app.rules.sheet import read_sheet
from app.story.acts import Action, Allowed, Offer, cancellable, returnable
from app.story.facts import Facts
from app.story.offers import TABLE, offers
from app.words.say import knows
from orders_core.ids import SkuId, new_id
from orders_core.orders.line import LineUnits, OwnLine
from orders_core.orders.order import Fulfilment, Payment, Standing
from orders_core.returns.rma import Line, Payer, Reason, Return, State
from orders_core.shortage.short import State as ShortState
from tests.app.story.orders import DAY, HOUR, NOW, facts, parcel
from tests.app.story.test_truth_owed import own, short

LINE = OwnLine(
    position=1,
    sku_id=SkuId(new_id()),
    code="TEA",
    title="Longjing tea",
    title_zh="龙井茶",
    quantity=2,
    unit_minor=8400,
)
SHEET = standard.sheet_of(TABLE) or ""
JUDGE = Judge(read_sheet(SHEET))
HERE, GONE = {"TEA": LineUnits(held=2)}, {"TEA": LineUnits(confirmed=2)}


def of(status: str, units: Mapping[str, LineUnits] = HERE, *parcels: Any, **axes: Any) -> Facts:
    return facts(own(status, **axes), *parcels, lines=(LINE,), units=units)


def may(known: Facts) -> dict[Action, Offer]:
    return dict(offers(JUDGE, known, now=NOW))


def said(known: Facts, action: Action) -> str:
    offer = may(known)[action]
    return f"{offer.allowed} {offer.reason}"


PARTED = of("paid", {"TEA": LineUnits(held=1, confirmed=1)}, fulfilment=Fulfilment.PARTLY_SHIPPED)
DELIVERED = of("delivered", GONE, fulfilment=Fulfilment.DELIVERED)
SHIPPED = of("shipped", GONE, fulfilment=Fulfilment.SHIPPED)
RETURNED = of("delivered", GONE, fulfilment=Fulfilment.RETURNED, payment=Payment.REFUND_DUE)
OLD = replace(DELIVERED.order, delivered_at=NOW - 31 * DAY)


@pytest.mark.parametrize(
    ("known", "action", "answer"),
    [
        (of("paid"), Action.ADDRESS, "yes open"),
        (of("paid"), Action.STATION, "yes open"),
        (of("paid"), Action.CANCEL, "yes open"),
        (of("paid"), Action.INVOICE, "yes open"),
        (of("placed"), Action.CANCEL, "yes open"),
        (of("paid", HERE, parcel("announced")), Action.ADDRESS, "ask packed"),
        (of("paid", HERE, parcel("announced")), Action.CANCEL, "ask packed"),
        (of("placed", payment=Payment.DEPOSIT_PAID), Action.CANCEL, "ask deposit"),
        (PARTED, Action.CANCEL, "yes rest"),
        (PARTED, Action.ADDRESS, "ask parted"),
        (PARTED, Action.RETURN, "no not_arrived"),
        (SHIPPED, Action.ADDRESS, "ask on_its_way"),
        (SHIPPED, Action.CANCEL, "no shipped"),
        (DELIVERED, Action.ADDRESS, "no arrived"),
        (DELIVERED, Action.RETURN, "yes open"),
        (replace(DELIVERED, order=OLD), Action.RETURN, "ask late"),
        (replace(DELIVERED, order=OLD), Action.INVOICE, "ask late"),
        (RETURNED, Action.INVOICE, "no refunded"),
        (of("paid", mirrored=True), Action.CANCEL, "ask elsewhere"),
        (of("paid", mirrored=True), Action.ADDRESS, "ask elsewhere"),
    ],
)
def test_the_table_answers(known: Facts, action: Action, answer: str) -> None:
    assert said(known, action) == answer


def test_nothing_is_offered_for_what_was_cancelled() -> None:
    assert may(of("cancelled", standing=Standing.CANCELLED)) == {}


def test_what_the_orders_own_moves_forbid_no_table_allows() -> None:
    overdue = of("placed", pay_until=NOW - HOUR)
    generous = SHEET.replace(
        "rule,cancel,open,shipped,-,no,-,-,-,no", "rule,cancel,open,shipped,-,no,-,-,-,yes"
    )
    examples = [line for line in generous.splitlines() if not line.startswith("example")]
    judge = Judge(read_sheet("\n".join(examples)))

    assert said(overdue, Action.ADDRESS) == "no within_time"
    assert said(overdue, Action.CANCEL) == "yes open"  # to call it off ends it all the same
    shipped = offers(judge, SHIPPED, now=NOW)[Action.CANCEL]
    assert (shipped.allowed, shipped.reason) == (Allowed.NO, "nothing_here")


def test_a_choice_is_offered_only_while_something_is_short() -> None:
    open_short = replace(of("paid"), shorts=(short(ShortState.OPEN),))
    settled = replace(of("paid"), shorts=(short(ShortState.REFUNDED),))

    assert said(open_short, Action.SHORT) == "yes open"
    assert Action.SHORT not in may(settled)


def test_units_that_have_left_cannot_be_cancelled_and_others_cannot_come_back() -> None:
    assert [n for _, n in cancellable(PARTED)] == [1]
    assert [n for _, n in returnable(PARTED)] == [1]
    assert cancellable(SHIPPED) == []


def test_no_unit_is_sent_back_twice() -> None:
    asked = Return(
        id=new_id(),
        order_id=DELIVERED.order.id,
        state=State.REQUESTED,
        reason=Reason.CHANGED_MIND,
        who_pays=Payer.SHOPPER,
        refund_percent=100,
        amount_minor=None,
        currency="CNY",
        carrier=None,
        parcel_number=None,
        requested_at=NOW,
        lines=(
            Line(
                position=1,
                sku_id=LINE.sku_id or SkuId(new_id()),
                code="TEA",
                quantity=1,
                unit_minor=8400,
            ),
        ),
    )

    assert [n for _, n in returnable(replace(DELIVERED, returns=(asked,)))] == [1]
    refused = replace(asked, state=State.REJECTED)
    assert [n for _, n in returnable(replace(DELIVERED, returns=(refused,)))] == [2]
    both = replace(DELIVERED, returns=(asked, asked))
    assert said(both, Action.RETURN) == "no nothing_left"


def test_every_reason_of_the_table_has_words() -> None:
    reasons = next(one for one in JUDGE.table.outputs if one.name == "reason").words
    missing = [one for one in reasons if one != "open" and not knows(f"service.because.{one}")]

    assert missing == []
