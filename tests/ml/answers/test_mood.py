"""How messages sound, line by line: the tables mood_zh.csv and mood_en.csv, written for this.

`-` is calm (below 0.25), `some` is below 0.5, `high` is from there on: nothing is answered alone.
"""

import csv
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean

import pytest

from ml.answers.mood import HIGH, LEXICON, Mood, Sign, mood

MORNING = datetime(2026, 11, 23, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
SHANGHAI = "Asia/Shanghai"
SOME = 0.25
MEANT = {"-": 0.0, "some": 0.35, "high": 0.8}
MOST_ASTRAY = 0.1
LONG, MOST_SECONDS = 20_000, 1.0


def rows(language: str) -> Sequence[tuple[str, str, str]]:
    table = Path(__file__).with_name(f"mood_{language}.csv").read_text("utf-8")
    return [
        (row["text"], row["anger"], row["urgency"]) for row in csv.DictReader(table.splitlines())
    ]


ROWS = [*rows("zh"), *rows("en")]


def felt(text: str, *earlier: datetime) -> Mood:
    return mood(text, now=MORNING, zone=SHANGHAI, earlier=earlier)


def level(score: float) -> str:
    return "high" if score >= HIGH else "some" if score >= SOME else "-"


@pytest.mark.parametrize(("text", "anger", "urgency"), ROWS)
def test_a_message_sounds_as_its_row_says(text: str, anger: str, urgency: str):
    found = felt(text)

    assert (level(found.anger), level(found.urgency)) == (anger, urgency), found.reasons
    assert found.is_angry == (anger == "high")


def test_scores_lie_near_what_people_would_say():
    astray = [
        abs(score - MEANT[said])
        for text, anger, urgency in ROWS
        for score, said in ((felt(text).anger, anger), (felt(text).urgency, urgency))
    ]

    assert fmean(astray) <= MOST_ASTRAY


def test_no_score_leaves_its_range_and_none_stands_without_a_reason():
    everything = " ".join(text for text, _, _ in ROWS)
    for text in (everything, *(text for text, _, _ in ROWS)):
        found = felt(text)
        assert 0 <= found.anger <= 1
        assert 0 <= found.urgency <= 1
        assert bool(found.reasons) == (found.anger + found.urgency > 0), text


def test_a_reason_quotes_the_words_as_they_were_written():
    [reason] = felt("请打１２３１５").reasons

    assert (reason.sign, reason.words) == (Sign.THREAT, "１２３１５")


def test_writing_again_within_hours_presses_and_an_older_word_does_not():
    urgency = [
        felt("在吗", *(MORNING - HOUR * (n + 1) for n in range(times))).urgency
        for times in range(4)
    ]

    assert urgency == sorted(urgency)
    assert urgency[0] == 0
    assert urgency[3] >= HIGH
    assert felt("在吗", *(MORNING - 7 * HOUR for _ in range(5))).urgency == 0


def test_words_that_calm_take_back_what_stands_in_them():
    assert felt("不着急").urgency == 0
    assert felt("着急").urgency >= HIGH


def test_a_deadline_that_is_past_or_far_does_not_press():
    assert felt("11月20号之前").urgency == 0
    assert felt("12月20号之前").urgency == 0
    assert felt("明天之前").urgency >= HIGH


def test_the_lexicon_says_nothing_twice_and_weighs_below_one():
    lines = list(csv.DictReader(LEXICON.read_text("utf-8").splitlines()))

    assert len({line["words"] for line in lines}) == len(lines)
    assert all(0 <= float(line["weight"]) < 1 for line in lines)
    assert all((line["kind"] == "calm") == (float(line["weight"]) == 0) for line in lines)
    assert all(re.fullmatch("zh|en", line["language"]) for line in lines)


@pytest.mark.parametrize(
    "piece", ["!", "急", "a", "ab ", "AAA ", "投", "no ", "!a", "说，", "\u200b"]
)
def test_no_message_takes_long(piece: str):
    before = time.process_time()
    felt(piece * (LONG // len(piece)))

    assert time.process_time() - before < MOST_SECONDS
