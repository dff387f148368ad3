"""The sentence at the top where money or goods are owed: parts, shortages, refunds, deposits."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from app.story.clause import Tone
from app.story.facts import UNPAID, Facts, Left
from app.story.money import Payment as Money
from app.story.money import payment
from app.story.tell import tell
from app.story.truth import truth
from app.story.wording import Writer
from orders_core.ids import new_id
from orders_core.orders.line import LineUnits
from orders_core.orders.order import Cause, Fulfilment, Order, Payment, Refund
from orders_core.shortage.choice import Offer
from orders_core.shortage.short import CHOICES, State
from tests.app.story.orders import DAY, HOUR, NOW, SHANGHAI, facts, order, parcel

MONDAY = NOW + 6 * DAY


def own(status: str, **axes: Any) -> Order:
    """An order of ours with money and goods on their axes."""
    paid = {"paid_minor": 16800, "payment": Payment.PAID} if status != "placed" else {}
    return order(status, **{**paid, **axes})


def refund(minor: int, *, made: bool = False, cause: Cause = Cause.CANCELLED) -> Refund:
    """Money that goes back, or went an hour ago."""
    return Refund(
        id=new_id(),
        order_id=own("paid").id,
        amount_minor=minor,
        currency="CNY",
        cause=cause,
        cause_id=new_id(),
        asked_at=NOW - HOUR,
        status="made" if made else "asked",
        made_at=NOW - HOUR if made else None,
    )


def short(state: State, *, until: datetime | None = None, units: int = 1) -> Offer:
    """Units of the tea that are not there."""
    return Offer(
        code="TEA",
        title_zh="龙井茶",
        title_en="Longjing tea",
        units=units,
        unit_minor=8400,
        currency="CNY",
        state=state,
        may=CHOICES if state is State.OPEN else frozenset(),
        found_at=NOW - HOUR,
        wait_until=until,
    )


PARTED = own("paid", fulfilment=Fulfilment.PARTLY_SHIPPED)
ONE_LEFT = (Left(code="TEA", quantity=1),)
GONE = own("cancelled", payment=Payment.REFUND_DUE, paid_at=NOW - 2 * HOUR)
DEPOSIT = {"payment": Payment.DEPOSIT_PAID, "deposit_minor": 5000, "paid_minor": 5000}

CASES: dict[str, tuple[Facts, str, str]] = {
    "a part left in a parcel": (
        facts(PARTED, parcel("in_transit", expected_at=NOW + DAY), left=ONE_LEFT),
        "1 of 2 items shipped; next: arrives tomorrow; last scan 6 h ago in 杭州.",
        "共 2 件，已发出 1 件；下一个包裹：预计明天送达；最近一次扫描：6 小时前，杭州。",
    ),
    "the part that left has arrived": (
        facts(PARTED, parcel("delivered"), left=ONE_LEFT),
        "1 of 2 items shipped; the rest is still with us.",
        "共 2 件，已发出 1 件；其余商品尚未发出。",
    ),
    "a part left, nobody said what": (
        facts(PARTED),
        "A part of it was shipped; the rest is still with us.",
        "部分商品已发出；其余商品尚未发出。",
    ),
    "paid and short": (
        facts(replace(own("paid"), short_units=1), shorts=(short(State.OPEN),)),
        "Paid, not shipped yet; 1 item is not there.",
        "已付款，尚未发货；1 件缺货待处理。",
    ),
    "short, and nobody wrote of what": (
        facts(replace(own("paid"), short_units=2)),
        "Paid, not shipped yet; 2 items are not there.",
        "已付款，尚未发货；2 件缺货待处理。",
    ),
    "the shopper waits": (
        facts(replace(own("paid"), short_units=1), shorts=(short(State.WAITING, until=MONDAY),)),
        "Paid, not shipped yet; 1 item is waited for until Monday.",
        "已付款，尚未发货；1 件缺货，等到周一。",
    ),
    "a part of the money is to go back": (
        facts(own("paid", refund_minor=8400), refunds=(refund(8400),)),
        "Paid, not shipped yet; CN¥84.00 is to be refunded.",
        "已付款，尚未发货；待退款 ¥84.00。",
    ),
    "a part of the money went back": (
        facts(own("paid", refund_minor=8400), refunds=(refund(8400, made=True),)),
        "Paid, not shipped yet.",
        "已付款，尚未发货。",
    ),
    "cancelled, all is to go back": (
        facts(GONE, refunds=(refund(16800),)),
        "Cancelled today at 13:00, after it was paid; CN¥168.00 is to be refunded.",
        "付款后取消，取消时间：今天 13:00；待退款 ¥168.00。",
    ),
    "cancelled, all went back": (
        facts(replace(GONE, payment=Payment.REFUNDED), refunds=(refund(16800, made=True),)),
        "Cancelled today at 13:00, after it was paid; CN¥168.00 was refunded today at 13:00.",
        "付款后取消，取消时间：今天 13:00；今天 13:00 已退款 ¥168.00。",
    ),
    "paid too late": (
        facts(
            replace(GONE, payment=Payment.REFUND_DUE),
            refunds=(refund(16800, cause=Cause.PAID_LATE),),
            cancelled_because=UNPAID,
        ),
        "Cancelled today at 13:00, because no payment came in time; the payment came after that;"
        " CN¥168.00 is to be refunded.",
        "今天 13:00 已取消：未在时限内付款；付款在此之后才到账；待退款 ¥168.00。",
    ),
    "cancelled after a deposit": (
        facts(
            own(
                "cancelled",
                payment=Payment.REFUND_DUE,
                paid_at=None,
                paid_minor=5000,
                deposit_minor=5000,
            ),
            refunds=(refund(5000),),
        ),
        "Cancelled today at 13:00, after its deposit was paid; CN¥50.00 is to be refunded.",
        "付定金后取消，取消时间：今天 13:00；待退款 ¥50.00。",
    ),
    "a deposit is asked for": (
        facts(own("placed", deposit_minor=5000), pay_by=NOW + HOUR),
        "Placed, the deposit of CN¥50.00 is not paid yet; pay by 15:00.",
        "已下单，定金 ¥50.00 尚未付款；请在 15:00 前付款。",
    ),
    "the deposit is paid, the balance is not open": (
        facts(own("placed", **DEPOSIT, balance_from=NOW + 4 * HOUR)),
        "Deposit of CN¥50.00 paid; the balance of CN¥118.00 can be paid from 18:00.",
        "定金 ¥50.00 已付；尾款 ¥118.00 自 18:00 起可付。",
    ),
    "the balance is open": (
        facts(own("placed", **DEPOSIT, balance_from=NOW - HOUR), pay_by=NOW + DAY),
        "Deposit of CN¥50.00 paid; the balance of CN¥118.00 is due; pay by tomorrow, 14:00.",
        "定金 ¥50.00 已付；尾款 ¥118.00 待付；请在 明天 14:00 前付款。",
    ),
    "all came back": (
        facts(
            own("delivered", fulfilment=Fulfilment.RETURNED, payment=Payment.REFUND_DUE),
            refunds=(refund(16800, cause=Cause.RETURNED),),
        ),
        "All of it came back to us; CN¥168.00 is to be refunded.",
        "全部商品已退回；待退款 ¥168.00。",
    ),
    "refused at the door": (
        facts(own("shipped"), parcel("returning")),
        "快燕速运 brings it back to us; last scan 6 h ago in 杭州.",
        "快燕速运 正在退回包裹；最近一次扫描：6 小时前，杭州。",
    ),
    "back in the warehouse": (
        facts(own("shipped"), parcel("returned")),
        "It came back to us today at 08:00.",
        "包裹 今天 08:00 退回店铺。",
    ),
}


def told(known: Facts, locale: str) -> str:
    found = truth(known, now=NOW, zone=SHANGHAI)
    return Writer(locale, SHANGHAI, NOW).sentence(found.clauses)


@pytest.mark.parametrize("case", CASES)
def test_the_sentence_is_true(case: str) -> None:
    known, en, zh = CASES[case]

    assert told(known, "en") == en
    assert told(known, "zh") == zh


def test_the_tone_goes_with_what_is_owed() -> None:
    tones = {
        "paid and short": Tone.BAD,
        "the shopper waits": Tone.WAIT,
        "cancelled, all is to go back": Tone.WAIT,
        "cancelled, all went back": Tone.CALM,
        "all came back": Tone.WAIT,
        "refused at the door": Tone.BAD,
        "the part that left has arrived": Tone.CALM,
    }

    found = {case: truth(CASES[case][0], now=NOW, zone=SHANGHAI).tone for case in tones}

    assert found == tones


def test_the_money_is_told_as_far_as_it_went() -> None:
    stands = {
        "a part of the money is to go back": Money.PART_DUE,
        "a part of the money went back": Money.PART_REFUNDED,
        "cancelled, all is to go back": Money.REFUND_DUE,
        "cancelled, all went back": Money.REFUNDED,
        "the balance is open": Money.DEPOSIT_PAID,
        "a deposit is asked for": Money.UNPAID,
        "paid and short": Money.PAID,
    }

    assert {case: payment(CASES[case][0]) for case in stands} == stands


def next_of(case: str, locale: str = "en") -> list[str]:
    return list(tell(CASES[case][0], now=NOW, locale=locale, zone=SHANGHAI).next)


def test_what_comes_next_is_said_of_what_is_owed() -> None:
    assert next_of("the balance is open")[0].startswith("Pay by tomorrow, 14:00")
    assert next_of("the deposit is paid, the balance is not open") == [
        "The balance of CN¥118.00 can be paid from 18:00."
    ]
    assert next_of("paid and short")[0].startswith("Choose below what becomes of")
    assert next_of("the shopper waits")[0].startswith("You chose to wait until Monday 16 Nov")
    assert next_of("the part that left has arrived") == [
        "The rest is shipped next, and you hear from us when it leaves."
    ]
    assert next_of("cancelled, all went back")[0].startswith("CN¥168.00 went back to you")
    assert next_of("all came back")[0].startswith("CN¥168.00 goes back to you")
    assert next_of("refused at the door")[0].startswith("It did not reach you")


def test_a_stranger_is_not_told_what_only_the_shopper_can_do() -> None:
    for case in CASES:
        known = CASES[case][0].for_strangers()
        said = tell(known, now=NOW, locale="en", zone=SHANGHAI)

        assert not any("hear from us" in one or "Choose below" in one for one in said.next)
        assert said.address is None or "门" not in " ".join(said.address.lines)


def test_a_parcel_says_what_is_in_it_and_an_item_where_its_units_are() -> None:
    sent = parcel("in_transit")
    known = facts(
        PARTED,
        sent,
        left=(Left(code="TEA", quantity=1, parcel_id=sent.id),),
        units={"TEA": LineUnits(held=1, confirmed=1)},
    )
    said = tell(known, now=NOW, locale="en", zone=SHANGHAI)

    assert [(one.title, one.quantity) for one in said.parcels[0].contents] == [("Longjing tea", 1)]
    assert said.items[0].marks == ["1 shipped", "1 to come"]
    assert [step.stand for step in said.steps][2] == "part"


def test_all_in_one_place_needs_no_marks() -> None:
    waiting = facts(own("paid"), units={"TEA": LineUnits(held=2)})
    gone = facts(own("shipped"), units={"TEA": LineUnits(confirmed=2)})

    for known in (waiting, gone):
        assert tell(known, now=NOW, locale="zh", zone=SHANGHAI).items[0].marks == []


def test_refunds_are_listed_with_their_reason() -> None:
    known = facts(own("paid", refund_minor=8400), refunds=(refund(8400), refund(100, made=True)))
    said = tell(known, now=NOW, locale="en", zone=SHANGHAI).refunds

    assert said[0].says == "CN¥84.00 asked for today at 13:00"
    assert said[0].why == "because the order, or a part of it, was cancelled"
    assert said[1].is_made
