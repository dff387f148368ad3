"""Days in Chinese: 昨天, 上周五, 11月20号, 三天前, 双11."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ml.answers.extract.days import (
    MONTHS,
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
from ml.answers.extract.numerals import ZH, number

WORDS: Mapping[str, int] = {
    "大前天": -3, "前天": -2, "前晚": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨儿": -1,
    "昨夜": -1, "今天": 0, "今日": 0, "今早": 0, "今晚": 0, "今儿": 0, "明天": 1, "明日": 1,
    "明早": 1, "明晚": 1, "明儿": 1, "大后天": 3, "后天": 2,
}  # fmt: skip
WEEKDAYS: Mapping[str, int] = {
    "一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 7,
    "1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "7": 6,
}  # fmt: skip
WHICH: Mapping[str, int] = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
DAYS_IN: Mapping[str, int] = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}
FESTIVALS: Mapping[str, tuple[int, int]] = {
    "双11": (11, 11), "双十一": (11, 11), "双12": (12, 12), "双十二": (12, 12), "618": (6, 18),
    "国庆": (10, 1), "元旦": (1, 1), "圣诞": (12, 25), "五一": (5, 1), "情人": (2, 14),
    "平安夜": (12, 24), "妇女": (3, 8), "三八": (3, 8),
}  # fmt: skip
WEEKEND, MIDDLE = 7, 15
HOURS_A_DAY = 24

DATED = re.compile(
    rf"(?<![\d.])(?:(?P<y>20\d\d|二〇[〇一二三四五六七八九]{{2}}|今|去|明)年)?\s?"
    rf"(?P<m>\d{{1,2}}|十[一二]?|[一二三四五六七八九])\s?月(?:份)?\s?(?P<d>{ZH})?\s?(?P<mark>[号日])?"
    r"(?![\d个])",
    re.ASCII,
)
NUMBERED = re.compile(
    r"(?<![\d.a-z月第])(?P<d>3[01]|[12]\d|[1-9]|[一二]?十[一二三四五六七八九]?)\s?号(?![楼线店院柜码机单仓门])",
    re.ASCII,
)
RELATIVE = re.compile("大前天|前天|前晚|昨[天日晚儿夜]|今[天日早晚儿]|明[天日早晚儿]|大后天|后天")
AGO = re.compile(
    rf"(?<![\d.第])(?P<n>{ZH})\s?(?:个)?(?:多)?(?P<of>天|日|周|星期|礼拜|月)(?P<way>之前|以前|前|之后|以后|后|之内|以内|内)",
    re.ASCII,
)
HOURS = re.compile(rf"(?<![\d.])(?P<n>{ZH})\s?个?小时(?:之内|以内|内)", re.ASCII)
OF_WEEK = re.compile(
    r"(?P<which>上上|下下|上|这|本|下)?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末]|[1-7](?!\d|天))?"
)
OF_MONTH = re.compile(r"(?P<which>上上|上|这|本|下)个?月(?P<end>底|末)?")
FESTIVAL = re.compile(
    r"双\s?(?:11|十一|12|十二)(?!\d)|(?<!\d)618(?=大促|活动|那天|期间|当天|的时候|买|下单|拍)"
    r"|国庆节?|元旦节?|圣诞节?|五一(?=节|假|放|前|后|买|下单)|情人节|平安夜|妇女节|三八(?=节)",
    re.ASCII,
)


def _dated(match: re.Match[str], around: Around) -> Days | None:
    month, by = number(match["m"]), deadline(match)
    year = _year(match["y"], around)
    if month is None or not 1 <= month <= MONTHS:
        return None
    if match["d"] is None:
        return _month(month, year, around)
    day = number(match["d"]) or 0
    found = on(year, month, day) if year else nearest(month, day, today=around.today)
    return one_day(found, by=by)


def _month(month: int, year: int | None, around: Around) -> Days | None:
    middle = nearest(month, MIDDLE, today=around.today)
    if middle is None:
        return None
    return month_of(around.today, months=0, year=year or middle.year, month=month)


def _year(words: str | None, around: Around) -> int | None:
    if words is None:
        return None
    near = {"今": 0, "去": -1, "明": 1}
    return around.today.year + near[words] if words in near else number(words)


def _numbered(match: re.Match[str], around: Around) -> Days | None:
    by = deadline(match)
    return one_day(in_month(number(match["d"]) or 0, today=around.today), by=by)


def _relative(match: re.Match[str], around: Around) -> Days | None:
    return shifted(around.today, days=WORDS[match.group()], by=deadline(match))


def _ago(match: re.Match[str], around: Around) -> Days | None:
    many = (number(match["n"]) or 0) * DAYS_IN[match["of"]]
    is_within = match["way"].endswith("内")
    return shifted(around.today, days=-many if "前" in match["way"] else many, by=is_within)


def _hours(match: re.Match[str], around: Around) -> Days | None:
    return shifted(around.today, days=-(-(number(match["n"]) or 0) // HOURS_A_DAY), by=True)


def _of_week(match: re.Match[str], around: Around) -> Days | None:
    which, day, by = match["which"], match["day"], deadline(match)
    if which is None and day is None:
        return None
    if day is None:
        return week_of(around.today, weeks=WHICH[which])
    number_of = WEEKDAYS[day]
    if number_of == WEEKEND:
        return replace(weekend_of(around.today, weeks=WHICH.get(which, 0)), is_deadline=by)
    if which is None:
        return weekday(number_of, today=around.today, by=by)
    monday = week_of(around.today, weeks=WHICH[which]).first
    return shifted(monday, days=number_of, by=by)


def _of_month(match: re.Match[str], around: Around) -> Days | None:
    months = {"上上": -2, "上": -1, "下": 1}.get(match["which"], 0)
    found = month_of(around.today, months=months)
    return one_day(found.last, by=deadline(match)) if match["end"] else found


def _festival(match: re.Match[str], around: Around) -> Days | None:
    month, day = FESTIVALS[match.group().replace(" ", "").removesuffix("节")]
    by = deadline(match)
    return one_day(nearest(month, day, today=around.today), by=by)


DAYS_ZH: Sequence[Finder] = (
    Finder(Kind.DAY, FESTIVAL, _festival),
    Finder(Kind.DAY, DATED, _dated),
    Finder(Kind.DAY, AGO, _ago),
    Finder(Kind.DAY, HOURS, _hours),
    Finder(Kind.DAY, OF_MONTH, _of_month),
    Finder(Kind.DAY, RELATIVE, _relative),
    Finder(Kind.DAY, OF_WEEK, _of_week),
    Finder(Kind.DAY, NUMBERED, _numbered),
)
