"""The goods and the people of 小满杂货: all of them invented.

Addresses are of a reserved domain, phone numbers of the range 555-0100 to 555-0199 that the United
States keep free for stories: none can ring at anybody's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

PEOPLE = 60
ON_HAND = 500


@dataclass(frozen=True)
class Good:
    """One SKU; the price in fen."""

    code: str
    title_zh: str
    title_en: str
    price_minor: int

    def body(self) -> dict[str, Any]:
        """Return it as the API takes it."""
        return {
            "title_zh": self.title_zh,
            "title_en": self.title_en,
            "price": {"amount_minor": self.price_minor, "currency": "CNY"},
        }


@dataclass(frozen=True)
class Person:
    """One customer, as the shop knows them."""

    reference: str
    name: str
    locale: str
    zone: str
    email: str
    phone: str | None

    def body(self) -> dict[str, Any]:
        """Return them as the API takes them; everyone agreed to hear of offers by email."""
        said = {
            "name": self.name,
            "locale": self.locale,
            "zone": self.zone,
            "email": self.email,
            "consents": [{"channel": "email", "granted": True, "source": "demo"}],
        }
        return said | ({"phone": self.phone} if self.phone else {})


GOODS: Sequence[Good] = (
    Good("CUP-CELADON", "青瓷茶杯", "Celadon tea cup", 6800),
    Good("POT-CLAY", "紫砂小壶", "Small clay teapot", 23800),
    Good("TEA-OSMANTHUS", "桂花乌龙 100 克", "Osmanthus oolong, 100 g", 5900),
    Good("TEA-WHITE", "三年陈白茶 200 克", "White tea aged three years, 200 g", 12800),
    Good("UMBRELLA-BAMBOO", "竹柄长伞", "Umbrella with a bamboo handle", 15800),
    Good("APRON-LINEN", "亚麻围裙", "Linen apron", 9900),
    Good("PAN-IRON", "铸铁小煎锅", "Small cast-iron pan", 18900),
    Good("CANDLE-BEESWAX", "蜂蜡蜡烛一对", "Two beeswax candles", 4500),
    Good("NOTEBOOK-KRAFT", "牛皮纸笔记本", "Kraft paper notebook", 2900),
    Good("BASKET-WILLOW", "柳条收纳筐", "Willow basket", 8800),
    Good("BLANKET-COTTON", "纯棉薄毯", "Light cotton blanket", 19900),
    Good("SOAP-CAMPHOR", "香樟手工皂", "Camphor soap, made by hand", 3500),
)

SURNAMES_ZH = ("林", "沈", "陆", "许", "顾", "何", "温", "叶", "程", "宋")
GIVEN_ZH = ("小雨", "知秋", "明远")
FIRST_EN = ("Ada", "Bruno", "Clara", "Dylan", "Edith", "Felix", "Greta", "Hugo", "Iris", "Jonah")
LAST_EN = ("Ashby", "Brook", "Calder")
HOMES_ZH = ("Asia/Shanghai", "Asia/Shanghai", "Asia/Urumqi", "America/New_York", "Europe/London")
HOMES_EN = (
    "Europe/London",
    "America/New_York",
    "Australia/Sydney",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Asia/Tokyo",
)
AREA_CODES = {"America/New_York": "212", "America/Los_Angeles": "213"}
FIRST_ZH, FIRST_EN_NUMBER = 100, 150  # of the numbers that are kept free for stories


def people() -> Sequence[Person]:
    """Return the customers: by turns one who reads Chinese and one who reads English."""
    chinese, english = _chinese(), _english()
    return [next(chinese) if place % 2 == 0 else next(english) for place in range(PEOPLE)]


def _chinese() -> Iterator[Person]:
    homes = cycle(HOMES_ZH)
    for number in range(PEOPLE // 2):
        surname = SURNAMES_ZH[number % len(SURNAMES_ZH)]
        name = surname + GIVEN_ZH[number // len(SURNAMES_ZH)]
        zone = next(homes)
        yield _person(f"zh-{number:02}", name, "zh", zone, _phone(zone, FIRST_ZH + number))


def _english() -> Iterator[Person]:
    homes = cycle(HOMES_EN)
    for number in range(PEOPLE // 2):
        name = f"{FIRST_EN[number % len(FIRST_EN)]} {LAST_EN[number // len(FIRST_EN)]}"
        zone = next(homes)
        yield _person(f"en-{number:02}", name, "en", zone, _phone(zone, FIRST_EN_NUMBER + number))


def _person(reference: str, name: str, locale: str, zone: str, phone: str | None) -> Person:
    return Person(f"demo-{reference}", name, locale, zone, f"{reference}@shopper.example", phone)


def _phone(zone: str, number: int) -> str | None:
    area = AREA_CODES.get(zone)
    return f"+1{area}5550{number}" if area else None
