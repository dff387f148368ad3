"""How well a classifier reads what it has not seen, and whether another one may take its place."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ml.answers.budget import upper_bound
from ml.answers.classify import Classifier
from ml.answers.corpus import Labelled
from ml.answers.intents import Intent
from ml.answers.plan import Plan

EVEN = 0.5  # below it the gate holds a message for one that is out of scope
CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True)
class Grade:
    """Shares between 0 and 1.

    Attributes:
        accuracy: Messages whose intent was found, out of scope counting as one.
        where_f1: Of "where is my order" against all else.
        f1: By intent, those that were asked.
        answered: Of the messages in scope, how many pass the threshold.
        wrong: Of all messages, how many would be answered wrongly.
        wrong_at_most: The one-sided 95 % bound on `wrong`.
        beyond_found: Of the messages out of scope, how many the gate holds back.
    """

    messages: int
    accuracy: float
    where_f1: float
    f1: Mapping[str, float]
    answered: float
    wrong: float
    wrong_at_most: float
    beyond_found: float


def grade(classifier: Classifier, said: Sequence[Labelled], plan: Plan) -> Grade:
    """Grade a classifier on texts that it was not made from; there must be some.

    Args:
        plan: It says which guesses lead to a wrong answer.
    """
    guesses = [classifier.read(one.text) for one in said]
    called = [guess.intent if guess.inside >= EVEN else Intent.OTHER.value for guess in guesses]
    wanted = [one.intent.value for one in said]
    inside = [one.intent is not Intent.OTHER for one in said]
    answered = [guess.answers for guess in guesses]
    wrong = sum(
        guess.answers and plan.is_wrong(guess.intent, want)
        for guess, want in zip(guesses, wanted, strict=True)
    )
    held_back = [not a for a, i in zip(answered, inside, strict=True) if not i]
    f1 = f1_by_intent(called, wanted)
    return Grade(
        messages=len(said),
        accuracy=_mean([c == w for c, w in zip(called, wanted, strict=True)]),
        where_f1=f1.get(Intent.WHERE.value, 0.0),
        f1=f1,
        answered=_mean([a for a, i in zip(answered, inside, strict=True) if i]),
        wrong=wrong / len(said),
        wrong_at_most=upper_bound(wrong, len(said), confidence=CONFIDENCE),
        beyond_found=_mean(held_back),
    )


def f1_by_intent(called: Sequence[str], wanted: Sequence[str]) -> Mapping[str, float]:
    """Return the F1 of each intent that was asked."""
    right = Counter(c for c, w in zip(called, wanted, strict=True) if c == w)
    said, asked = Counter(called), Counter(wanted)
    return {one: 2 * right[one] / (said[one] + asked[one]) for one in sorted(asked)}


def why_not(new: Mapping[str, Grade], old: Mapping[str, Grade], *, budget: float) -> str | None:
    """Say why the new classifiers may not replace the old ones; None where they may.

    Both were graded on the same texts. Not worse at anything that is promised: at finding what is
    asked, at "where is my order", at keeping the budget: more wrong answers are worse only where
    they are more than the shop allows.
    """
    for script, before in old.items():
        after = new.get(script)
        if after is None:
            return f"{script}: the new model does not read it"
        if after.accuracy < before.accuracy:
            return f"{script}: accuracy {after.accuracy:.3f} instead of {before.accuracy:.3f}"
        if after.where_f1 < before.where_f1:
            return f'{script}: F1 of "where" {after.where_f1:.3f}, not {before.where_f1:.3f}'
        if after.wrong > max(before.wrong, budget):
            return f"{script}: wrong answers {after.wrong:.4f} instead of {before.wrong:.4f}"
    return None


def _mean(said: Sequence[bool]) -> float:
    return sum(said) / len(said) if said else 0.0
