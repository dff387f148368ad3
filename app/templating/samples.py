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
            "promised_at": "2026-11-24T10:00:00+00:00",
            "order_url": "https://shop.example/o/k7Qm2vXn4TzB1sWc",
            "preferences_url": "https://shop.example/p/k7Qm2vXn4TzB1sWc",
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
            "promised_at": "2026-11-24T10:00:00+00:00",
            "order_url": "https://shop.example/o/k7Qm2vXn4TzB1sWc",
            "preferences_url": "https://shop.example/p/k7Qm2vXn4TzB1sWc",
            "zone": "Europe/London",
        },
    }
)
ABSENT: Mapping[str, None] = MappingProxyType(
    dict.fromkeys(
        ("carrier", "parcel_number", "place", "pickup_code", "expected_at", "promised_at")
    )
)
ANNOUNCED: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "zh": {
            "title": "秋茶到店，会员 8 折",
            "body": "今年的秋茶已经到店。\n\n11月30日前，会员购茶享 8 折。",
        },
        "en": {
            "title": "Autumn teas are here, 20% off for members",
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
OF_NOTICE: Mapping[str, Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "order_cancelled": {"zh": UNPAID, "en": UNPAID},
        "order_short": SHORT,
        "return_approved": {"zh": BACK, "en": BACK},
        "return_received": {"zh": BACK, "en": BACK},
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
        "security_code": {"zh": {"code": "482913"}, "en": {"code": "482913"}},
    }
)
CASE_URL = "https://shop.example/o/k7Qm2vXn4TzB1sWc#case"
OF_NO_ORDER: Mapping[str, None] = MappingProxyType(
    dict.fromkeys(("order_number", "total_minor", "currency", "items", "placed_at", "order_url"))
)


def sample(notice: str, locale: str) -> dict[str, Any]:
    """Return the variables of a notice with every fact known."""
    if notice == "security_code":
        return {**ORDER[locale], **OF_NOTICE[notice][locale], "order_url": None}
    if notice.startswith("case_"):
        return {**ORDER[locale], **OF_NOTICE[notice][locale], "case_url": CASE_URL}
    if notice != "announcement":
        return {**ORDER[locale], **OF_NOTICE.get(notice, {}).get(locale, {})}
    link = "https://shop.example/u/k7Qm2vXn4TzB1sWc8Rd5"
    return {
        **ORDER[locale],
        **ABSENT,
        **OF_NO_ORDER,
        **ANNOUNCED[locale],
        "unsubscribe_url": link,
    }


def bare_sample(notice: str, locale: str) -> dict[str, Any]:
    """Return the variables of a notice with every fact absent that may be."""
    return {
        **sample(notice, locale),
        **ABSENT,
        "cancel_reason": None,
        "cancelled_at": None,
        "question": None,
        "short_items": [],
        "short_choices": [],
        "back_minor": None,
        "who_pays": None,
        "name": "",
        "order_url": None,
        "case_url": None,
        "preferences_url": None,
    }
