"""A drafted answer for the agent: what to ask back, and what the order's facts say."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.desk.answer import answer, draft
from app.desk.ask import story_of
from app.desk.case import Case
from app.desk.intent import Abstain
from app.desk.noted import sorry
from app.desk.reading import Reading, read
from app.desk.reference import Mentioned
from app.desk.said import Answer
from app.people.person import Person
from ml.answers.extract.read import extract
from ml.answers.intents import Intent
from ml.answers.mood import mood
from orders_core.tx import Tx


@dataclass(frozen=True)
class Words:
    """What a person wrote, and when: what they call yesterday is counted from there."""

    text: str
    at: datetime


def suggest(tx: Tx, case: Case, person: Person, last: Words, *, now: datetime) -> Answer | None:
    """Draft an answer to a person's last words out of the facts of the case's order.

    What can be read is answered as it was meant, or asked back about where the sheet leaves it to a
    person; what cannot is told where the order stands. To angry words it says sorry first. None
    where the case is about no order.
    """
    if case.order_id is None:
        return None
    reading = read(last.text, fallback=case.language)
    if isinstance(reading, Abstain):
        reading = Reading(case.language, Intent.WHERE, Mentioned())
    story = story_of(tx, case.order_id, reading.intent, now=now)
    said = answer(reading, story, zone=person.zone, now=now)
    if not isinstance(said, Answer) or said.order is None:
        found = extract(last.text, now=last.at, zone=person.zone)
        said = draft(reading, story, zone=person.zone, now=now, found=found)
    is_angry = mood(last.text, now=last.at, zone=person.zone).is_angry
    if is_angry and reading.intent is not Intent.COMPLAINT:  # whose draft says sorry itself
        return replace(said, said=(sorry(said.language), *said.said))
    return said
