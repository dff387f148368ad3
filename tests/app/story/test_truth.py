"""The one sentence at the top: true for every way an order can stand, silent about the unknown."""

import re
from datetime import datetime, timedelta

import pytest

from app.story.clause import Tone
from app.story.facts import UNPAID, Facts, pay_by
from app.story.truth import truth
from app.story.wording import Writer
from app.words.say import LOCALES
from orders_core.orders.order import OrderStatus
from orders_core.parcels.parcel import ParcelStatus
from tests.app.story.orders import DAY, HOUR, NOW, SHANGHAI, facts, order, parcel

THURSDAY, FRIDAY = NOW + 2 * DAY, NOW + 3 * DAY
PAY_BY = NOW.replace(hour=12, minute=10)  # 20:10 in Shanghai
UNDATED = dict.fromkeys(("paid_at", "shipped_at", "delivered_at", "cancelled_at"))
MIRRORED = {"mirrored": True, "source": "youzan", **UNDATED}
SHIPPED = order("shipped")
OLD_SCAN = {"last_scan_at": NOW - 30 * HOUR}

CASES: dict[str, tuple[Facts, str, str]] = {
    "placed, to be paid by a time": (
        facts(order("placed"), pay_by=PAY_BY),
        "Placed, not paid yet; pay by 20:10.",
        "已下单，尚未付款；请在 20:10 前付款。",
    ),
    "placed, to be paid after midnight": (
        facts(order("placed"), pay_by=NOW + 11 * HOUR),
        "Placed, not paid yet; pay by tomorrow, 01:00.",
        "已下单，尚未付款；请在 明天 01:00 前付款。",
    ),
    "placed, the time to pay is over": (
        facts(order("placed"), pay_by=NOW - HOUR),
        "Placed, not paid yet; the time to pay ended today at 13:00.",
        "已下单，尚未付款；付款时限 今天 13:00 已过。",
    ),
    "placed, nobody set a time to pay": (
        facts(order("placed")),
        "Placed, not paid yet.",
        "已下单，尚未付款。",
    ),
    "paid": (facts(order("paid")), "Paid, not shipped yet.", "已付款，尚未发货。"),
    "paid elsewhere, nobody said when": (
        facts(order("paid", **MIRRORED)),
        "Paid, not shipped yet.",
        "已付款，尚未发货。",
    ),
    "paid and announced": (
        facts(order("paid"), parcel("announced")),
        "Paid and announced to 快燕速运, not collected yet.",
        "已付款，已通知 快燕速运，尚未揽收。",
    ),
    "paid, announced and promised": (
        facts(order("paid"), parcel("announced", promised_at=THURSDAY)),
        "Paid and announced to 快燕速运, not collected yet; arrives Thursday.",
        "已付款，已通知 快燕速运，尚未揽收；预计周四送达。",
    ),
    "paid, and the carrier has it already": (
        facts(order("paid"), parcel("in_transit", expected_at=THURSDAY)),
        "Arrives Thursday; last scan 6 h ago in 杭州.",
        "预计周四送达；最近一次扫描：6 小时前，杭州。",
    ),
    "not even paid, and the carrier has it already": (
        facts(order("placed", **MIRRORED), parcel("picked_up")),
        "On its way; no delivery day is known; last scan 6 h ago in 杭州.",
        "运输中，暂无预计送达日期；最近一次扫描：6 小时前，杭州。",
    ),
    "shipped without a parcel": (
        facts(order("shipped")),
        "Shipped today at 13:00; no tracking number is known.",
        "今天 13:00 已发货，暂无运单号。",
    ),
    "shipped elsewhere, nobody said when": (
        facts(order("shipped", **MIRRORED)),
        "Shipped; no tracking number is known.",
        "已发货，暂无运单号。",
    ),
    "shipped, never scanned": (
        facts(SHIPPED, parcel("announced", promised_at=THURSDAY)),
        "Announced to 快燕速运, not scanned yet; arrives Thursday.",
        "已通知 快燕速运 揽收，尚无扫描记录；预计周四送达。",
    ),
    "in transit": (
        facts(SHIPPED, parcel("in_transit", expected_at=THURSDAY, promised_at=THURSDAY)),
        "Arrives Thursday; last scan 6 h ago in 杭州.",
        "预计周四送达；最近一次扫描：6 小时前，杭州。",
    ),
    "in transit, only promised": (
        facts(SHIPPED, parcel("in_transit", promised_at=THURSDAY, last_place=None)),
        "Arrives Thursday; last scan 6 h ago.",
        "预计周四送达；最近一次扫描：6 小时前。",
    ),
    "earlier than promised": (
        facts(SHIPPED, parcel("in_transit", expected_at=NOW + DAY, promised_at=THURSDAY)),
        "Arrives tomorrow; last scan 6 h ago in 杭州.",
        "预计明天送达；最近一次扫描：6 小时前，杭州。",
    ),
    "more than a week away": (
        facts(SHIPPED, parcel("in_transit", expected_at=NOW + 16 * DAY)),
        "Arrives 26 Nov; last scan 6 h ago in 杭州.",
        "预计11月26日送达；最近一次扫描：6 小时前，杭州。",
    ),
    "late, and long not scanned": (
        facts(
            SHIPPED,
            parcel("in_transit", expected_at=FRIDAY, promised_at=FRIDAY - 2 * DAY, **OLD_SCAN),
        ),
        "Expected Friday, 2 days later than promised; last scan 30 h ago in 杭州.",
        "预计周五送达，比承诺晚 2 天；最近一次扫描：30 小时前，杭州。",
    ),
    "late by one day": (
        facts(SHIPPED, parcel("in_transit", expected_at=FRIDAY, promised_at=THURSDAY)),
        "Expected Friday, 1 day later than promised; last scan 6 h ago in 杭州.",
        "预计周五送达，比承诺晚 1 天；最近一次扫描：6 小时前，杭州。",
    ),
    "later on the promised day is not late": (
        facts(SHIPPED, parcel("in_transit", expected_at=THURSDAY + 3 * HOUR, promised_at=THURSDAY)),
        "Arrives Thursday; last scan 6 h ago in 杭州.",
        "预计周四送达；最近一次扫描：6 小时前，杭州。",
    ),
    "the day has passed": (
        facts(SHIPPED, parcel("in_transit", expected_at=NOW - 3 * DAY, promised_at=NOW - 4 * DAY)),
        "Was expected 7 Nov, and 快燕速运 names no new day; last scan 6 h ago in 杭州.",
        "原定11月7日送达，快燕速运 没有给出新的日期；最近一次扫描：6 小时前，杭州。",
    ),
    "expected this morning is still today": (
        facts(SHIPPED, parcel("in_transit", expected_at=NOW - 4 * HOUR)),
        "Arrives today; last scan 6 h ago in 杭州.",
        "预计今天送达；最近一次扫描：6 小时前，杭州。",
    ),
    "no day known": (
        facts(SHIPPED, parcel("in_transit")),
        "On its way; no delivery day is known; last scan 6 h ago in 杭州.",
        "运输中，暂无预计送达日期；最近一次扫描：6 小时前，杭州。",
    ),
    "collected a moment ago": (
        facts(SHIPPED, parcel("picked_up", last_scan_at=NOW - timedelta(minutes=7))),
        "On its way; no delivery day is known; last scan 7 min ago in 杭州.",
        "运输中，暂无预计送达日期；最近一次扫描：7 分钟前，杭州。",
    ),
    "last scanned days ago": (
        facts(SHIPPED, parcel("in_transit", last_scan_at=NOW - 5 * DAY)),
        "On its way; no delivery day is known; last scan 5 days ago in 杭州.",
        "运输中，暂无预计送达日期；最近一次扫描：5 天前，杭州。",
    ),
    "out for delivery": (
        facts(SHIPPED, parcel("out_for_delivery", expected_at=NOW)),
        "Out for delivery; last scan 6 h ago in 杭州.",
        "正在派送；最近一次扫描：6 小时前，杭州。",
    ),
    "out for delivery since yesterday": (
        facts(SHIPPED, parcel("out_for_delivery", **OLD_SCAN)),
        "Was out for delivery yesterday and has not arrived; last scan 30 h ago in 杭州.",
        "昨天曾派送，未送达；最近一次扫描：30 小时前，杭州。",
    ),
    "at a station with a code": (
        facts(SHIPPED, parcel("at_station", last_place="菜鸟驿站 3 号店", pickup_code="3-2-1105")),
        "Waits to be fetched at 菜鸟驿站 3 号店; pickup code 3-2-1105.",
        "包裹在 菜鸟驿站 3 号店 待领取；取件码 3-2-1105。",
    ),
    "at a station without a code or a place": (
        facts(SHIPPED, parcel("at_station", last_place=None)),
        "Waits to be fetched at the pickup point.",
        "包裹在取件点待领取。",
    ),
    "an attempt failed": (
        facts(SHIPPED, parcel("attempt_failed", expected_at=NOW + DAY, promised_at=NOW + DAY)),
        "A delivery was tried today at 08:00 and did not succeed; arrives tomorrow.",
        "今天 08:00 派送未成功；预计明天送达。",
    ),
    "an attempt failed, the day is gone": (
        facts(SHIPPED, parcel("attempt_failed", expected_at=NOW - DAY)),
        "A delivery was tried today at 08:00 and did not succeed.",
        "今天 08:00 派送未成功。",
    ),
    "an exception": (
        facts(SHIPPED, parcel("exception", **OLD_SCAN)),
        "Held up: 快燕速运 reports a problem; last scan 30 h ago in 杭州.",
        "快燕速运 报告包裹异常；最近一次扫描：30 小时前，杭州。",
    ),
    "one of three has arrived": (
        facts(
            SHIPPED,
            parcel("delivered"),
            parcel("in_transit", expected_at=FRIDAY, number="B"),
            parcel("in_transit", expected_at=THURSDAY, number="C"),
        ),
        "1 of 3 parcels delivered; next: arrives Thursday; last scan 6 h ago in 杭州.",
        "3 个包裹，1 个已送达；下一个包裹：预计周四送达；最近一次扫描：6 小时前，杭州。",
    ),
    "two under way, one waits at a station": (
        facts(SHIPPED, parcel("in_transit"), parcel("at_station", pickup_code="8842")),
        "2 parcels under way; next: waits to be fetched at 杭州; pickup code 8842.",
        "2 个包裹在途；下一个包裹：包裹在 杭州 待领取；取件码 8842。",
    ),
    "delivered": (
        facts(order("delivered", delivered_at=NOW - DAY)),
        "Delivered yesterday at 14:00.",
        "昨天 14:00 已送达。",
    ),
    "delivered long ago": (
        facts(order("delivered", delivered_at=NOW - 10 * DAY)),
        "Delivered on 31 Oct at 14:00.",
        "10月31日 14:00 已送达。",
    ),
    "delivered elsewhere, nobody said when": (
        facts(order("delivered", **MIRRORED)),
        "Delivered.",
        "已送达。",
    ),
    "delivered by its carrier's word alone": (
        facts(order("shipped", **MIRRORED), parcel("delivered"), parcel("delivered", **OLD_SCAN)),
        "Delivered today at 08:00, as 快燕速运 reports.",
        "快燕速运 报告 今天 08:00 已送达。",
    ),
    "cancelled": (
        facts(order("cancelled"), cancelled_because="till"),
        "Cancelled today at 13:00.",
        "今天 13:00 已取消。",
    ),
    "cancelled because nobody paid": (
        facts(order("cancelled"), cancelled_because=UNPAID),
        "Cancelled today at 13:00, because no payment came in time.",
        "今天 13:00 已取消：未在时限内付款。",
    ),
    "cancelled after it was paid": (
        facts(order("cancelled", paid_at=NOW - 2 * HOUR, payment_reference="pay-1")),
        "Cancelled today at 13:00, after it was paid; CN¥168.00 is to be refunded.",
        "付款后取消，取消时间：今天 13:00；待退款 ¥168.00。",
    ),
    "cancelled elsewhere after it was paid": (
        facts(order("cancelled", **{**MIRRORED, "paid_at": NOW - 2 * HOUR})),
        "Cancelled after it was paid.",
        "付款后取消。",
    ),
    "cancelled elsewhere, nobody said when": (
        facts(order("cancelled", **MIRRORED)),
        "Cancelled.",
        "已取消。",
    ),
}


