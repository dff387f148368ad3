"""Numbers that name something: orders, parcels, phones and their tails.

Pure digits need six to name an order by themselves, and two after a word such as 订单号; what is
followed by a unit is a count, and what follows a tax number, a card or a code is none of ours.
"""

import re
from collections.abc import Sequence

from ml.answers.extract.carriers import carrier_of
from ml.answers.extract.found import Around, Finder, Kind, Named

FEWEST_BARE, FEWEST_AMONG_LETTERS, FEWEST_AFTER_WORD = 6, 5, 2
SHORTEST = 3
LOOK_BACK = 12  # characters before a tail that say what it is the end of

EDGE = r"(?<![a-z0-9_@])(?<!\d[.])"
UNIT = (
    r"(?!\s?(?:[%件个双条只盒瓶包箱套份元块天月年日号岁]"
    r"|(?:pcs|pieces?|items?|days?|hours?|weeks?)\b))"
)
NAME = r"(?=[a-z_-]{0,24}\d)[a-z0-9][a-z0-9_-]{1,63}(?![a-z0-9_@])(?!\.\d)"
SPACED = r"\d{2,5}(?: \d{2,6}){1,5}(?![a-z0-9_.-])"
SAYS = r"[\s:#号码是为]{0,4}(?:(?:number|num|no|id|is)\b[\s.:#]{0,3}){0,2}"

_ORDER_WORD = r"(?:订单|单号|编号|单子|\border(?=\d{3})|\b(?:orders?|number|no|id)\b\.?|#)"
_PARCEL_WORD = (
    r"(?:运单|快递单|快递|物流单|物流|包裹"
    r"|\b(?:tracking|parcel|package|waybill|awb|consignment)\b)"
)
_PHONE_WORD = r"(?:手机|电话|联系方式|\b(?:phone|mobile|cell|tel|whatsapp)\b\.?)"
_TAIL_WORD = (
    r"(?:尾号|[后末][四4]位(?:数字?)?|\blast (?:four|4)(?: digits)?(?: of(?: \w{1,12}){1,2})?"
    r"|\b(?:ending|ends)(?: in| with)?)"
)

#: Addresses, and numbers that are said to be something else: taken out before anything is read.
NEITHER: Sequence[re.Pattern[str]] = (
    re.compile(r"[a-z0-9_.+-]{1,64}@[a-z0-9.-]{1,120}", re.ASCII),
    re.compile(
        r"(?:税号|身份证|银行卡|卡号|邮编|货号|型号|款号|取件码|验证码"
        r"|\b(?:tax|vat|iban|sku|model|postcode|zip|card number|code)\b)"
        r"[\s:#号码是为]{0,4}(?:(?:number|no|id|code|is)\b[\s.:#]{0,3}){0,2}[a-z0-9][a-z0-9-]{2,63}",
        re.ASCII,
    ),
)
OUR_ID = re.compile(rf"{EDGE}ord_[0-9a-hjkmnp-tv-z]{{26}}(?![a-z0-9_])", re.ASCII)
MOBILE = re.compile(
    r"(?<![a-z0-9_-])(?:\+?0{0,2}86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![a-z0-9_-])", re.ASCII
)
LANDLINE = re.compile(
    r"(?<![a-z0-9_-])(?:\(0\d{2,3}\) ?|0\d{2,3}-)\d{7,8}(?![a-z0-9_-])"
    r"|(?<![a-z0-9_-])400-?\d{3}-?\d{4}(?![a-z0-9_-])"
    r"|(?<![a-z0-9_-])(?:\+?1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![a-z0-9_-])"
    r"|\+\d{1,3}(?:[ -]?\d{2,5}){2,5}(?![a-z0-9_-])",
    re.ASCII,
)
AFTER_PHONE = re.compile(
    rf"{_PHONE_WORD}{SAYS}(?P<it>\d{{3,15}}(?:-\d{{2,8}}){{0,3}})(?![a-z0-9_-])", re.ASCII
)
TAIL = re.compile(
    rf"{_TAIL_WORD}[\s:是为]{{0,4}}(?:(?:is|are)\s)?(?P<it>\d{{3,11}})(?!\d)", re.ASCII
)
TAIL_BEFORE = re.compile(r"(?<![a-z0-9_-])(?P<it>\d{3,6})\s?(?:结尾|为尾号|是尾号)", re.ASCII)
SHAPED = re.compile(
    rf"{EDGE}(?=[a-z0-9]{{0,3}}[a-z])[a-z0-9][a-z0-9-]{{9,39}}(?![a-z0-9_-])", re.ASCII
)
BY_CARRIER = re.compile(
    r"(?P<who>顺丰|圆通|中通|申通|韵达|极兔|京东|德邦|邮政|\b(?:ups|fedex|dhl|usps|ems)\b)"
    rf"(?:快递|速递|快运)?{SAYS}(?P<it>[a-z]{{0,4}}\d{{8,26}})(?![a-z0-9_-])",
    re.ASCII,
)
AFTER_PARCEL = re.compile(rf"{_PARCEL_WORD}{SAYS}(?P<it>{NAME}){UNIT}", re.ASCII)
AFTER_ORDER = re.compile(rf"{_ORDER_WORD}{SAYS}(?P<it>{NAME}){UNIT}", re.ASCII)
AFTER_ORDER_SPACED = re.compile(rf"{_ORDER_WORD}{SAYS}(?P<it>{SPACED}){UNIT}", re.ASCII)
LONG_POST = re.compile(r"(?<![a-z0-9_-])9[2-5]\d{20}(?![a-z0-9_-])", re.ASCII)
BARE = re.compile(rf"{EDGE}{NAME}{UNIT}", re.ASCII)

