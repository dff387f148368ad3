"""Days in English: yesterday, last Friday, 20 November, three days ago, Black Friday."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from ml.answers.extract.days import (
    deadline,
    in_month,
    month_of,
    nearest,
    on,
    one_day,
    shifted,
    week_of,
    weekday,
    weekend_of,
)
from ml.answers.extract.found import Around, Days, Finder, Kind
from ml.answers.extract.numerals import EN, number

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_IN: Mapping[str, int] = {"day": 1, "night": 1, "week": 7, "fortnight": 14, "month": 30}
WORDS: Mapping[str, int] = {
    "the day before yesterday": -2, "day before yesterday": -2, "yesterday": -1, "last night": -1,
    "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0,
    "tomorrow": 1, "tmr": 1, "tmrw": 1, "the day after tomorrow": 2, "day after tomorrow": 2,
}  # fmt: skip
FESTIVALS: Mapping[str, tuple[int, int]] = {
    "christmas eve": (12, 24), "christmas": (12, 25), "xmas": (12, 25), "boxing day": (12, 26),
    "new year's eve": (12, 31), "new year": (1, 1), "singles": (11, 11), "double 11": (11, 11),
    "double eleven": (11, 11), "halloween": (10, 31), "valentine": (2, 14),
}  # fmt: skip
HOURS_A_DAY = 24

_MONTH = (
    r"(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = (
    r"(?P<day>mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?)\b"
)
_DAY = r"(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d|[.:]\d)"
_YEAR = r"(?:,?\s(?P<y>20\d\d)\b)?"

DAY_FIRST = re.compile(rf"(?<![\w.]){_DAY}\s(?:of\s)?{_MONTH}{_YEAR}", re.ASCII)
MONTH_FIRST = re.compile(rf"\b{_MONTH}\s(?:the\s)?{_DAY}(?!\s(?:days|items|of)\b){_YEAR}", re.ASCII)
MONTH_ALONE = re.compile(rf"\b(?:in|since|early|late|mid)\s(?P<it>{_MONTH}{_YEAR})", re.ASCII)
RELATIVE = re.compile(
    r"\b(?:the )?day before yesterday\b|\b(?:the )?day after tomorrow\b|\b(?:yesterday|last night"
    r"|today|tonight|this (?:morning|afternoon|evening)|tomorrow|tmrw?)\b",
    re.ASCII,
)
AGO = re.compile(
    rf"(?<![\w.])(?P<n>{EN})\s(?P<of>day|night|week|fortnight|month)s?\s(?:ago|back|earlier)\b",
    re.ASCII,
)
AHEAD = re.compile(
    rf"\b(?P<how>within|in)\s(?:the next\s)?(?P<n>{EN})\s(?:business\s|working\s)?"
    r"(?P<of>hour|day|night|week|fortnight|month)s?\b",
    re.ASCII,
)
OF_WEEK = re.compile(rf"\b(?:(?P<which>last|this|next|coming|past|on|by)\s)?{_WEEKDAY}", re.ASCII)
SPAN = re.compile(r"\b(?P<which>last|this|next)\s(?P<of>week(?:end)?|month)\b", re.ASCII)
FESTIVAL = re.compile(
    r"\bchristmas eve\b|\b(?:christmas|xmas)(?: day)?\b|\bboxing day\b|\bnew year'?s eve\b"
    r"|\bnew year'?s(?: day)?\b|\bsingles'?s?'? day\b|\bdouble (?:11|eleven)\b|\bhalloween\b"
    r"|\bvalentine'?s(?: day)?\b",
    re.ASCII,
)
SALE = re.compile(r"\b(?P<which>black friday|cyber monday)\b", re.ASCII)
THE_NTH = re.compile(
    r"\b(?:the|on|by)\s(?P<it>(?P<d>3[01]|[12]\d|[1-9])(?:st|nd|rd|th))\b"
    r"(?!\s(?:time|order|item|one|floor|of|parcel|package|message|email|day|week|attempt))",
    re.ASCII,
)


def _dated(match: re.Match[str], around: Around) -> Days | None:
    month, day, by = MONTHS.index(match["m"][:3]) + 1, int(match["d"]), deadline(match)
    if match["y"]:
        return one_day(on(int(match["y"]), month, day), by=by)
    return one_day(nearest(month, day, today=around.today), by=by)


def _month(match: re.Match[str], around: Around) -> Days | None:
    month = MONTHS.index(match["m"][:3]) + 1
    middle = nearest(month, 15, today=around.today)
    if middle is None:
        return None
    year = int(match["y"]) if match["y"] else middle.year
    return month_of(around.today, months=0, year=year, month=month)


def _relative(match: re.Match[str], around: Around) -> Days | None:
    return shifted(around.today, days=WORDS[match.group()], by=deadline(match))


def _ago(match: re.Match[str], around: Around) -> Days | None:
    return shifted(around.today, days=-(number(match["n"]) or 0) * DAYS_IN[match["of"]])


def _ahead(match: re.Match[str], around: Around) -> Days | None:
    many, of = number(match["n"]) or 0, match["of"]
    days = -(-many // HOURS_A_DAY) if of == "hour" else many * DAYS_IN[of]
    return shifted(around.today, days=days, by=match["how"] == "within" or deadline(match))


def _of_week(match: re.Match[str], around: Around) -> Days | None:
    which, words, today = match["which"] or "", match["day"], around.today
    if words in WEEKDAYS and not which:
        return None  # "sun" and "wed" are words of their own
    of, by = WEEKDAYS.index(words[:3]), which == "by" or deadline(match)
    ahead = today + timedelta(days=(of - today.weekday()) % 7)
    if which in ("last", "past"):
        return shifted(ahead, days=-7)
    if which in ("this", "coming"):
        return one_day(ahead, by=by)
    if which == "next":
        return _next(ahead, today, by=by)
    return weekday(of, today=today, by=by)


def _next(ahead: date, today: date, *, by: bool) -> Days:
    """Read "next Friday": the coming one, or that of next week where this week still has one."""
    later = ahead + timedelta(days=7)
    if ahead == today:
        return Days(later, later, is_deadline=by)
    is_this_week = ahead <= week_of(today, weeks=0).last
    return Days(ahead, ahead, other=later if is_this_week else None, is_deadline=by)


def _span(match: re.Match[str], around: Around) -> Days:
    step = {"last": -1, "this": 0, "next": 1}[match["which"]]
    if match["of"] == "month":
        return month_of(around.today, months=step)
    of = weekend_of if match["of"] == "weekend" else week_of
    return of(around.today, weeks=step)


def _festival(match: re.Match[str], around: Around) -> Days | None:
    words = match.group().replace("years", "year's")
    month, day = next(on for name, on in FESTIVALS.items() if words.startswith(name))
    by = deadline(match)
    return one_day(nearest(month, day, today=around.today), by=by)


def _sale(match: re.Match[str], around: Around) -> Days | None:
    """Find the day after the fourth Thursday of November, or the Monday after it, nearest today."""
    by, after = deadline(match), 1 if match["which"] == "black friday" else 4
    years = (around.today.year + step for step in (-1, 0, 1))
    known = [_fourth_thursday(year) + timedelta(days=after) for year in years]
    wanted = [one for one in known if one >= around.today] if by else known
    return one_day(min(wanted, key=lambda one: abs((one - around.today).days), default=None), by=by)


def _fourth_thursday(year: int) -> date:
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)


def _the_nth(match: re.Match[str], around: Around) -> Days | None:
    by = match.group().startswith("by") or deadline(match)
    return one_day(in_month(int(match["d"]), today=around.today), by=by)


DAYS_EN: Sequence[Finder] = (
    Finder(Kind.DAY, SALE, _sale),
    Finder(Kind.DAY, FESTIVAL, _festival),
    Finder(Kind.DAY, AGO, _ago),
    Finder(Kind.DAY, AHEAD, _ahead),
    Finder(Kind.DAY, DAY_FIRST, _dated),
    Finder(Kind.DAY, MONTH_FIRST, _dated),
    Finder(Kind.DAY, MONTH_ALONE, _month),
    Finder(Kind.DAY, RELATIVE, _relative),
    Finder(Kind.DAY, OF_WEEK, _of_week),
    Finder(Kind.DAY, SPAN, _span),
    Finder(Kind.DAY, THE_NTH, _the_nth),
)
