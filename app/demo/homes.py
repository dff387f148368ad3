"""Where the people of the story live, and where their goods can be fetched: all invented. Pure."""

from collections.abc import Mapping
from typing import Any

Place = tuple[str, str, str, str]  # country, region, city, street with its number to come

HANGZHOU: Place = ("CN", "浙江省", "杭州市", "铃铛街 {n} 号")
PLACES: Mapping[str, Place] = {
    "Asia/Shanghai": HANGZHOU,
    "Asia/Urumqi": ("CN", "新疆维吾尔自治区", "乌鲁木齐市", "铃铛路 {n} 号"),
    "Asia/Hong_Kong": ("HK", "", "Hong Kong", "{n} Bell Lane"),
    "Asia/Kathmandu": ("NP", "Bagmati", "Kathmandu", "{n} Ghanti Marg"),
    "Asia/Singapore": ("SG", "", "Singapore", "{n} Bell Road"),
    "Asia/Tokyo": ("JP", "Tokyo", "Taito", "{n} Suzu-dori"),
    "America/Los_Angeles": ("US", "California", "Los Angeles", "{n} Bell Street"),
    "America/New_York": ("US", "New York", "New York", "{n} Bell Street"),
    "America/Sao_Paulo": ("BR", "São Paulo", "São Paulo", "Rua do Sino {n}"),
    "Australia/Sydney": ("AU", "New South Wales", "Sydney", "{n} Bell Street"),
    "Europe/Amsterdam": ("NL", "Noord-Holland", "Amsterdam", "Belstraat {n}"),
    "Europe/Berlin": ("DE", "Berlin", "Berlin", "Glockenweg {n}"),
    "Europe/Helsinki": ("FI", "Uusimaa", "Helsinki", "Kellokatu {n}"),
    "Europe/Lisbon": ("PT", "Lisboa", "Lisboa", "Rua da Campainha {n}"),
    "Europe/London": ("GB", "", "London", "{n} Bell Lane"),
}
STREETS = 89  # house numbers there are

WAREHOUSES: Mapping[str, Mapping[str, Any]] = {
    "main": {
        "name_zh": "杭州仓",
        "name_en": "Hangzhou",
        "country": "CN",
        "region": "浙江省",
        "priority": 100,
    },
    "rotterdam": {
        "name_zh": "鹿特丹仓",
        "name_en": "Rotterdam",
        "country": "NL",
        "region": "Zuid-Holland",
        "priority": 200,
    },
}

STATIONS: Mapping[str, Mapping[str, Any]] = {
    "HZ-BELL": {
        "name": "铃铛街驿站",
        "country": "CN",
        "region": "浙江省",
        "city": "杭州市",
        "street": "铃铛街 3 号",
    },
    "HZ-LAKE": {
        "name": "湖边自提点",
        "country": "CN",
        "region": "浙江省",
        "city": "杭州市",
        "street": "湖边路 17 号",
    },
    "LX-SINO": {
        "name": "Ponto do Sino",
        "country": "PT",
        "city": "Lisboa",
        "street": "Rua da Campainha 2",
    },
}


def home(name: str, zone: str, number: int, *, phone: str = "") -> dict[str, Any]:
    """Return the address of somebody as the API takes it; `number` tells neighbours apart."""
    country, region, city, street = PLACES.get(zone, HANGZHOU)
    said = {
        "name": name,
        "country": country,
        "city": city,
        "street": street.format(n=1 + number % STREETS),
    }
    return said | ({"region": region} if region else {}) | ({"phone": phone} if phone else {})
