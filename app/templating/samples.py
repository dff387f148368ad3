"""A true-to-life set of variables for every notice: lint, previews and tests render with them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

ORDER: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "zh": {
            "shop": "小满杂货",
            "name": "林小满",
            "order_number": "100482",
            "total_minor": 16870,
            "currency": "CNY",
            "items": [
                {"title": "龙井明前茶 250 克", "quantity": 1},
                {"title": "手工竹编茶盘", "quantity": 2},
            ],
            "placed_at": "2026-11-22T02:15:00+00:00",
            "carrier": "顺丰速运",
            "parcel_number": "SF1390482217654",
            "place": "杭州市西湖区文三路驿站",
            "pickup_code": "3-2-1086",
            "expected_at": "2026-11-26T10:00:00+00:00",
            "expected_source": "carrier",
            "promised_at": "2026-11-24T10:00:00+00:00",
            "order_url": "https://shop.example/o/k7Qm2vXn4TzB1sWc",
            "preferences_url": "https://shop.example/p/k7Qm2vXn4TzB1sWc",
            "why_url": "https://shop.example/i/k7Qm2vXn4TzB1sWc/why?v=ver_06fqs3m8k0",
            "zone": "Asia/Shanghai",
        },
        "en": {
            "shop": "Xiaoman Goods",
            "name": "Ana Souza",
            "order_number": "100482",
            "total_minor": 16870,
            "currency": "CNY",
            "items": [
                {"title": "Longjing green tea, 250 g", "quantity": 1},
                {"title": "Bamboo tea tray", "quantity": 2},
            ],
            "placed_at": "2026-11-22T02:15:00+00:00",
            "carrier": "Royal Mail",
            "parcel_number": "RM390482217GB",
            "place": "12 Canal Street, London",
            "pickup_code": "3-2-1086",
            "expected_at": "2026-11-26T10:00:00+00:00",
            "expected_source": "carrier",
            "promised_at": "2026-11-24T10:00:00+00:00",
            "order_url": "https://shop.example/o/k7Qm2vXn4TzB1sWc",
            "preferences_url": "https://shop.example/p/k7Qm2vXn4TzB1sWc",
            "why_url": "https://shop.example/i/k7Qm2vXn4TzB1sWc/why?v=ver_06fqs3m8k0",
            "zone": "Europe/London",
        },
    }
)
ABSENT: Mapping[str, None] = MappingProxyType(
    dict.fromkeys(
        (
            "carrier",
            "parcel_number",
            "place",
            "pickup_code",
            "expected_at",
            "expected_source",
            "promised_at",
        )
    )
)
ANNOUNCED: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "zh": {
            "title": "秋茶到店，会员 8 折",
            "body": "今年的秋茶已经到店。\n\n11月30日前，会员购茶享 8 折。",
        },
        "en": {
            "title": "Autumn teas are here: members save 20%",
            "body": "The autumn teas have arrived.\n\nMembers pay 20% less until 30 November.",
        },
    }
)
UNPAID = MappingProxyType({"cancel_reason": "unpaid", "cancelled_at": "2026-11-22T02:45:00+00:00"})
SHORT: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        locale: MappingProxyType(
            {"short_items": [title], "short_choices": ["refund", "swap", "wait"]}
        )
        for locale, title in {
            "zh": {"title": "手工竹编茶盘", "quantity": 2},
            "en": {"title": "Bamboo tea tray", "quantity": 2},
        }.items()
    }
)
BACK = MappingProxyType({"back_minor": 9800, "who_pays": "shop"})
BOTH: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "payment_due": {"pay_until": "2026-11-22T02:45:00+00:00"},
        "price_protected": {"back_minor": 1200},
        "preorder_balance_due": {
            "balance_minor": 11_870,
            "balance_until": "2026-11-25T02:00:00+00:00",
        },
        "refund_started": {"back_minor": 9800},
        "refund_arrived": {"back_minor": 9800},
        "invoice_ready": {"invoice_number": "26312000000482"},
        "review_invite": {"points": 50},
        "csat": {"link_url": "https://shop.example/csat/k7Qm2vXn4TzB1sWc"},
        "points_earned": {"points": 168, "points_left": 1_240},
        "points_expiring": {"points": 300, "expires_at": "2026-12-31T15:59:59+00:00"},
        "cart_left": {"count": 3},
        "coupon_expiring": {"expires_at": "2026-11-30T15:59:59+00:00"},
        "price_drop": {"was_minor": 9800, "price_minor": 7800, "currency": "CNY"},
        "return_approved": BACK,
        "return_received": BACK,
        "order_cancelled": UNPAID,
        "security_code": {"code": "482913"},
    }
)
ITEM = {"zh": {"item": "手工竹编茶盘"}, "en": {"item": "Bamboo tea tray"}}
OF_NOTICE: Mapping[str, Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "order_short": SHORT,
        "case_received": {
            "zh": {"question": "竹编茶盘有一只裂了，可以换吗？"},
            "en": {"question": "One of the bamboo trays came cracked. Can it be replaced?"},
        },
        "case_answered": {
            "zh": {
                "question": "竹编茶盘有一只裂了，可以换吗？",
                "answer": "可以换。新的茶盘今天从杭州仓发出，裂的那只您留着，不用寄回。",
            },
            "en": {
                "question": "One of the bamboo trays came cracked. Can it be replaced?",
                "answer": "Yes. A new tray leaves Rotterdam today.\n\nKeep the cracked one.",
            },
        },
        "payment_failed": {
            "zh": {"reason": "银行卡余额不足"},
            "en": {"reason": "the card was declined"},
        },
        "back_in_stock": ITEM,
        "price_drop": ITEM,
        "cart_left": ITEM,
        "coupon_expiring": {
            "zh": {"coupon": "满 200 减 30"},
            "en": {"coupon": "10% off teas"},
        },
    }
)
GIVEN: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "zh": {"giver": "外婆", "gift_words": "生日快乐，记得常喝热茶。"},
        "en": {"giver": "Grandma", "gift_words": "Happy birthday, and drink it hot."},
    }
)
SHARED_URL = "https://shop.example/o/s4Tn8wQm1XzC7vKb"
CASE_URL = "https://shop.example/o/k7Qm2vXn4TzB1sWc#case"
GATHERED = ("order_delivered", "order_shipped", "return_approved", "announcement")
MAY_BE_ABSENT: Mapping[str, None] = MappingProxyType(
    dict.fromkeys(
        (
            "balance_minor",
            "balance_until",
            "cancel_reason",
            "cancelled_at",
            "case_url",
            "gift_words",
            "giver",
            "link_url",
            "order_url",
            "pay_until",
            "preferences_url",
            "question",
            "reason",
            "who_pays",
            "why_url",
        )
    )
)
OF_NO_ORDER: Mapping[str, None] = MappingProxyType(
    dict.fromkeys(("order_number", "total_minor", "currency", "items", "placed_at", "order_url"))
)


#: Told of nothing that was bought: whatever an order would say is absent.
WITHOUT_ORDER = frozenset(
    {
        "announcement",
        "back_in_stock",
        "cart_left",
        "coupon_expiring",
        "points_earned",
        "points_expiring",
        "price_drop",
    }
)
ADVERTISING = frozenset({"announcement", "cart_left", "coupon_expiring", "price_drop"})
WAY_OUT = "https://shop.example/u/k7Qm2vXn4TzB1sWc8Rd5"


def sample(notice: str, locale: str) -> dict[str, Any]:
    """Return the variables of a notice with every fact known."""
    if notice == "digest":
        return {**ORDER[locale], **ABSENT, **OF_NO_ORDER, **_folded(locale)}
    own = {**BOTH.get(notice, {}), **OF_NOTICE.get(notice, {}).get(locale, {})}
    if notice == "security_code":
        return {**ORDER[locale], **own, "order_url": None}
    if notice.startswith("case_"):
        return {**ORDER[locale], **own, "case_url": CASE_URL}
    if notice.startswith("gift_"):
        return {**ORDER[locale], **OF_NO_ORDER, **GIVEN[locale], "order_url": SHARED_URL}
    if notice not in WITHOUT_ORDER:
        return {**ORDER[locale], **own}
    words = ANNOUNCED[locale] if notice == "announcement" else {}
    facts = {**ORDER[locale], **ABSENT, **OF_NO_ORDER, **words, **own}
    return facts | {"unsubscribe_url": WAY_OUT} if notice in ADVERTISING else facts


def _folded(locale: str) -> dict[str, Any]:
    items = [{"notice": name, "facts": sample(name, locale)} for name in GATHERED]
    return {"folded": items, "total": 12}


def bare_sample(notice: str, locale: str) -> dict[str, Any]:
    """Return the variables of a notice with every fact absent that may be."""
    keeps_back = notice == "price_protected"  # the one that is nothing without its amount
    back = {} if keeps_back else {"back_minor": None}
    keeps_points = notice in {"points_earned", "points_expiring"}
    points = {} if keeps_points else {"points": None}
    return {
        **sample(notice, locale),
        **ABSENT,
        **MAY_BE_ABSENT,
        **back,
        **points,
        "short_items": [],
        "short_choices": [],
        "name": "",
    }
