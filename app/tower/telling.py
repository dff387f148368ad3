"""Times and lengths as the tower's devices show them. Pure."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from app.words.phone import sms_length
from app.words.say import say
from app.words.show import BABEL, day


def words_of(facts: Mapping[str, Any], locale: str, *, shop_zone: str) -> Mapping[str, Any]:
    """Return what the page's templates say of times and lengths."""
    whose, at = facts["whose"], facts["clock_at"]
    zone = whose.zone if whose else shop_zone
    return {
        "clock_time": f"{at.astimezone(ZoneInfo(shop_zone)):%H:%M:%S}",
        "clock_day": day_of(locale, at, shop_zone),
        "clock_of": partial(stamp_of, locale, at),
        "length_of": partial(length_of, locale),
        "phone_time": clock_of(at, zone),
        "phone_day": day_of(whose.locale if whose else locale, at, zone),
        "whose_mail": next((one for one in whose.addresses if "@" in one), "") if whose else "",
    }


def clock_of(at: datetime, zone: str) -> str:
    """Write the wall time of a zone: `08:05`."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def stamp_of(locale: str, now: datetime, at: datetime, zone: str) -> str:
    """Write when something came as a phone does: the wall time today, the day before that."""
    if at.astimezone(ZoneInfo(zone)).date() == now.astimezone(ZoneInfo(zone)).date():
        return clock_of(at, zone)
    return day(locale, at, zone=zone)


def day_of(locale: str, at: datetime, zone: str) -> str:
    """Write the day as a lock screen does: `Tuesday 10 November`, `11月10日 星期二`."""
    pattern = {"zh": "M月d日 EEEE"}.get(locale, "EEEE d MMMM")
    local = at.astimezone(ZoneInfo(zone)).date()
    return format_date(local, pattern, locale=BABEL.get(locale, "en"))


def length_of(locale: str, text: str) -> str:
    """Say how long an SMS is, against what one segment holds."""
    length, parts, most = sms_length(text)
    if parts == 1:
        return say(locale, "tower.phone.length", n=length, most=most)
    return say(locale, "tower.phone.segments", n=length, parts=parts)
