"""The people of the story and what they are in the middle of, as data; the sentences are ours.

Days and hours count back from the evening the story begins (`ago`), or forward (`ahead`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.demo.crowd import AGREED_AT
from app.demo.goods import (
    BASKET,
    BELL,
    BLANKET,
    LAMP,
    SCRATCHER,
    SET,
    TEA,
)
from app.demo.homes import home

LATE, CAPPED, ANGRY, LISBON = "xm-late", "xm-capped", "xm-angry", "xm-lisbon"
TOKYO, REFUSED, KATHMANDU, BANK = "xm-tokyo", "xm-refused", "xm-kathmandu", "xm-bank"
BUYERS: Mapping[str, str] = {"zh": "xm-xiaoyu", "en": "xm-ada"}  # who the tour is about
BELLS = ("email", "push", "sms")


@dataclass(frozen=True)
class Member:
    """One person of the story: `agreed` on these channels to offers, and to nothing else."""

    reference: str
    name: str
    locale: str
    zone: str
    phone: str = ""
    has_email: bool = True
    has_phone_app: bool = False
    agreed: tuple[str, ...] = ("email",)
    refused: tuple[str, ...] = ()
    silenced: tuple[str, ...] = ()  # bells this person wants for nothing at all

    @property
    def home(self) -> dict[str, Any]:
        """Where their orders go, as the API takes it."""
        number = sum(map(ord, self.reference))
        return home(self.name, self.zone, number, phone=self.phone)

    def body(self) -> dict[str, Any]:
        """Return them as the API takes them."""
        said: dict[str, Any] = {
            "reference": self.reference,
            "name": self.name,
            "locale": self.locale,
            "zone": self.zone,
            "consents": [
                {"channel": channel, "granted": granted, "source": "checkout", "at": AGREED_AT}
                for channels, granted in ((self.agreed, True), (self.refused, False))
                for channel in channels
            ],
        }
        said |= {"email": f"{self.reference}@shopper.example"} if self.has_email else {}
        return said | ({"phone": self.phone} if self.phone else {})


MEMBERS: Sequence[Member] = (
    Member(LATE, "林晚晴", "zh", "Asia/Shanghai", "+12125550161", has_phone_app=True),
    Member(
        CAPPED,
        "周暮云",
        "zh",
        "Asia/Shanghai",
        "+12125550162",
        has_email=False,
        agreed=("inapp", "sms"),
    ),
    Member(ANGRY, "赵一鸣", "zh", "Asia/Shanghai", "+12125550163"),
    Member(LISBON, "Inês Duarte", "en", "Europe/Lisbon", "+12125550164", has_phone_app=True),
    Member(TOKYO, "Minori Sato", "en", "Asia/Tokyo", agreed=(), silenced=BELLS),
    Member(REFUSED, "Greta Lindqvist", "en", "Europe/Berlin", agreed=(), refused=BELLS),
    Member(KATHMANDU, "Asha Gurung", "en", "Asia/Kathmandu", has_phone_app=True),
    Member(BANK, "何青禾", "zh", "Asia/Shanghai", "+12125550165"),
    Member(BUYERS["zh"], "林小雨", "zh", "Asia/Shanghai", "+12125550166", has_phone_app=True),
    Member(BUYERS["en"], "Ada Ashby", "en", "Europe/London", "+12125550167", has_phone_app=True),
)
BY_REFERENCE: Mapping[str, Member] = {member.reference: member for member in MEMBERS}


@dataclass(frozen=True)
class Past:
    """An order of one of them from the days before: hours ago of each step, and its scans."""

    customer: str
    reference: str
    good: str
    quantity: int
    hours_ago: Mapping[str, float]
    parcel: tuple[str, str] | None = None
    promised_hours_ago: float = 0.0
    scans: Sequence["Seen"] = ()


@dataclass(frozen=True)
class Seen:
    """What a carrier saw so many hours ago; `expected_hours_ahead` is its own word."""

    hours_ago: float
    code: str
    place: str
    expected_hours_ahead: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


PAST: Sequence[Past] = (
    Past(
        LATE,
        "XM-LATE-BLANKET",
        BLANKET,
        1,
        {"placed": 140, "paid": 139.9, "shipped": 118},
        ("kuaiyan", "KY7700161"),
        26,
        (
            Seen(112, "picked_up", "杭州转运中心"),
            Seen(84, "in_transit", "嘉兴网点"),
            Seen(31, "in_transit", "宁波分拨中心"),
        ),
    ),
    Past(
        ANGRY,
        "XM-ANGRY-SET",
        SET,
        1,
        {"placed": 171, "paid": 170.9, "shipped": 150},
        ("tuoling", "TL7700163"),
        54,
        (
            Seen(146, "picked_up", "杭州转运中心"),
            Seen(99, "exception", "上海浦东集散点"),
        ),
    ),
    Past(
        CAPPED,
        "XM-CAPPED-SCRATCHER",
        SCRATCHER,
        1,
        {"placed": 320, "paid": 319.8, "shipped": 300, "delivered": 250},
    ),
    Past(
        LISBON,
        "XM-LISBON-TEA",
        TEA,
        1,
        {"placed": 210, "paid": 209.9, "shipped": 190, "delivered": 100},
    ),
    Past(
        TOKYO,
        "XM-TOKYO-BELL",
        BELL,
        1,
        {"placed": 66, "paid": 65.9, "shipped": 48},
        ("heron", "HR7700164"),
        -36,
        (Seen(44, "picked_up", "杭州转运中心"), Seen(9, "in_transit", "上海浦东集散点")),
    ),
    Past(
        KATHMANDU,
        "XM-KATHMANDU-TEA",
        TEA,
        3,
        {"placed": 90, "paid": 89.9, "shipped": 70},
        ("tuoling", "TL7700165"),
        -30,
        (Seen(65, "picked_up", "杭州转运中心"), Seen(20, "in_transit", "Suzhou depot")),
    ),
    Past(
        REFUSED,
        "XM-REFUSED-SCRATCHER",
        SCRATCHER,
        2,
        {"placed": 400, "paid": 399.9, "shipped": 380, "delivered": 330},
    ),
)

# What the carrier says just now: live, so the one whose blanket is late is told this evening.
LATE_NEWS = Seen(0, "in_transit", "宁波分拨中心", expected_hours_ahead=42)
LATE_PARCEL = ("kuaiyan", "KY7700161")

ANNOUNCEMENTS: Sequence[
    tuple[str, str, str]
] = (  # dispatch, title, body: three fill a cap of three
    ("xm-eve-1", "今晚八点，双十一前夜", "竹柄长伞一千把，今晚八点开售，售完为止。"),
    ("xm-eve-2", "月白台灯开始预售", "先付 50 元定金，今晚八点起付 239 元尾款。"),
    ("xm-eve-3", "新到桂花乌龙", "100 克一罐，59 元，今秋新制。"),
)

# The first is answered from the order; the second asks for a person and becomes a case.
QUESTIONS: Sequence[tuple[str, str]] = (
    (ANGRY, "我的快递到哪了？"),
    (ANGRY, "第二次来问了，包裹四天没有动过，我要投诉，请转人工。"),
    (BANK, "银行已经扣款 128 元，订单却一直显示未付款，请转人工帮我查一下。"),
    (LISBON, "Can I change the address of the lamp before the balance is paid?"),
)

BANK_BUYS = (BELL, 1)
LAMP_WANTED = (LISBON, LAMP)  # on pre-order: the deposit is paid, the balance is not due yet
VASES_WANTED = (KATHMANDU, TOKYO)  # one each, of which a clerk then finds one on the shelf
BASKETS_WANTED: Sequence[tuple[str, int]] = (  # eight of five: short by three
    (KATHMANDU, 2),
    (LISBON, 2),
    (TOKYO, 2),
    (REFUSED, 2),
)
BASKET_CODE = BASKET
ASKS: Mapping[str, str] = {
    "zh": "我的订单到哪了？什么时候能到？",
    "en": "Where is my order, and when will it arrive?",
}