def told(known: Facts, locale: str, now: datetime = NOW, zone: str = SHANGHAI) -> str:
    found = truth(known, now=now, zone=zone)
    return Writer(locale, zone, now).sentence(found.clauses)


@pytest.mark.parametrize("case", CASES)
def test_the_sentence_is_true(case: str) -> None:
    known, en, zh = CASES[case]

    assert told(known, "en") == en
    assert told(known, "zh") == zh


def test_every_state_of_an_order_and_of_a_parcel_has_a_sentence() -> None:
    for status in OrderStatus:
        for leg in (None, *ParcelStatus):
            for bare in (False, True):
                blank = {"last_scan_at": None, "last_place": None} if bare else {}
                sent = () if leg is None else (parcel(leg, **blank), parcel(leg, **blank))
                for locale in LOCALES:
                    sentence = told(facts(order(status), *sent), locale)

                    assert "None" not in sentence
                    assert re.search(r"[{}]|\bundefined\b", sentence) is None
                    assert sentence.endswith(("。", "."))


def test_a_day_is_counted_where_the_person_lives() -> None:
    late_evening = NOW.replace(
        hour=17
    )  # 01:00 on Wednesday in Shanghai, noon on Tuesday in New York
    known = facts(SHIPPED, parcel("in_transit", expected_at=late_evening, last_scan_at=NOW))

    assert "Arrives tomorrow" in told(known, "en")
    assert "Arrives today" in told(known, "en", zone="America/New_York")


