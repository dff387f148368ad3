"""Numbers in words, Chinese and English, as far as people write them to a shop."""

import re
from collections.abc import Mapping

ZH_DIGITS: Mapping[str, int] = {
    "〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "兩": 2, "俩": 2, "三": 3, "仨": 3, "四": 4,
    "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "壹": 1, "贰": 2, "叁": 3,
}  # fmt: skip
ZH_UNITS: Mapping[str, int] = {"十": 10, "拾": 10, "百": 100, "千": 1000}
EN_WORDS: Mapping[str, int] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20,
    "thirty": 30, "fifty": 50, "hundred": 100, "couple of": 2, "a couple of": 2, "a couple": 2,
    "a dozen": 12, "half a dozen": 6, "both": 2,
}  # fmt: skip

#: Patterns of a number as each language writes it, of bounded length.
ZH = "(?:\\d{1,6}|[〇零一二两兩俩三仨四五六七八九壹贰叁十拾百千]{1,7})"
EN = (
    r"(?:\d{1,6}|(?:a )?couple of|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|fifteen|twenty|thirty|fifty)"
)
_DIGITS = re.compile(r"\d{1,18}")


def number(words: str) -> int | None:
    """Read a whole number in digits or in words of either language; None where it is none."""
    if _DIGITS.fullmatch(words):
        return int(words)
    if words in EN_WORDS:
        return EN_WORDS[words]
    return _chinese(words)


def _chinese(words: str) -> int | None:
    """Read 二十 or 一百二十 by its places, and 二〇二六 digit by digit."""
    if not words or not all(mark in ZH_DIGITS or mark in ZH_UNITS for mark in words):
        return None
    if not any(mark in ZH_UNITS for mark in words):
        return int("".join(str(ZH_DIGITS[mark]) for mark in words))
    total, digit = 0, 0
    for mark in words:
        if mark in ZH_UNITS:
            total += (digit or (1 if total == 0 else 0)) * ZH_UNITS[mark]
            digit = 0
        else:
            digit = ZH_DIGITS[mark]
    return total + digit
