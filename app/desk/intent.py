"""What can be asked of an order, and why a question is left to a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from re import Pattern


class Intent(StrEnum):
    """What somebody wants to know about an order."""

    WHERE = "where"  #: where is it, how does it stand
    ARRIVES = "arrives"  #: when does it arrive
    SHIPS = "ships"  #: when does it leave, or did it
    NOT_RECEIVED = "not_received"  #: it did not come
    STUCK = "stuck"  #: its tracking does not move
    CANCELLED = "cancelled"  #: was it cancelled
    PAID = "paid"  #: did the payment arrive
    PICKUP = "pickup"  #: which code opens the station


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
    DISPUTED = "disputed"  #: delivered by our books, not by the person's word
    SHORT = "short"  #: nobody asked: goods are missing that orders were promised


@dataclass(frozen=True)
class Abstain:
    """No answer: a person must look, because of this. `language` is that of the question."""

    because: Why
    language: str | None = None


@dataclass(frozen=True)
class Rules:
    """How one language asks: for a person, for what is beyond us, for each intent, in that order.

    `cancel` finds any word of cancelling: where no question about it is found, it is a wish.
    """

    person: Pattern[str]
    beyond: Pattern[str]
    cancel: Pattern[str]
    intents: Mapping[Intent, Pattern[str]]

    def read(self, plain: str) -> Intent | Why:
        """Return the intent of a text, or why a person must read it."""
        if self.person.search(plain):
            return Why.WANTS_PERSON
        if self.beyond.search(plain):
            return Why.OUT_OF_SCOPE
        if self.cancel.search(plain) and not self.intents[Intent.CANCELLED].search(plain):
            return Why.OUT_OF_SCOPE
        found = (intent for intent, asks in self.intents.items() if asks.search(plain))
        return next(found, Why.OUT_OF_SCOPE)
