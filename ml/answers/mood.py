"""How pressing and how angry a message sounds: two scores between 0 and 1, each with its reasons.

A lexicon that a person can read and change (mood.csv), marks, capitals, repeats, deadlines and how
often somebody has written. Signs add up as independent doubts do: 1 − Π(1 − weight), so that none
alone decides and many never pass 1. Words that calm (不着急, "no rush") are read before the rest.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from math import prod
from pathlib import Path
from zoneinfo import ZoneInfo

from ml.answers.extract.found import Days
from ml.answers.extract.plain import plain
from ml.answers.extract.read import MOST_CHARACTERS, extract

LEXICON = Path(__file__).with_name("mood.csv")
HIGH = 0.5  #: from here on a message counts as angry, or as pressing


class Sign(StrEnum):
    """What makes a message sound as it does. Append only."""

    THREAT = "threat"  #: an authority, a court, the bank, a public word
    ANGER = "anger"
    REPEAT = "repeat"  #: says that it was asked before
    HURRY = "hurry"
    NEED = "need"  #: what it is wanted for
    CALM = "calm"  #: takes back what the words after it would say
    MARKS = "marks"  #: exclamation and question marks in a row
    CAPITALS = "capitals"
    AGAIN_AND_AGAIN = "again_and_again"  #: one word three times in a row
    DEADLINE = "deadline"  #: wanted by a day that is near
    OFTEN = "often"  #: written again within hours


#: Which score a sign adds to.
OF_ANGER = frozenset({Sign.THREAT, Sign.ANGER, Sign.REPEAT, Sign.CAPITALS, Sign.MARKS})
OF_URGENCY = frozenset(
    {
        Sign.HURRY,
        Sign.NEED,
        Sign.REPEAT,
        Sign.DEADLINE,
        Sign.OFTEN,
        Sign.AGAIN_AND_AGAIN,
        Sign.MARKS,
    }
)
OFTEN_WITHIN = timedelta(hours=6)
OFTEN_WEIGHTS = (0.0, 0.2, 0.45, 0.65)  # by how often somebody wrote within these hours before
DEADLINE_WEIGHTS = ((1, 0.7), (3, 0.5), (7, 0.25))  # days ahead at most, and the weight
MARKS_WEIGHTS = ((2, 0.2), (3, 0.3))  # marks in a row at least, and the weight
CAPITALS_WEIGHT, AGAIN_WEIGHT = 0.4, 0.35
FEWEST_CAPITALS, SHARE_CAPITALS, FEWEST_SHOUTED = 12, 0.7, 2

HAN = re.compile("[\u3400-\u9fff]")
MARKS = re.compile(r"[!?]{2,}")
SHOUTED = re.compile(r"(?<![\w-])[A-Z]{3,}(?![\w-])")
LETTERS = re.compile("[A-Za-z]")
AGAIN_ZH = re.compile(r"([\u4e00-\u9fff]{1,4})(?:[ ,，、。]?\1){2,}")
AGAIN_EN = re.compile(r"(?<![a-z])([a-z]{3,12})(?:[ ,.!]{1,3}\1){2,}(?![a-z])")


@dataclass(frozen=True)
class Reason:
    """One sign: what it is, the words it was seen in, and how much it weighs."""

    sign: Sign
    words: str
    weight: float


@dataclass(frozen=True)
class Mood:
    """How a message sounds; scores between 0 and 1, reasons the heaviest first."""

    anger: float = 0.0
    urgency: float = 0.0
    reasons: tuple[Reason, ...] = ()

    @property
    def is_angry(self) -> bool:
        """Whether nothing may be answered by itself."""
        return self.anger >= HIGH or self.threatens

    @property
    def is_urgent(self) -> bool:
        """Whether it presses."""
        return self.urgency >= HIGH

    @property
    def threatens(self) -> bool:
        """Whether an authority, a court, the bank or a public word is named."""
        return any(one.sign is Sign.THREAT for one in self.reasons)

    def of(self, signs: frozenset[Sign]) -> tuple[Reason, ...]:
        """Return the reasons that are such signs."""
        return tuple(one for one in self.reasons if one.sign in signs)


def mood(written: str, *, now: datetime, zone: str, earlier: Sequence[datetime] = ()) -> Mood:
    """Say how a message sounds, and by which signs; the first 4,000 characters are read.

    Args:
        now: When it was written, aware; deadlines are seen from there.
        zone: The IANA zone of whoever wrote it.
        earlier: When they wrote before, in any order.
    """
    text = written[:MOST_CHARACTERS]
    seen = {
        (one.sign, one.words): one
        for one in (
            *_words(text),
            *_marks(text),
            *_capitals(text),
            *_again(text),
            *_deadlines(text, now, zone),
            *_often(earlier, now),
        )
    }
    reasons = tuple(sorted(seen.values(), key=lambda one: (-one.weight, one.sign, one.words)))
    return Mood(_score(reasons, OF_ANGER), _score(reasons, OF_URGENCY), reasons)


def _score(reasons: Sequence[Reason], signs: frozenset[Sign]) -> float:
    return round(1 - prod(1 - one.weight for one in reasons if one.sign in signs), 3)


def _words(text: str) -> Iterator[Reason]:
    lexicon, made = _lexicon(), plain(text)
    for match in lexicon.pattern.finditer(made.text):
        sign, weight = lexicon.entry(match.group())
        if sign is not Sign.CALM:
            start, end = made.starts[match.start()], made.starts[match.end() - 1] + 1
            yield Reason(sign, text[start:end], weight)


def _marks(text: str) -> Iterator[Reason]:
    longest = max(MARKS.findall(plain(text).text), key=len, default="")
    weight = max((w for fewest, w in MARKS_WEIGHTS if len(longest) >= fewest), default=0.0)
    if weight:
        yield Reason(Sign.MARKS, longest[:5], weight)


def _capitals(text: str) -> Iterator[Reason]:
    """See shouting where most letters are capitals and at least two words are nothing else."""
    if HAN.search(text):
        return
    letters, shouted = LETTERS.findall(text), SHOUTED.findall(text)
    capitals = sum(one.isupper() for one in letters)
    is_shouted = capitals >= max(FEWEST_CAPITALS, SHARE_CAPITALS * len(letters))
    if is_shouted and len(shouted) >= FEWEST_SHOUTED:
        yield Reason(Sign.CAPITALS, " ".join(shouted[:3]), CAPITALS_WEIGHT)


def _again(text: str) -> Iterator[Reason]:
    found = AGAIN_ZH.search(text) or AGAIN_EN.search(plain(text).text)
    if found:
        yield Reason(Sign.AGAIN_AND_AGAIN, found.group()[:20], AGAIN_WEIGHT)


def _deadlines(text: str, now: datetime, zone: str) -> Iterator[Reason]:
    """See days that something is wanted by, or, beside a word of need, days that are near."""
    today = now.astimezone(ZoneInfo(zone)).date()
    is_needed = any(one.sign is Sign.NEED for one in _words(text))
    for found in extract(text, now=now, zone=zone):
        if not isinstance(found.value, Days) or not (found.value.is_deadline or is_needed):
            continue
        ahead = ((found.value.other or found.value.first) - today).days
        weight = next((w for most, w in DEADLINE_WEIGHTS if 0 <= ahead <= most), 0.0)
        if weight:
            yield Reason(Sign.DEADLINE, found.words, weight)


def _often(earlier: Sequence[datetime], now: datetime) -> Iterator[Reason]:
    times = sum(now - OFTEN_WITHIN <= at < now for at in earlier)
    weight = OFTEN_WEIGHTS[min(times, len(OFTEN_WEIGHTS) - 1)]
    if weight:
        yield Reason(Sign.OFTEN, str(times + 1), weight)


@dataclass(frozen=True)
class Lexicon:
    """Words with their signs and weights, as one pattern: the longest word wins where two begin."""

    pattern: re.Pattern[str]
    exact: Mapping[str, tuple[Sign, float]]
    beginnings: Mapping[str, tuple[Sign, float]]

    def entry(self, word: str) -> tuple[Sign, float]:
        """Return the sign and the weight of a word that the pattern found."""
        if word in self.exact:
            return self.exact[word]
        return max((len(k), v) for k, v in self.beginnings.items() if word.startswith(k))[1]


@cache
def _lexicon() -> Lexicon:
    exact: dict[str, tuple[Sign, float]] = {}
    beginnings: dict[str, tuple[Sign, float]] = {}
    ways: list[tuple[int, str]] = []
    for row in csv.DictReader(LEXICON.read_text("utf-8").splitlines()):
        word, entry = row["words"], (Sign(row["kind"]), float(row["weight"]))
        stem = word.removesuffix("*")
        (exact if stem == word else beginnings)[stem] = entry
        ways.append((len(stem), _way(row["language"], stem, is_beginning=stem != word)))
    in_order = [way for _, way in sorted(ways, reverse=True)]
    return Lexicon(re.compile("|".join(in_order), re.ASCII), exact, beginnings)


def _way(language: str, stem: str, *, is_beginning: bool) -> str:
    if language == "zh":
        return rf"(?<!\d){re.escape(stem)}(?!\d)" if stem[-1].isdigit() else re.escape(stem)
    return rf"(?<![\w-]){re.escape(stem)}{r'[a-z]{0,10}' if is_beginning else ''}(?![\w-])"
