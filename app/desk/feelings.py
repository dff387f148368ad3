"""How a person's words sound, said to an agent: the score in words, and what made it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.words import show
from app.words.say import say
from ml.answers.mood import HIGH, OF_ANGER, OF_URGENCY, Mood, Reason, Sign

BETWEEN = {"zh": "、"}  # reasons in a row; elsewhere a comma
QUOTED = frozenset({Sign.THREAT, Sign.ANGER, Sign.REPEAT, Sign.HURRY, Sign.NEED, Sign.MARKS})


@dataclass(frozen=True)
class Feeling:
    """One line: what the words sound like, how much (between 0 and 1), and by what."""

    name: str
    score: str
    reasons: str


def feelings(mood: Mood, *, locale: str) -> tuple[Feeling, ...]:
    """Say what presses in somebody's words; nothing where nothing does."""
    return tuple(_feelings(mood, locale))


def _feelings(mood: Mood, locale: str) -> Iterator[Feeling]:
    if mood.is_angry:
        name = "threat" if mood.threatens else "angry"
        yield _feeling(name, mood.anger, mood.of(OF_ANGER), locale)
    if mood.urgency >= HIGH:
        yield _feeling("urgent", mood.urgency, mood.of(OF_URGENCY), locale)


def _feeling(name: str, score: float, reasons: tuple[Reason, ...], locale: str) -> Feeling:
    return Feeling(
        say(locale, f"desk.felt.{name}"),
        show.number(locale, round(score, 2)),
        BETWEEN.get(locale, ", ").join(_reason(one, locale) for one in reasons),
    )


def _reason(reason: Reason, locale: str) -> str:
    key = "quoted" if reason.sign in QUOTED else str(reason.sign)
    return say(locale, f"desk.felt.{key}", words=reason.words)
