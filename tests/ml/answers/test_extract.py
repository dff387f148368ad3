"""What a text names, case by case, as the tables extract_zh.csv and extract_en.csv say it.

A row is a text and everything that is to be found in it, in its order; `<=` is a deadline, `?`
another way to read it, `..` the last day of several. Today is Monday, 23 November 2026.
"""

import csv
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from ml.answers.extract.carriers import is_s10, is_ups
from ml.answers.extract.found import Amount, Days, Found, Kind, Named, Quantity
from ml.answers.extract.names import NEITHER
from ml.answers.extract.numerals import number
from ml.answers.extract.read import IN_ORDER, MOST_CHARACTERS, extract, found_on

MORNING = datetime(2026, 11, 23, 2, tzinfo=UTC)  # ten in Shanghai
TODAY = date(2026, 11, 23)
SHANGHAI = "Asia/Shanghai"
FEWEST_ROWS = 150


def rows(language: str) -> Sequence[tuple[str, str]]:
    table = Path(__file__).with_name(f"extract_{language}.csv").read_text("utf-8")
    return [(row["text"], row["found"]) for row in csv.DictReader(table.splitlines())]


ROWS = [*rows("zh"), *rows("en")]


def shown(one: Found) -> str:
    match one.value:
        case Days():
            return _day(one.value)
        case Quantity(count, unit):
            return f"quantity {count} {unit}".strip()
        case Amount(minor, "JPY"):
            return f"money {minor} JPY"
        case Amount(minor, currency):
            return f"money {Decimal(minor) / 100:.2f} {currency}"
        case Named(name, of):
            return f"{one.kind} {name} {of}".strip()


def _day(days: Days) -> str:
    until = f" .. {days.last}" if days.last != days.first else ""
    other = f" ? {days.other}" if days.other else ""
    return f"{'<=' if days.is_deadline else 'day'} {days.first}{until}{other}"


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_a_text_names_what_its_row_says_and_nothing_else(text: str, expected: str):
    found = extract(text, now=MORNING, zone=SHANGHAI)

    assert " | ".join(shown(one) for one in found) == expected


def test_the_tables_are_long_enough_and_say_nothing_twice():
    texts = [text for text, _ in ROWS]

    assert len(texts) >= FEWEST_ROWS
    assert len(set(texts)) == len(texts)


def test_what_was_found_stands_where_it_is_said_to():
    for text, _ in ROWS:
        found = found_on(text, TODAY)

        assert [text[one.start : one.end] for one in found] == [one.words for one in found]
        assert all(a.end <= b.start for a, b in pairwise(found)), text


def test_yesterday_is_counted_on_the_clock_of_the_one_who_writes():
    late = datetime(2026, 11, 22, 17, tzinfo=UTC)  # one in the night in Shanghai

    [there] = extract("昨天买的", now=late, zone=SHANGHAI)
    [here] = extract("昨天买的", now=late, zone="Europe/London")

    assert there.value == Days(date(2026, 11, 22), date(2026, 11, 22))
    assert here.value == Days(date(2026, 11, 21), date(2026, 11, 21))


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 1, 1), date(2026, 12, 31)])
def test_which_pieces_are_found_does_not_hang_on_the_day(today: date):
    for text, _ in ROWS:
        there, here = found_on(text, today), found_on(text, TODAY)

        assert [(one.kind, one.words) for one in there] == [(one.kind, one.words) for one in here]


HOSTILE = [
    *("1", "1 ", "1-", "1.", "1/", "1,", "0", "86", "a1", "1a", "-", " ", "#", "$", "a", "a@", "@"),
    *(
        "订单",
        "order ",
        "order number ",
        "order no. ",
        "#1-",
        "尾号",
        "一",
        "十",
        "一 ",
        "11月",
        "月",
    ),
    *("上周", "last ", "the ", "in 1 ", "a couple of ", "1月1", "1:", "(1", "+1", "+1 11", "手机:"),
    *("9", "1z", "sf1", "，", "１", "ord_", "20", "20-", "2026-", "by the ", "x1", "号码是"),
    *("is id no ", "of the ", "y" * 65),
]
LONG, MOST_SECONDS = 20_000, 1.0


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_pattern_takes_long_over_a_text_made_to_hold_it(piece: str):
    text = (piece * (LONG // len(piece)))[:LONG] + "!"
    patterns = [*NEITHER, *(finder.pattern for finder in IN_ORDER)]
    spent: dict[str, float] = {}
    for pattern in patterns:
        before = time.process_time()
        sum(1 for _ in pattern.finditer(text))
        spent[pattern.pattern] = time.process_time() - before

    assert {name: took for name, took in spent.items() if took > MOST_SECONDS} == {}


def test_no_more_of_a_text_is_read_than_its_beginning():
    found = found_on("x" * (MOST_CHARACTERS - 7) + " 100017" + " 100018", TODAY)

    assert [one.words for one in found] == ["100017"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        *(("二十", 20), ("一百二十", 120), ("二〇二六", 2026), ("十", 10), ("两百零五", 205)),
        *(("17", 17), ("couple of", 2), ("twelve", 12), ("mug", None), ("", None)),
    ],
)
def test_numbers_are_read_in_words_and_digits(words: str, expected: int | None):
    assert number(words) == expected


def test_a_check_digit_denies_every_other_digit_in_its_place():
    post = [n for n in range(10) if is_s10(f"rr12345678{n}gb")]
    ups = [n for n in range(10) if is_ups(f"1z999aa1012345678{n}")]

    assert (post, ups) == ([5], [4])


def test_every_kind_is_in_the_tables():
    found = {one.kind for text, _ in ROWS for one in found_on(text, TODAY)}

    assert found == set(Kind)
