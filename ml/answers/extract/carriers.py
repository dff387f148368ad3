"""The shapes of parcels' numbers, by carrier, and the check digits of those that have one.

A number that its own check digit denies is not taken for that carrier's: it may still name an
order. Check digits: UPU S10 (a letter pair, eight digits, one check digit, a country) and UPS 1Z.
"""

import re
from collections.abc import Mapping

S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
S10 = re.compile(r"[a-z]{2}\d{9}[a-z]{2}")
UPS = re.compile(r"1z[0-9a-z]{15}\d")

#: Shapes without a check digit that only parcels have: a carrier's letters, then enough digits.
SHAPES: Mapping[str, re.Pattern[str]] = {
    "sf": re.compile(r"sf\d{10,15}"),
    "jd": re.compile(r"jd(?:[a-z]{1,2})?\d{10,15}(?:-\d{1,2}-\d{1,2}-?)?"),
    "yto": re.compile(r"yt\d{10,15}"),
    "zto": re.compile(r"zt[o]?\d{10,14}"),
    "sto": re.compile(r"sto?\d{12,14}"),
    "jt": re.compile(r"jt\d{13}"),
    "deppon": re.compile(r"dp[k]?\d{10,14}"),
    "amazon": re.compile(r"tb[a-c]\d{12}"),
    "dhl": re.compile(r"jj?d\d{16,18}|jvgl\d{16,20}"),
    "cainiao": re.compile(r"lp\d{14}"),
}


def carrier_of(number: str) -> str | None:
    """Name the carrier whose shape a lower-case number has; None where it has none's."""
    if S10.fullmatch(number):
        return "post" if is_s10(number) else None
    if UPS.fullmatch(number):
        return "ups" if is_ups(number) else None
    return next((name for name, shape in SHAPES.items() if shape.fullmatch(number)), None)


def is_s10(number: str) -> bool:
    """Say whether the check digit of a UPU S10 number is right: by weights, modulo 11."""
    digits = [int(mark) for mark in number[2:11]]
    rest = 11 - sum(w * d for w, d in zip(S10_WEIGHTS, digits[:8], strict=True)) % 11
    return digits[8] == {10: 0, 11: 5}.get(rest, rest)


def is_ups(number: str) -> bool:
    """Say whether the check digit of a 1Z number is right: every second place counts twice.

    A letter counts as a digit: a is 2, b is 3, and so on, modulo 10.
    """
    total = sum(_worth(mark) * (2 if at % 2 else 1) for at, mark in enumerate(number[2:17]))
    return int(number[17]) == -total % 10


def _worth(mark: str) -> int:
    return int(mark) if mark.isdigit() else (ord(mark) - ord("a") + 2) % 10
