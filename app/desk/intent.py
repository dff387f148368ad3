"""Why a question is left to a person, and how a language asks: its rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from re import Pattern

from ml.answers.intents import Intent


class Why(StrEnum):
    """Why a question is left to a person. Append only."""

    EMPTY = "empty"  #: nothing was said, or nothing in words
    TOO_LONG = "too_long"
    UNKNOWN_LANGUAGE = "unknown_language"  #: neither Chinese nor English
    WANTS_PERSON = "wants_person"  #: somebody asks for a person, or complains
    OUT_OF_SCOPE = "out_of_scope"  #: not about where an order stands
    NO_ORDER = "no_order"  #: the person has none
    ORDER_NOT_FOUND = "order_not_found"  #: none of this person's, whoever else's it may be
    SEVERAL_ORDERS = "several_orders"  #: it names more than one
    DISPUTED = "disputed"  #: by our books otherwise than by the person's word
    SHORT = "short"  #: nobody asked: goods are missing that orders were promised
    ANGRY = "angry"  #: understood, but no machine answers who is angry or threatens
    UNSURE = "unsure"  #: the model has a guess, and it is not sure enough for the shop's budget
    DRAFTED = "drafted"  #: understood, and for an agent to say: a draft waits on the desk


@dataclass(frozen=True)
class Abstain:
    """No answer: a person must look, because of this. `language` is that of the question."""

    because: Why
    language: str | None = None


@dataclass(frozen=True)
class Rules:
    """How one language asks, in the order it is read.

    `first` holds what wins over everything else in a text: a wish for a person, a complaint, harm.
    `foreign` is about other people's orders or ours. `asks` are narrow: a text that asks two of
    them, or one beside a question about its order, is for a person. `beyond` is all else that
    these rules do not read; `intents` are the questions about how an order stands.
    """

    first: Mapping[Intent, Pattern[str]]
    foreign: Pattern[str]
    asks: Mapping[Intent, Pattern[str]]
    beyond: Pattern[str]
    intents: Mapping[Intent, Pattern[str]]
    between: Pattern[str]  #: what parts two sentences

    def read(self, plain: str) -> Intent | Why:
        """Return the intent of a text, or why a person must read it."""
        if (sure := self.settled(plain)) is not None:
            return sure
        if asked := _matching(self.asks, plain):
            return asked[0]
        if self.beyond.search(plain):
            return Why.OUT_OF_SCOPE
        return next(iter(_matching(self.intents, plain)), Why.OUT_OF_SCOPE)

    def settled(self, plain: str) -> Intent | Why | None:
        """Return what no other reader may overrule: a person wanted, others' orders, two wishes."""
        if urgent := _matching(self.first, plain):
            return urgent[0]
        asked = _matching(self.asks, plain)
        is_twofold = len(asked) > 1 or (bool(asked) and self._asks_more(plain, asked[0]))
        return Why.OUT_OF_SCOPE if is_twofold or self.foreign.search(plain) else None

    def _asks_more(self, plain: str, asked: Intent) -> bool:
        """Say whether a sentence beside the one that asks this asks something else as well."""
        others = [one for one in self.between.split(plain) if not self.asks[asked].search(one)]
        return any(self.beyond.search(one) or _matching(self.intents, one) for one in others)


def _matching(patterns: Mapping[Intent, Pattern[str]], plain: str) -> list[Intent]:
    return [intent for intent, asks in patterns.items() if asks.search(plain)]
