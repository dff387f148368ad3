"""A drafted answer for the agent: what to ask back, and what the order's facts say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.desk.answer import answer, draft
from app.desk.ask import story_of
from app.desk.case import Case
from app.desk.clauses import to_draft
from app.desk.intent import Why
from app.desk.noted import sorry
from app.desk.reading import MOST_CHARACTERS, Reading
from app.desk.reference import Mentioned
from app.desk.said import Answer, Story
from app.desk.several import drafted
from app.desk.understood import Understood, understand
from app.house import Reads
from app.people.person import Person
from ml.answers.extract.found import Found
from ml.answers.extract.read import extract
from ml.answers.intents import Intent
from ml.answers.mood import mood
from orders_core.tx import Tx


@dataclass(frozen=True)
class Words:
    """What a person wrote, and when: what they call yesterday is counted from there."""

    text: str
    at: datetime


def suggest(
    tx: Tx,
    case: Case,
    person: Person,
    last: Words,
    *,
    now: datetime,
    reads: Reads | None = None,
) -> Answer | None:
    """Draft an answer to a person's last words out of the facts of the case's order.

    Each wish that can be read is answered as it was meant, or asked back about where the sheet
    leaves it to a person; so is what the model (`reads`) takes it for and was not sure enough to
    answer: an agent reads this first. What nobody reads is told where the order stands. To angry
    words it says sorry first. None where the case is about no order.
    """
    if case.order_id is None:
        return None
    found = extract(last.text, now=last.at, zone=person.zone)
    several = to_draft(last.text, fallback=case.language)
    if several:
        said = drafted(tx, case.order_id, several, zone=person.zone, now=now, found=found)
    else:
        guessed = reads.guess(tx, last.text[:MOST_CHARACTERS]) if reads else None
        understood = understand(last.text, guessed, fallback=case.language)
        reading = _likeliest(understood, case.language)
        story = story_of(tx, case.order_id, reading.intent, now=now)
        said = _of_one(reading, story, zone=person.zone, now=now, found=found)
    is_angry = mood(last.text, now=last.at, zone=person.zone).is_angry
    if is_angry and said.said[0].value != Intent.COMPLAINT:  # whose draft says sorry itself
        return replace(said, said=(sorry(said.language), *said.said))
    return said


def _likeliest(read: Understood, language: str) -> Reading:
    if isinstance(read.meant, Reading):
        return read.meant
    near = read.guessed if read.meant.because is Why.UNSURE else None
    intent = near.intent if near else Intent.WHERE
    return Reading(language, intent, Mentioned())


def _of_one(
    reading: Reading, story: Story, *, zone: str, now: datetime, found: Sequence[Found]
) -> Answer:
    said = answer(reading, story, zone=zone, now=now)
    if isinstance(said, Answer) and said.order is not None:
        return said
    return draft(reading, story, zone=zone, now=now, found=found)