CARRIERS = {
    "顺丰": "sf", "圆通": "yto", "中通": "zto", "申通": "sto", "韵达": "yunda", "极兔": "jt",
    "京东": "jd", "德邦": "deppon", "邮政": "post", "ems": "post",
}  # fmt: skip
DAY = re.compile(r"20\d\d-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])|20\d\d-20\d\d", re.ASCII)
NOT_DIGITS = re.compile(r"\D")
CLAUSE_ENDS = re.compile("[,.;:!?，。；：！？\0]")
ENDS_OF = (
    ("phone", ("手机", "电话", "phone", "mobile")),
    ("card", ("卡", "card", "visa", "account")),
    ("order", ("订单", "order")),
)


def digits(words: str) -> str:
    """Return the digits of a piece, without what parts them."""
    return NOT_DIGITS.sub("", words)


def _phone(match: re.Match[str], _: Around) -> Named:
    number = digits(_it(match))
    return Named(number[-11:] if number.removeprefix("00").startswith("86") else number)


def _tail(match: re.Match[str], _: Around) -> Named:
    before = match.string[max(0, match.start() - LOOK_BACK) : match.end()]
    clause = CLAUSE_ENDS.split(before)[-1]
    of = next((name for name, words in ENDS_OF if any(word in clause for word in words)), "phone")
    return Named(_it(match), of)


def _our_id(match: re.Match[str], _: Around) -> Named:
    return Named(match.group())


def _shaped(match: re.Match[str], _: Around) -> Named | None:
    carrier = carrier_of(match.group())
    return Named(match.group(), carrier) if carrier else None


def _by_carrier(match: re.Match[str], _: Around) -> Named:
    who = match.group("who")
    return Named(_it(match), CARRIERS.get(who, who))


def _parcel(match: re.Match[str], _: Around) -> Named | None:
    token = _it(match)
    if len(digits(token)) < FEWEST_AFTER_WORD:
        return None
    return Named(token, carrier_of(token) or "")


def _post(match: re.Match[str], _: Around) -> Named:
    return Named(match.group(), "usps")


def _order(match: re.Match[str], _: Around) -> Named | None:
    """Read what follows a word for an order: two digits are enough, and a day is none."""
    token = _it(match)
    return (
        named(token) if len(digits(token)) >= FEWEST_AFTER_WORD and len(token) >= SHORTEST else None
    )


def _spaced(match: re.Match[str], _: Around) -> Named | None:
    joined = digits(_it(match))
    return Named(joined) if len(joined) >= FEWEST_BARE else None


def _bare(match: re.Match[str], _: Around) -> Named | None:
    token = match.group()
    fewest = FEWEST_BARE if token.isdigit() else FEWEST_AMONG_LETTERS
    if len(token) < SHORTEST or len(digits(token)) < fewest or DAY.fullmatch(token):
        return None
    return named(token)


def named(token: str) -> Named:
    """Name an order by a token: digits that dashes part are joined where six or more are left."""
    joined = digits(token)
    is_parted = len(joined) >= FEWEST_BARE and not re.sub(r"[\d-]", "", token)
    return Named(joined if is_parted else token)


def _it(match: re.Match[str]) -> str:
    return match.group("it") if "it" in match.re.groupindex else match.group()


#: Read before days of digits alone and after everything that has words for a day or money.
NAMES: Sequence[Finder] = (
    Finder(Kind.TAIL, TAIL, _tail),
    Finder(Kind.TAIL, TAIL_BEFORE, _tail),
    Finder(Kind.ORDER, OUR_ID, _our_id),
    Finder(Kind.PHONE, MOBILE, _phone),
    Finder(Kind.PHONE, LANDLINE, _phone),
    Finder(Kind.PHONE, AFTER_PHONE, _phone),
    Finder(Kind.TRACKING, SHAPED, _shaped),
    Finder(Kind.TRACKING, BY_CARRIER, _by_carrier),
    Finder(Kind.TRACKING, LONG_POST, _post),
    Finder(Kind.ORDER, AFTER_ORDER_SPACED, _spaced),
    Finder(Kind.TRACKING, AFTER_PARCEL, _parcel),
    Finder(Kind.ORDER, AFTER_ORDER, _order),
)
#: Read last: what stands alone and was taken for nothing else.
ALONE: Sequence[Finder] = (Finder(Kind.ORDER, BARE, _bare),)
