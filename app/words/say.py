"""Every sentence of the product in Chinese and English, by key.

`en/<room>.po` and `zh/<room>.po` hold the same keys with the same parameters; neither is a
translation of the other. A test holds them complete and true to the glossary.
"""

import gettext
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

LOCALES = ("zh", "en")
FALLBACK = "en"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Catalogue:
    """One language: the plural forms of each key, and which form a count takes."""

    forms: Mapping[str, Sequence[str]]
    form_of: Callable[[int], int]


def say(locale: str, key: str, **params: object) -> str:
    """Return the sentence `key` in a language, its parameters filled in.

    `n` picks the plural form where the key has several. An unknown locale reads as English.

    Raises:
        KeyError: If the catalogue has no such key, or the sentence wants a parameter not given.
    """
    catalogue = catalogue_of(locale if locale in LOCALES else FALLBACK)
    forms = catalogue.forms[key]
    count = params.get("n")
    plural = catalogue.form_of(count) if isinstance(count, int) and len(forms) > 1 else 0
    return forms[plural].format_map(params) if params else forms[plural]


def knows(key: str) -> bool:
    """Say whether the catalogues have a sentence for `key`."""
    return key in catalogue_of(FALLBACK).forms


def keys() -> Collection[str]:
    """Return every key there is."""
    return catalogue_of(FALLBACK).forms.keys()


@lru_cache
def catalogue_of(locale: str) -> Catalogue:
    """Read the catalogue of one language, a file for each room that speaks."""
    forms: dict[str, Sequence[str]] = {}
    rule = ""
    for path in sorted((HERE / locale).glob("*.po")):
        with path.open("rb") as file:
            read = read_po(file, locale=locale)
        rule = read.plural_expr
        forms |= {_key(message.id): _forms(message) for message in read if message.id}
    return Catalogue(forms, gettext.c2py(rule))


def _forms(message: Message) -> Sequence[str]:
    written = message.string
    return (written,) if isinstance(written, str) else tuple(written or ())


def _key(msgid: str | Sequence[str]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


def params_of(sentence: str) -> frozenset[str]:
    """Return the names of the parameters a sentence wants."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


def best_locale(accept_language: str, *, default: str) -> str:
    """Choose the language a browser's `Accept-Language` wants most among ours."""
    wanted: list[tuple[float, str]] = []
    for part in accept_language.split(",")[:20]:
        tag, _, quality = part.strip().partition(";q=")
        wanted.append((_quality(quality), tag.strip().lower().partition("-")[0]))
    for weight, tag in sorted(wanted, key=lambda choice: -choice[0]):
        if tag in LOCALES and weight > 0:
            return tag
    return default


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
