"""Amounts and times as people read them, in the language and zone of the message being written.

Filters take them from the template's own `locale` and `zone`, so that no template can forget.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from jinja2 import pass_context
from jinja2.runtime import Context

from orders_core.money import Money

DAY = {"zh": "M月d日（EEE）", "en": "EEE d MMM"}
MOMENT = {"zh": "M月d日 HH:mm", "en": "EEE d MMM, HH:mm"}


@pass_context
def money(context: Context, amount_minor: int, currency: str) -> str:
    """Write an amount in minor units with its currency: `¥59.90` in zh, `CN¥59.90` in en."""
    return format_currency(
        Money(amount_minor, currency).major, currency, locale=str(context["locale"])
    )


@pass_context
def when(context: Context, moment: str) -> str:
    """Write an ISO 8601 moment as day and time in the person's zone.

    Raises:
        ValueError: If it names no zone: 18:30 of nowhere is no time.
    """
    return format_datetime(
        _aware(datetime.fromisoformat(moment)),
        MOMENT[context["locale"]],
        tzinfo=ZoneInfo(context["zone"]),
        locale=context["locale"],
    )


@pass_context
def day(context: Context, moment: str) -> str:
    """Write an ISO 8601 date, or the day that a moment falls on in the person's zone.

    Raises:
        ValueError: If a moment names no zone.
    """
    return format_date(
        _day_of(moment, context["zone"]), DAY[context["locale"]], locale=context["locale"]
    )


def _day_of(moment: str, zone: str) -> date:
    try:
        return date.fromisoformat(moment)
    except ValueError:
        return _aware(datetime.fromisoformat(moment)).astimezone(ZoneInfo(zone)).date()


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise NaiveMoment
    return moment


class NaiveMoment(ValueError):
    """A moment that names no zone cannot be shown to anybody."""
