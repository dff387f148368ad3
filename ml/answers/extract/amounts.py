"""How many, and how much money."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ml.answers.extract.found import Amount, Around, Finder, Kind, Quantity
from ml.answers.extract.numerals import EN, ZH, number

SIGNS: Mapping[str, str] = {
    "¥": "CNY", "cny": "CNY", "rmb": "CNY", "元": "CNY", "圆": "CNY", "块": "CNY", "块钱": "CNY",
    "人民币": "CNY", "yuan": "CNY", "kuai": "CNY", "$": "USD", "us$": "USD", "usd": "USD",
    "dollar": "USD", "dollars": "USD", "bucks": "USD", "美元": "USD", "美金": "USD", "刀": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "欧元": "EUR", "£": "GBP",
    "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "英镑": "GBP", "hk$": "HKD",
    "hkd": "HKD", "港币": "HKD", "港元": "HKD", "日元": "JPY", "jpy": "JPY", "yen": "JPY",
}  # fmt: skip
WHOLE = frozenset({"JPY"})  # currencies without a smaller unit
MOST_MINOR = 2**53

FIGURE = r"\d{1,9}(?:,\d{3}){0,3}(?:\.\d{1,2})?(?![\d.]\d)(?!\d)"
BEFORE = re.compile(
    rf"(?P<sign>us\$|hk\$|[¥$€£]|\b(?:cny|rmb|usd|eur|gbp|hkd|jpy)\b)\s?(?P<figure>{FIGURE})"
    r"(?:元|块钱?)?",
    re.ASCII,
)
AFTER = re.compile(
    rf"(?<![\d.,a-z_-])(?P<figure>{FIGURE})\s?(?P<sign>块钱?|元|圆|人民币|美元|美金|刀(?![\u4e00-\u9fff])"
    r"|欧元|英镑|港[币元]|日元|[€£]|(?:yuan|kuai|rmb|cny|dollars?|bucks|usd|euros?|eur|pounds?|quid"
    r"|gbp|hkd|yen|jpy)\b)(?P<tenths>\d(?!\d))?",
    re.ASCII,
)
IN_WORDS = re.compile(
    r"(?P<figure>[一二两兩三四五六七八九十百千]{1,7})(?P<sign>块钱|元|美元|欧元|英镑|港币|日元)"
)

ZH_UNITS = "件个双条只盒瓶包箱袋套份台支罐斤对根块张本副顶把打"
THINGS = r"(?:pcs|pieces?|items?|units?|pairs?|boxes|box|bottles?|packs?|sets?|bags?|copies|copy)"
ZH_COUNT = re.compile(
    rf"(?<![\d.第a-z点])(?P<count>{ZH})\s?(?P<unit>[{ZH_UNITS}])"
    r"(?!月|小时|星期|礼拜|周|钟|问题|人|电话|客服|地址|地方|办法|小|下|多月|工作日|半|说法|答复|交代|机会)"
)
EN_COUNT = re.compile(
    rf"(?<![\w.])(?P<count>{EN})\s(?:more\s)?(?:of\s(?:them|these|those|it)\b|(?P<unit>{THINGS})\b)",
    re.ASCII,
)
EN_BOUGHT = re.compile(
    r"\b(?:ordered|bought|got|received|returning|return|keep|wanted|want|need|only)\s"
    rf"(?:only\s|the\s)?(?P<it>(?P<count>{EN})\s(?P<unit>[a-z]{{3,20}}s))\b",
    re.ASCII,
)
TIMES = re.compile(
    r"(?<![\w.])(?:x\s?(?P<after>\d{1,4})|(?P<before>\d{1,4})\s?x)(?![\w.])"
    r"|(?:\b(?:qty|quantity)|数量)[\s:是为改成到]{0,6}(?P<said>\d{1,4})(?![\d.])",
    re.ASCII,
)
ALL_OF = re.compile(r"(?<![\w])both(?:\sof\sthem)?\b|两[件个双只](?=都)", re.ASCII)
#: What people count and did not buy; plurals, as EN_BOUGHT finds them.
NO_THINGS = frozenset(
    {"days", "hours", "minutes", "weeks", "months", "years", "times", "emails", "mails", "calls"}
    | {"messages", "reasons", "questions", "things", "business", "points", "orders", "agents"}
    | {"dollars", "pounds", "euros", "bucks", "cents"}
)
SINGULAR: Mapping[str, str] = {
    "pcs": "piece", "pieces": "piece", "items": "item", "units": "unit", "pairs": "pair",
    "boxes": "box", "bottles": "bottle", "packs": "pack", "sets": "set", "bags": "bag",
    "copies": "copy",
}  # fmt: skip


def _money(match: re.Match[str], _: Around) -> Amount | None:
    currency = SIGNS[match.group("sign")]
    figure = Decimal(match.group("figure").replace(",", ""))
    if "tenths" in match.re.groupindex and match.group("tenths"):
        figure += Decimal(match.group("tenths")) / 10  # 19块9
    minor = int(figure * (1 if currency in WHOLE else 100))
    return Amount(minor, currency) if minor <= MOST_MINOR else None


def _money_in_words(match: re.Match[str], _: Around) -> Amount | None:
    figure, currency = number(match.group("figure")), SIGNS[match.group("sign")]
    if not figure:
        return None
    return Amount(figure * (1 if currency in WHOLE else 100), currency)


def _counted(match: re.Match[str], _: Around) -> Quantity | None:
    count, unit = number(match.group("count")), match.group("unit") or ""
    if not count or unit in NO_THINGS or _is_said_lightly(match):
        return None
    return Quantity(count, SINGULAR.get(unit, unit))


def _is_said_lightly(match: re.Match[str]) -> bool:
    """Say whether 一个 or "a box" is but an article: something to swap for, not a count."""
    before = match.string[max(0, match.start() - 1) : match.start()]
    words = match.group("count")
    if words in {"a", "an"}:
        return match.group("unit") not in {"pair", "set", "pack"}
    return words == "一" and match.group("unit") == "个" and before in set("换有是另哪每这那给查问")


def _times(match: re.Match[str], _: Around) -> Quantity | None:
    found = match.group("after") or match.group("before") or match.group("said")
    return Quantity(int(found)) if int(found) else None


def _both(_: re.Match[str], __: Around) -> Quantity:
    return Quantity(2)


MONEY: Sequence[Finder] = (
    Finder(Kind.MONEY, BEFORE, _money),
    Finder(Kind.MONEY, AFTER, _money),
    Finder(Kind.MONEY, IN_WORDS, _money_in_words),
)
QUANTITIES: Sequence[Finder] = (
    Finder(Kind.QUANTITY, ALL_OF, _both),
    Finder(Kind.QUANTITY, ZH_COUNT, _counted),
    Finder(Kind.QUANTITY, EN_COUNT, _counted),
    Finder(Kind.QUANTITY, EN_BOUGHT, _counted),
    Finder(Kind.QUANTITY, TIMES, _times),
)
