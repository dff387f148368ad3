"""One word for one thing and one tone, in every catalogue and in every message that leaves."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.pofile import read_po

from app.words.say import LOCALES
from tests.app.words.glossary import APOLOGY_EN, TERMS, TONE_EN, TONE_ZH, VAGUE_EN, VAGUE_ZH, Term

ROOT = Path(__file__).parents[3]
WORDS, NOTICES = ROOT / "app" / "words", ROOT / "templates" / "notices"
JINJA_OR_TAG = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", re.DOTALL)
PARAMETER = re.compile(r"\{[^{}]*\}")


class Said(NamedTuple):
    """A sentence and where it stands."""

    place: str
    text: str


@cache
def catalogues(locale: str) -> tuple[Said, ...]:
    """Return every sentence of a language, with its file and key."""
    found = []
    for path in sorted((WORDS / locale).glob("*.po")):
        with path.open("rb") as file:
            entries = [entry for entry in read_po(file, locale=locale) if entry.id]
        for entry in entries:
            key = entry.id if isinstance(entry.id, str) else entry.id[0]
            forms = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
            found += [Said(f"{locale}/{path.name} {key}", form) for form in forms]
    return tuple(found)


@cache
def notices(locale: str) -> tuple[Said, ...]:
    """Return what every template of a message says of itself, its facts left out."""
    paths = [
        *NOTICES.glob(f"*/*.{locale}.j2"),
        *(ROOT / "templates" / "layouts").glob(f"*.{locale}*.j2"),
    ]
    return tuple(
        Said(str(path.relative_to(ROOT)), JINJA_OR_TAG.sub(" ", path.read_text()))
        for path in sorted(paths)
    )


def said(locale: str) -> tuple[Said, ...]:
    """Return everything that is said in a language."""
    return (*catalogues(locale), *notices(locale))


def slips(locale: str, words: Iterable[str]) -> Iterator[tuple[Said, str]]:
    """Yield each sentence that has one of the words; English ones only whole, or with an s."""
    for word in words:
        if locale == "zh" or not word.isascii() or not word[0].isalpha():
            pattern = re.compile(re.escape(word))
        else:
            pattern = re.compile(rf"\b{re.escape(word)}(?:s|es)?\b", re.IGNORECASE)
        for one in said(locale):
            if pattern.search(PARAMETER.sub(" ", one.text)):
                yield one, word


def none_of(faults: Iterable[tuple[Said, str]], advice: str) -> None:
    """Fail where there is a fault, saying plainly which sentence to mend and how."""
    lines = [
        f"{one.place}: “{word}” {advice}\n    {' '.join(one.text.split())[:200]}"
        for one, word in faults
    ]
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.en)
def test_the_house_has_one_word_for_one_thing(term: Term) -> None:
    none_of(slips("zh", term.not_zh), f"is “{term.zh}” here")
    none_of(slips("en", term.not_en), f"is “{term.en}” here")


@pytest.mark.parametrize(("locale", "words"), [("zh", TONE_ZH), ("en", TONE_EN)])
def test_the_tone_is_calm_and_polite(locale: str, words: tuple[str, ...]) -> None:
    none_of(slips(locale, words), "is not our tone")


def test_a_page_says_what_to_do_and_begs_no_pardon() -> None:
    faults = [hit for hit in slips("en", APOLOGY_EN) if ".po " in hit[0].place]

    none_of(faults, "is not our tone")


@pytest.mark.parametrize(("locale", "words"), [("zh", VAGUE_ZH), ("en", VAGUE_EN)])
def test_numbers_stand_where_adjectives_would(locale: str, words: tuple[str, ...]) -> None:
    none_of(slips(locale, words), "wants a number, or nothing")


def test_chinese_stands_in_chinese_punctuation() -> None:
    """Between two Chinese characters a comma or a question mark is a full-width one."""
    narrow = re.compile(
        "[\u4e00-\u9fff][,;?:](?=[\u4e00-\u9fff])|[\u4e00-\u9fff]\\.(?:$|[\u4e00-\u9fff])"
    )
    faults = [(one, hit[0]) for one in said("zh") if (hit := narrow.search(one.text))]

    none_of(faults, "is half-width")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_key_stands_in_one_file(locale: str) -> None:
    homes: dict[str, set[str]] = {}
    for one in catalogues(locale):
        file, _, key = one.place.partition(" ")
        homes.setdefault(key, set()).add(file)

    assert {key: files for key, files in homes.items() if len(files) > 1} == {}


def test_every_term_has_its_own_names() -> None:
    assert len({term.en for term in TERMS}) == len({term.zh for term in TERMS}) == len(TERMS)
