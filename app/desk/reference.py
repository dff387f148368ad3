"""Which orders a text names: our numbers, our ids, another shop's number, a parcel's number.

What surely names an order must be found among the person's own, or nothing is answered. What might
name one (a word with digits in it) counts only if it does. A phone number, its tail, a day or a
time of day names none.
"""

import re
from dataclasses import dataclass

MOST_TOKENS = 20
TOKEN = re.compile(r"(?<![a-z0-9_])[a-z0-9][a-z0-9_-]{2,63}(?![a-z0-9_])")
OUR_ID = re.compile(r"ord_[0-9a-hjkmnp-tv-z]{26}")
AFTER_ORDER_WORD = re.compile(
    r"(?:订单|单号|编号|运单|快递|包裹|\b(?:order|parcel|package|tracking|number|no|id)\b\.?|#)"
    r"[\s:#号是为]{0,4}(?:\b(?:number|no|is|id)\b[\s.:#]{0,3}){0,2}$"
)
PHONE = re.compile(r"(?:0?86)?1[3-9]\d{9}")
DAY = re.compile(r"20\d\d-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])")
BEFORE_TAIL = re.compile(
    r"(?:尾号|后四位|手机号?|电话|\bending(?: in)?|\bphone(?: number)?|last four)"
    r"[\s:是为]{0,4}(?:\bis\b\s)?$"
)
LOOK_BACK = 40  # characters before a token that say what it is
FEWEST_DIGITS_OF_OURS = 6
FEWEST_DIGITS_AMONG_LETTERS = 5
FEWEST_DIGITS_AFTER_WORD = 2


@dataclass(frozen=True)
class Mentioned:
    """What a text names, in its order: surely an order, or perhaps."""

    sure: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()


def mentioned(plain: str) -> Mentioned:
    """Find what names an order in a text that `reading.normal` made plain."""
    sure: list[str] = []
    perhaps: list[str] = []
    for found in TOKEN.finditer(plain):
        token = found.group()
        before = plain[max(0, found.start() - LOOK_BACK) : found.start()]
        if not any(mark.isdigit() for mark in token) or _is_something_else(token, before):
            continue
        (sure if _is_sure(token, before) else perhaps).append(token)
    return Mentioned(
        tuple(dict.fromkeys(sure))[:MOST_TOKENS], tuple(dict.fromkeys(perhaps))[:MOST_TOKENS]
    )


def _is_something_else(token: str, before: str) -> bool:
    is_phone = PHONE.fullmatch(token.replace("-", "")) is not None
    return is_phone or BEFORE_TAIL.search(before) is not None


def _is_sure(token: str, before: str) -> bool:
    digits = sum(mark.isdigit() for mark in token)
    if OUR_ID.fullmatch(token) or AFTER_ORDER_WORD.search(before):
        return digits >= FEWEST_DIGITS_AFTER_WORD
    if DAY.fullmatch(token):
        return False
    if token.isdigit():
        return digits >= FEWEST_DIGITS_OF_OURS
    return digits >= FEWEST_DIGITS_AMONG_LETTERS
