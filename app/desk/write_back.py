"""A reply to any message of ours goes to a person, with the order and the message beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.desk.case import Case
from app.desk.intent import Why
from app.desk.open import Question, open_case
from app.desk.reading import language_of
from app.desk.written_back import Unheard, is_automatic, is_goodbye, own_words, quoted
from app.forecast.contacts import heard
from app.house import House
from app.hub.policy import read_policy
from app.messages.as_sent import as_sent, veiled
from app.messages.history_store import Message
from app.people import store as people
from app.people.changing import changing
from app.people.choice_store import choose
from app.people.choices import BELLS, Category, ChannelName
from app.people.saying import Door, by_person
from orders_core.ids import OrderId, PersonId
from orders_core.tx import Tx

SOURCE = "reply"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What came back, as its provider hands it over; `key` makes handing it over twice once."""

    text: str
    sender: str = ""
    subject: str = ""
    headers: Mapping[str, str]
    key: str | None = None


@dataclass(frozen=True, kw_only=True)
class WrittenBack:
    """What became of a reply: a case, the end of offers on that channel, or why nothing."""

    case: Case | None = None
    is_new: bool = False
    has_left: bool = False
    unheard: Unheard | None = None


def write_back(
    tx: Tx, house: House, message: Message, letter: Letter, *, now: datetime
) -> WrittenBack:
    """Hand a reply to the desk, or end offers where it asks for nothing else.

    A machine's answer opens nothing and is told nothing, so two machines never talk to each other.
    Locks: the person, then what opening a case or a choice locks.

    Raises:
        NotFound: If the person was erased since.
    """
    words = own_words(letter.text)
    if unheard := _unheard(message, letter, words):
        return WrittenBack(unheard=unheard)
    if message.channel in BELLS and is_goodbye(words):
        _leave(tx, house, message, now)
        return WrittenBack(has_left=True)
    person = people.find(tx, PersonId(message.person_id))
    heard(tx, at=now, how=message.channel, person_id=person.id)
    question = Question(
        person=person,
        text=words,
        because=Why.WANTS_PERSON,
        order_id=OrderId(message.order_id) if message.order_id else None,
        language=language_of(words),
        key=letter.key,
        quotes=quoted(_title(tx, message)),
    )
    opened = open_case(tx, question, policy=read_policy(tx, house.settings), now=now)
    return WrittenBack(case=opened.case, is_new=opened.is_new)


def _unheard(message: Message, letter: Letter, words: str) -> Unheard | None:
    if letter.sender and letter.sender.casefold() != message.address.casefold():
        return Unheard.OTHER_SENDER
    if is_automatic(letter.headers, sender=letter.sender, subject=letter.subject):
        return Unheard.AUTOMATIC
    return None if words else Unheard.EMPTY


def _leave(tx: Tx, house: House, message: Message, now: datetime) -> None:
    """End offers on the channel that was answered, as one act of the person's own."""
    person_id = PersonId(message.person_id)
    people.require(tx, person_id)
    with changing(house, tx, person_id, by_person(Door.REPLY, now)):
        off = {(Category.OFFERS, ChannelName(message.channel)): False}
        choose(tx, person_id, off, source=SOURCE, now=now)


def _title(tx: Tx, message: Message) -> str:
    words = as_sent(tx, message)
    if words is None:
        return ""
    shown = veiled(words, message.variables)
    return shown.title or shown.text.split("\n", 1)[0]
