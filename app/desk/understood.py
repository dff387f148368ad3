"""What two readers make of a question: the patterns, and the model that was learnt. Pure.

First counts what no reader may overrule: no words of ours, a wish for a person, anger, other
people's orders, two questions at once. Then the model counts where it is as sure as the shop's risk
budget asks for; else silence. Where no model was learnt the patterns count, of which nobody can
promise how often they err: where a model was unsure they were wrong in one of eight, even where
both read the same.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.desk.intent import Abstain, Why
from app.desk.reading import Reading, is_settled, normal
from app.desk.reading import read as read_by_patterns
from app.desk.reference import mentioned
from ml.answers.intents import Intent


class By(StrEnum):
    """Who read a question. Append only: answers name these."""

    MODEL = "model"
    PATTERNS = "patterns"
    NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True)
class Guessed:
    """What the model makes of a text.

    `sure` is its probability of being right and `needs` the least that keeps the shop's risk
    budget, both from 0 to 1; `passes` says whether that is reached. `is_ours` says whether it is
    likely a question to a shop at all. `model` names the training.
    """

    intent: Intent
    sure: float
    needs: float
    passes: bool
    is_ours: bool
    model: str


@dataclass(frozen=True)
class Understood:
    """What a question asks or why a person must look, who read it, and what the model guessed."""

    meant: Reading | Abstain
    by: By
    guessed: Guessed | None = None


def understand(text: str, guessed: Guessed | None, *, fallback: str) -> Understood:
    """Weigh what the patterns read against what the model guessed.

    Args:
        guessed: None where there is no model, or none for this script.
        fallback: The language of a text that is only a number.
    """
    meant = read_by_patterns(text, fallback=fallback)
    by = By.PATTERNS if isinstance(meant, Reading) else By.NOBODY
    if guessed is None or meant.language is None or is_settled(text, meant):
        return Understood(meant, by, guessed)
    if guessed.passes:
        read = Reading(meant.language, guessed.intent, mentioned(normal(text)))
        return Understood(read, By.MODEL, guessed)
    because = Why.UNSURE if guessed.is_ours else Why.OUT_OF_SCOPE
    return Understood(Abstain(because, meant.language), By.NOBODY, guessed)
