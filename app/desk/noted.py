"""What a draft repeats of what somebody wrote, so that an agent need not: days, counts, amounts.

Pure. A day that can be read in two ways is asked about.
"""

from collections.abc import Iterator, Sequence

from app.desk.said import Said, Speaker
from app.desk.sentences import SENTENCES
from app.words import show
from ml.answers.extract.found import Amount, Days, Found, Quantity

MOST = 3  # a draft is no list


def noted(found: Sequence[Found], speaker: Speaker) -> tuple[Said, ...]:
    """Return one sentence for each quantity, amount and day that was named, three at most."""
    said = {one.sentence: one for one in _said(found, speaker)}
    return tuple(said.values())[:MOST]


def sorry(language: str) -> Said:
    """Begin a draft to somebody who is angry."""
    return Said(SENTENCES[language]["sorry"], "question.mood", None)


def _said(found: Sequence[Found], speaker: Speaker) -> Iterator[Said]:
    for one in found:
        match one.value:
            case Quantity(count):
                yield speaker.say("noted_quantity", "question.quantity", count, words=one.words)
            case Amount(minor, currency):
                amount = speaker.money(minor, currency)
                yield speaker.say("noted_amount", "question.amount", minor, amount=amount)
            case Days():
                yield from _day(one.value, speaker)
            case _:
                pass


def _day(meant: Days, speaker: Speaker) -> Iterator[Said]:
    first, other, last = (
        show.calendar_day(speaker.language, one, seen=speaker.now) if one else ""
        for one in (meant.first, meant.other, meant.last)
    )
    value = meant.first.isoformat()
    if other:
        yield speaker.say("noted_either", "question.day", value, first=first, other=other)
    elif meant.is_deadline:
        yield speaker.say("noted_by", "question.day", value, day=first)
    elif meant.first != meant.last:
        yield speaker.say("noted_days", "question.day", value, first=first, last=last)
    elif meant.first != speaker.today:
        yield speaker.say("noted_day", "question.day", value, day=first)