def test_a_promise_is_broken_by_days_of_the_place_and_not_by_hours() -> None:
    promised = NOW.replace(hour=15)  # 23:00 on Tuesday in Shanghai
    known = facts(
        SHIPPED,
        parcel("in_transit", promised_at=promised, expected_at=promised + 2 * HOUR),
    )

    assert "1 day later" in told(known, "en")
    assert "later" not in told(known, "en", zone="Europe/Lisbon")


def test_the_tone_goes_with_the_news() -> None:
    tones = {
        "in transit": Tone.CALM,
        "late by one day": Tone.BAD,
        "the day has passed": Tone.BAD,
        "last scanned days ago": Tone.WAIT,
        "at a station with a code": Tone.WAIT,
        "an attempt failed": Tone.BAD,
        "an exception": Tone.BAD,
        "delivered": Tone.GOOD,
        "cancelled": Tone.CALM,
        "placed, to be paid by a time": Tone.WAIT,
    }

    found = {case: truth(CASES[case][0], now=NOW, zone=SHANGHAI).tone for case in tones}

    assert found == tones


def test_only_an_unpaid_order_of_our_own_is_paid_by_a_time() -> None:
    until = {"pay_until": NOW + HOUR}

    assert pay_by(order("placed", **until)) == NOW + HOUR
    assert pay_by(order("placed")) is None
    assert pay_by(order("placed", mirrored=True, **until)) is None
    assert pay_by(order("paid", **until)) is None


def test_what_needs_somebody_is_told_before_what_goes_well() -> None:
    known = facts(
        SHIPPED,
        parcel("in_transit", expected_at=NOW + DAY),
        parcel("exception"),
        parcel("announced"),
    )

    assert "reports a problem" in told(known, "en")
