"""Which day words mean, seen from the day they were written on.

A day without its year is the one nearest to today, and never more than 90 days ahead; a weekday
with nothing around it is the last or the next, and both are kept. `by` and 前 make a deadline.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from ml.answers.extract.found import Around, Days, Finder, Kind

WEEK = 7
MONTHS = 12
MOST_DAYS_AWAY = 3660  # beyond it nobody means a day
YMD_DIGITS = 8
DEADLINE_BEFORE = re.compile(
    r"(?:\b(?:by|before|until|till|no later than|latest)(?: the)?|最晚|最迟|赶在)\s?$", re.ASCII
)
DEADLINE_AFTER = re.compile(r"\s?(?:之前|以前|前(?!台|面|后|几|两))", re.ASCII)
LOOK_BACK = 16
MOST_DAYS_AHEAD = 90  # people write to a shop about what was, and about what comes soon
ANY_YEARS = 8  # far enough for any 29 February
FRACTION = re.compile(r"\s?(?:of\b|the\b|price|off\b|size)", re.ASCII)

ISO = re.compile(
    r"(?<![a-z0-9_.-])(?P<y>20\d\d)(?P<by>[-/.]?)(?P<m>1[0-2]|0?[1-9])(?P=by)"
    r"(?P<d>3[01]|[12]\d|0?[1-9])(?![a-z0-9_-])(?!\.\d)",
    re.ASCII,
)
SLASHED = re.compile(
    r"(?<![\w/.-])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<y>(?:20)?\d\d))?(?![\w/-])(?!\.\d)", re.ASCII
)
DOTTED = re.compile(
    r"(?<![\w/.,¥$€£-])(?:(?P<festival>11\.11|12\.12|6\.18)(?![\d.])|(?P<a>\d{1,2})\.(?P<b>\d{1,2})"
    r"(?=号|日|[下拍买付发签]))",
    re.ASCII,
)
DASHED = re.compile(
    r"(?<![\w/.,-])(?P<a>1[0-2]|0?[1-9])-(?P<b>3[01]|[12]\d|0?[1-9])(?=\s?(?:号|日|下单|买|拍|付|发货|签收))",
    re.ASCII,
)


def deadline(match: re.Match[str]) -> bool:
    """Say whether what stands around a piece makes it the day something is wanted by."""
    before = match.string[max(0, match.start() - LOOK_BACK) : match.start()]
    return bool(DEADLINE_BEFORE.search(before) or DEADLINE_AFTER.match(match.string, match.end()))


def on(year: int, month: int, day: int) -> date | None:
    """Return a day of the calendar, None where there is none such."""
    if not 1 <= month <= MONTHS or not 1 <= day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def nearest(month: int, day: int, *, today: date) -> date | None:
    """Return the day of this month and day nearest to today; what is too far ahead is past."""
    years = range(today.year - ANY_YEARS, today.year + 2)
    return _near([found for year in years if (found := on(year, month, day))], today)


def in_month(day: int, *, today: date) -> date | None:
    """Return the day with this number nearest to today, within the months around."""
    months = [today.year * 12 + today.month - 1 + step for step in (-2, -1, 0, 1, 2)]
    return _near([found for at in months if (found := on(at // 12, at % 12 + 1, day))], today)


def _near(known: Sequence[date], today: date) -> date | None:
    meant = [one for one in known if (one - today).days <= MOST_DAYS_AHEAD]
    return min(meant, key=lambda one: (abs((one - today).days), one), default=None)


def one_day(day: date | None, *, by: bool = False) -> Days | None:
    """Return a single day, or None."""
    return Days(day, day, is_deadline=by) if day else None


def month_of(
    today: date, *, months: int, year: int | None = None, month: int | None = None
) -> Days:
    """Return all days of a month: `months` after today's, or the one that is named."""
    at = today.year * 12 + today.month - 1 + months
    if year and month:
        at = year * 12 + month - 1
    first = date(at // 12, at % 12 + 1, 1)
    return Days(first, first.replace(day=monthrange(first.year, first.month)[1]))


def week_of(today: date, *, weeks: int) -> Days:
    """Return Monday to Sunday of the week that is so many after today's."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    return Days(monday, monday + timedelta(days=WEEK - 1))


def weekend_of(today: date, *, weeks: int) -> Days:
    """Return Saturday and Sunday of the week that is so many after today's."""
    last = week_of(today, weeks=weeks).last
    return Days(last - timedelta(days=1), last)


def weekday(number: int, *, today: date, by: bool) -> Days:
    """Return a weekday that nothing narrows: the last one or the next, both where they differ.

    Args:
        number: 0 is Monday.
        by: Whether it is a deadline, which is ahead.
    """
    ahead = today + timedelta(days=(number - today.weekday()) % WEEK)
    if by or ahead == today:
        return Days(ahead, ahead, is_deadline=by)
    past = ahead - timedelta(days=WEEK)
    return Days(past, past, other=ahead)


def shifted(today: date, *, days: int, by: bool = False) -> Days | None:
    """Return the day so many days after today; None beyond what anybody means."""
    if abs(days) > MOST_DAYS_AWAY:
        return None
    return one_day(today + timedelta(days=days), by=by)


def _iso(match: re.Match[str], _: Around) -> Days | None:
    found = on(int(match["y"]), int(match["m"]), int(match["d"]))
    if not match["by"] and len(match.group()) != YMD_DIGITS:
        return None
    return one_day(found, by=deadline(match))


def _slashed(match: re.Match[str], around: Around) -> Days | None:
    """Read 5/6: month first in Chinese; in English both ways, where both are days."""
    a, b = int(match["a"]), int(match["b"])
    if (a, b) == (24, 7) or (a == 1 and FRACTION.match(match.string, match.end())):
        return None  # "24/7" and "1/2 price" are no days
    year = int(match["y"]) % 100 + 2000 if match["y"] else None
    by = deadline(match)
    month_first, day_first = (_of(m, d, year, around) for m, d in ((a, b), (b, a)))
    if around.is_zh or month_first is None or day_first is None or day_first == month_first:
        return one_day(month_first or day_first, by=by)
    return Days(day_first, day_first, other=month_first, is_deadline=by)


def _of(month: int, day: int, year: int | None, around: Around) -> date | None:
    return on(year, month, day) if year else nearest(month, day, today=around.today)


def _dotted(match: re.Match[str], around: Around) -> Days | None:
    words = match["festival"] or f"{match['a']}.{match['b']}"
    month, day = map(int, words.split("."))
    by = deadline(match)
    return one_day(nearest(month, day, today=around.today), by=by)


def _dashed(match: re.Match[str], around: Around) -> Days | None:
    by = deadline(match)
    found = nearest(int(match["a"]), int(match["b"]), today=around.today)
    return one_day(found, by=by)


#: Days of digits alone: read after the numbers that a word says are something else.
IN_DIGITS: Sequence[Finder] = (
    Finder(Kind.DAY, ISO, _iso),
    Finder(Kind.DAY, SLASHED, _slashed),
    Finder(Kind.DAY, DOTTED, _dotted),
    Finder(Kind.DAY, DASHED, _dashed),
)
