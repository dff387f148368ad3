"""What a question asks: its language, its intent, the orders it names. Rules, no guesses.

What may then be answered is the sheet answers.csv. Words we do not know go to a person.
"""

import re
import unicodedata
from dataclasses import dataclass

from app.desk.intent import Abstain, Rules, Why
from app.desk.reference import Mentioned, mentioned
from app.desk.rules_en import EN
from app.desk.rules_zh import ZH
from ml.answers.intents import Intent

MOST_CHARACTERS = 2000

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
LATIN = re.compile("[a-z]")
# Greek, Cyrillic, Hebrew, Arabic, Indic, Thai, Japanese, Korean: languages nobody wrote rules for.
OTHER_LETTERS = re.compile(
    "[\u0370-\u03ff\u0400-\u04ff\u0590-\u06ff\u0900-\u0e7f\u3040-\u30ff\uac00-\ud7af]"
)
WITH_DIGITS = re.compile(r"[a-z0-9_-]*\d[a-z0-9_-]*")
FILLER = re.compile(r"订单号?|单号|编号|的|号|\b(?:my|the|order|number|no|id|is)\b")


@dataclass(frozen=True)
class Reading:
    """What somebody asks, and the orders they name."""

    language: str
    intent: Intent
    mentioned: Mentioned


def read(text: str, *, fallback: str) -> Reading | Abstain:
    """Read a question; `fallback` is the language of one that is only a number."""
    if len(text) > MOST_CHARACTERS:
        return Abstain(Why.TOO_LONG)
    plain = normal(text)
    if OTHER_LETTERS.search(plain):
        return Abstain(Why.UNKNOWN_LANGUAGE)
    named = mentioned(plain)
    language = _language(plain)
    if named.sure and _is_bare(plain):
        return Reading(language or fallback, Intent.WHERE, named)
    if language is None:
        return Abstain(Why.EMPTY)
    meant = _meant(plain, language, named)
    if isinstance(meant, Why):
        return Abstain(meant, language)
    return Reading(language, meant, named)


def is_settled(text: str, meant: Reading | Abstain) -> bool:
    """Say whether what the rules made of a text stands, whatever another reader makes of it."""
    plain = normal(text)
    named = mentioned(plain)
    if meant.language is None or (named.sure and _is_bare(plain)):
        return True
    rules, asked = _rules(plain, meant.language, named)
    return rules.settled(asked) is not None


def _meant(plain: str, language: str, named: Mentioned) -> Intent | Why:
    rules, asked = _rules(plain, language, named)
    return rules.read(asked)


def _rules(plain: str, language: str, named: Mentioned) -> tuple[Rules, str]:
    """Return the rules of a language, and a text as they read it: no order by its number."""
    is_zh = language == "zh"
    for words in named.written:
        plain = plain.replace(words, "订单" if is_zh else "order")
    return (ZH, plain) if is_zh else (EN, plain.replace("n't", " n't"))


def normal(text: str) -> str:
    """Return the text as rules read it: full width made half, lower case, one blank at a time."""
    half = unicodedata.normalize("NFKC", text).replace("\u2019", "'").lower()
    return re.sub(r"\s+", " ", half).strip()


def language_of(text: str) -> str | None:
    """Return the language of somebody's words, where it is one of ours."""
    plain = normal(text[:MOST_CHARACTERS])
    return None if OTHER_LETTERS.search(plain) else _language(plain)


def _language(plain: str) -> str | None:
    if HAN.search(plain):
        return "zh"
    words = WITH_DIGITS.sub(" ", plain)  # a reference is no word of a language
    return "en" if LATIN.search(words) else None


def _is_bare(plain: str) -> bool:
    """Say whether nothing is left when references and the words around them are taken out."""
    rest = FILLER.sub(" ", WITH_DIGITS.sub(" ", plain))
    return not HAN.search(rest) and not LATIN.search(rest)
