"""The forty thousand people of 小满杂货: all of them invented, the same ones each time.

Addresses are of a reserved domain; phone numbers are of the range 555-0100 to 555-0199 that North
America keeps free for stories. None can ring at anybody's.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

SIZE = 40_000
SEED = 20_261_122  # what all dice of the demo start from
BATCH = 500
AGREED_AT = "2026-01-15T02:00:00Z"
SURNAMES = "林沈陆许顾何温叶程宋苏白江秦乔方孟谢邹薛唐潘汤俞"
GIVEN = "雨秋明安晴禾宁然舟岚言朗青澄悦川若清知予念初夏远"
FIRST = (
    *("Ada", "Bruno", "Clara", "Dylan", "Edith", "Felix", "Greta", "Hugo", "Iris", "Jonah"),
    *("Katya", "Leon", "Maren", "Nadia", "Oscar", "Petra", "Quentin", "Rosa", "Stellan", "Tilda"),
)
LAST = (
    *("Ashby", "Brook", "Calder", "Dunmore", "Ellery", "Fenwick", "Garland", "Hollis", "Ivers"),
    *("Kessler", "Lindqvist", "Marlow", "Norwood", "Okafor", "Pereira", "Quill", "Renner"),
)
HOMES_ZH = (
    *("Asia/Shanghai",) * 16,
    *("Asia/Urumqi", "Asia/Hong_Kong", "America/New_York", "Europe/London"),
)
HOMES_EN = (
    *("Europe/Amsterdam", "Europe/Amsterdam", "Europe/Berlin", "Europe/London", "Europe/Lisbon"),
    *("Europe/Helsinki", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo"),
    *("Asia/Tokyo", "Asia/Singapore", "Australia/Sydney"),
)
AREA_CODES = (205, 206, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228)
IN_CHINESE = 0.68
EMAIL_AGREED, SMS_AGREED = 0.62, 0.35
WITH_PHONE = 25  # one in so many, as far as the free numbers go


def batches(size: int = SIZE) -> int:
    """Say in how many batches so many people come."""
    return -(-size // BATCH)


def batch(number: int, *, seed: int, size: int = SIZE) -> Sequence[dict[str, Any]]:
    """Return the people of one batch as the API takes them; each batch has dice of its own."""
    dice = Random(f"{seed}-crowd-{number}")  # noqa: S311 - people of a story need no secrets
    last = min(size, (number + 1) * BATCH)
    return [_person(place, dice) for place in range(number * BATCH, last)]


def at_the_doors(number: int, *, size: int) -> Sequence[dict[str, Any]]:
    """Return a batch of those who stand at the doors tonight: they read the shop's own inbox.

    Without an address no thousand emails go out at once, and nobody else's news waits behind them.
    """
    dice = Random(f"{SEED}-doors-{number}")  # noqa: S311 - people of a story need no secrets
    last = min(size, (number + 1) * BATCH)
    return [
        {
            "reference": f"xm-doors-{place:04}",
            "name": _name(locale_of(place), dice),
            "locale": locale_of(place),
            "zone": "Asia/Shanghai",
        }
        for place in range(number * BATCH, last)
    ]


def reference(place: int) -> str:
    """Return the shop's own id of one of them."""
    return f"xm-{place:05}"


def locale_of(place: int) -> str:
    """Say what language one of them reads; no dice, so that others need not throw them again."""
    return "zh" if (place * 37) % 100 < IN_CHINESE * 100 else "en"


def _person(place: int, dice: Random) -> dict[str, Any]:
    locale = locale_of(place)
    return {
        "reference": reference(place),
        "name": _name(locale, dice),
        "locale": locale,
        "zone": dice.choice(HOMES_ZH if locale == "zh" else HOMES_EN),
        "email": f"{reference(place)}@shopper.example",
        **_phone(place),
        "consents": [
            _consent("email", granted=dice.random() < EMAIL_AGREED),
            *([_consent("sms", granted=True)] if dice.random() < SMS_AGREED else []),
        ],
    }


def _name(locale: str, dice: Random) -> str:
    if locale == "en":
        return f"{dice.choice(FIRST)} {dice.choice(LAST)}"
    return dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(("", dice.choice(GIVEN)))


def _phone(place: int) -> dict[str, str]:
    turn, rest = divmod(place, WITH_PHONE)
    area, line = divmod(turn, 100)
    if rest or area >= len(AREA_CODES):
        return {}
    return {"phone": f"+1{AREA_CODES[area]}5550{100 + line}"}


def _consent(channel: str, *, granted: bool) -> dict[str, Any]:
    return {"channel": channel, "granted": granted, "source": "checkout", "at": AGREED_AT}
