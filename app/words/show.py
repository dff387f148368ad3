"""Times, money and counts as people of each language write them."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_datetime, format_timedelta, get_timezone_location
from babel.numbers import format_currency, format_decimal

from app.words.say import knows, say
from orders_core.money import Money

BABEL = {"zh": "zh_Hans_CN", "en": "en"}
LAST_SHOWN = 4
BEFORE_HAN = re.compile(r"(?<=\d)(?=[\u4e00-\u9fff])")
ABBREVIATION = 4  # a code of so many letters is written in capitals
JUST_SECONDS = 10  # nobody counts shorter


def moment(locale: str, at: datetime, *, zone: str) -> str:
    """Write a time with its day, to the second, in a zone: `22 Nov, 14:05:09`."""
    pattern = {"zh": "M月d日 HH:mm:ss"}.get(locale, "d MMM, HH:mm:ss")
    return format_datetime(at, pattern, tzinfo=ZoneInfo(zone), locale=BABEL.get(locale, "en"))


def when(locale: str, at: datetime, *, zone: str) -> str:
    """Write a time with its day, to the minute, in a zone: `22 Nov, 14:05`."""
    pattern = {"zh": "M月d日 HH:mm"}.get(locale, "d MMM, HH:mm")
    return format_datetime(at, pattern, tzinfo=ZoneInfo(zone), locale=BABEL.get(locale, "en"))


def day(locale: str, at: datetime, *, zone: str) -> str:
    """Write the day of a time in a zone: `22 Nov`."""
    pattern = {"zh": "M月d日"}.get(locale, "d MMM")
    local = at.astimezone(ZoneInfo(zone)).date()
    return format_date(local, pattern, locale=BABEL.get(locale, "en"))


def weekday(locale: str, at: datetime, *, zone: str) -> str:
    """Write the day of a time with its weekday: `Tue 10 Nov`."""
    pattern = {"zh": "M月d日 EEE"}.get(locale, "EEE d MMM")
    local = at.astimezone(ZoneInfo(zone)).date()
    return format_date(local, pattern, locale=BABEL.get(locale, "en"))


def calendar_day(locale: str, on: date, *, seen: datetime) -> str:
    """Write a day of the calendar with its weekday, and its year where that is not `seen`'s."""
    pattern = {"zh": "M月d日 EEE"}.get(locale, "EEE d MMM")
    if on.year != seen.year:
        pattern = {"zh": f"y年{pattern}"}.get(locale, f"{pattern} y")
    return format_date(on, pattern, locale=BABEL.get(locale, "en"))


def short_day(locale: str, at: datetime, *, zone: str) -> str:
    """Write a day of this week where there is little room: `Tue 10`."""
    pattern = {"zh": "d日EEE"}.get(locale, "EEE d")
    local = at.astimezone(ZoneInfo(zone)).date()
    return format_date(local, pattern, locale=BABEL.get(locale, "en"))


def money(locale: str, amount_minor: int, currency: str) -> str:
    """Write an amount of minor units with its currency's sign: `¥59.90`."""
    amount = Money(amount_minor, currency).major
    return format_currency(amount, currency, locale=BABEL.get(locale, "en"))


def number(locale: str, value: Decimal | float) -> str:
    """Write a number with its thousands apart."""
    return format_decimal(value, locale=BABEL.get(locale, "en"))


def span(locale: str, seconds: float) -> str:
    """Write a length of time roughly, in its largest unit: `3 minutes`; under a second is `0`."""
    whole = max(0, round(seconds))
    if whole == 0:
        return say(locale, "time.none")
    words = BABEL.get(locale, "en")
    return _spaced(format_timedelta(timedelta(seconds=whole), threshold=1.2, locale=words))


def ago(locale: str, at: datetime, *, now: datetime) -> str:
    """Write a time as seen from `now`: `3 minutes ago`, `in 2 hours`; seconds: `just now`."""
    away = at - now
    if abs(away.total_seconds()) < JUST_SECONDS:
        return say(locale, "time.none")
    words = BABEL.get(locale, "en")
    return _spaced(format_timedelta(away, add_direction=True, threshold=1.2, locale=words))


def _spaced(words: str) -> str:
    """Set a number off from the Chinese word behind it, as the catalogues do."""
    return BEFORE_HAN.sub(" ", words)


def zone(locale: str, name: str) -> str:
    """Write a time zone as the city people know it by: `Shanghai`, `上海`."""
    return get_timezone_location(ZoneInfo(name), locale=BABEL.get(locale, "en"), return_city=True)


def masked(address: str) -> str:
    """Write an address so that its owner knows it and a passer-by learns little."""
    name, at, domain = address.rpartition("@")
    if at:
        return f"{name[:1]}•••@{domain}"
    shown = LAST_SHOWN if len(address) > 2 * LAST_SHOWN else 0
    return f"•••{address[-shown:]}" if shown else "•••"


def carrier(locale: str, code: str) -> str:
    """Write a carrier's name; of a code we do not know, the code: SF, Camel Logistics, 快燕速运."""
    key = f"carrier.{code.lower()}"
    if knows(key):
        return say(locale, key)
    if not code.isascii():
        return code
    return code.upper() if len(code) <= ABBREVIATION else code.title()


def country(locale: str, code: str) -> str:
    """Write the name of a country by its ISO 3166-1 code; the code where it has none."""
    return str(Locale.parse(BABEL.get(locale, "en")).territories.get(code, code))


@lru_cache
def countries(locale: str) -> Sequence[tuple[str, str]]:
    """Return the codes and names of all countries, by name."""
    named = [(code, country(locale, code)) for code in get_global("territory_languages")]
    return sorted(named, key=lambda one: (one[0] != "CN", one[1]))
