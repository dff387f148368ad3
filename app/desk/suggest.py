"""A drafted answer for the agent: what the order's facts say, whatever was asked."""

from datetime import datetime

from app.desk.answer import Answer, answer
from app.desk.ask import story_of
from app.desk.case import Case
from app.desk.intent import Abstain, Intent
from app.desk.reading import Reading, read
from app.desk.reference import Mentioned
from app.people.person import Person
from orders_core.tx import Tx


def suggest(tx: Tx, case: Case, person: Person, words: str, *, now: datetime) -> Answer | None:
    """Draft an answer to a person's last words out of the facts of the case's order.

    What can be read is answered as it was meant; otherwise, and where the books and the person
    disagree, the draft says where the order stands and leaves the rest to the agent. None where the
    case is about no order.
    """
    if case.order_id is None:
        return None
    story = story_of(tx, case.order_id)
    reading = read(words, fallback=case.language)
    plain = Reading(case.language, Intent.WHERE, Mentioned())
    for attempt in (reading, plain):
        if isinstance(attempt, Abstain):
            continue
        drafted = answer(attempt, story, zone=person.zone, now=now)
        if isinstance(drafted, Answer):
            return drafted
    return None
