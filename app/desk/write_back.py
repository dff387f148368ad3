"""A reply to any message of ours goes to a person, with the order and the message beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.desk.about import about
from app.desk.case import Case
from app.desk.intent import Why
from app.desk.open import Question, open_case
from app.desk.reading import language_of
from app.desk.written_back import Unheard, is_automatic, own_words, quoted
from app.forecast.contacts import heard
from app.house import House
from app.hub.policy import read_policy
from app.messages.as_sent import as_sent, veiled
from app.messages.history_store import Message
from app.people import store as people
from app.people.changing import changing
from app.people.choices import Category, ChannelName
from app.people.saying import Door, by_person
from app.people.stop_words import means_stop
from app.people.unsubscribe import REPLY, unsubscribe
from app.words.say import say
from app.words.show import masked
from orders_core.errors import NotFound
from orders_core.ids import OrderId, PersonId
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What came back, as its provider hands it over; `key` makes handing it over twice once.

    `sender` is an address as ours are kept, empty where nobody said. It `is_proven` where it came
    to an address that only our letter names: then it answers that letter, whoever sent it.
    """

    text: str
    channel: ChannelName
    sender: str = ""
    subject: str = ""
    headers: Mapping[str, str]
    key: str | None = None
    is_proven: bool = False


@dataclass(frozen=True, kw_only=True)
class WrittenBack:
    """What became of a reply: a case, the end of offers for these people, or why nothing."""

    case: Case | None = None
    is_new: bool = False
    left: Sequence[PersonId] | None = None
    unheard: Unheard | None = None


def write_back(
    tx: Tx, house: House, letter: Letter, message: Message | None, *, now: datetime
) -> WrittenBack:
    """Hand a reply to the desk, or end offers where it asks for nothing else.

    A machine's answer opens nothing and is told nothing, so two machines never talk to each other.
    Goodbye needs no message that it answers. Locks: the person, then what opening a case or a
    choice locks.

    Raises:
        NotFound: If it asks something and answers no message, or the person was erased since.
    """
    if is_automatic(letter.headers, sender=letter.sender, subject=letter.subject):
        return WrittenBack(unheard=Unheard.AUTOMATIC)
    words = own_words(letter.text)
    if means_stop(words):
        return WrittenBack(left=_leave(tx, house, letter, message, now))
    if message is None:
        raise NotFound("message", "answered by this reply")
    if unheard := _unheard(message, letter, words):
        return WrittenBack(unheard=unheard)
    person = people.find(tx, PersonId(message.person_id))
    question = Question(
        person=person,
        text=words,
        because=Why.WANTS_PERSON,
        order_id=OrderId(message.order_id) if message.order_id else None,
        language=language_of(words),
        key=letter.key,
        quotes=quoted(_title(tx, message), _from_elsewhere(letter, message, person.locale)),
    )
    opened = open_case(tx, question, policy=read_policy(tx, house.settings), now=now)
    if not opened.is_repeated:
        wants = about(words, locale=person.locale)
        heard(tx, at=now, how=message.channel, about=wants, person_id=person.id)
    return WrittenBack(case=opened.case, is_new=opened.is_new)


def _unheard(message: Message, letter: Letter, words: str) -> Unheard | None:
    if _is_of_another(letter, message) and not letter.is_proven:
        return Unheard.OTHER_SENDER
    return None if words else Unheard.EMPTY


def _is_of_another(letter: Letter, message: Message) -> bool:
    return bool(letter.sender) and letter.sender.casefold() != message.address.casefold()


def _from_elsewhere(letter: Letter, message: Message, locale: str) -> str:
    """Tell the agent where another address wrote than the one the letter went to."""
    if not _is_of_another(letter, message):
        return ""
    return say(locale, "desk.reply.elsewhere", sender=masked(letter.sender))


def _leave(
    tx: Tx, house: House, letter: Letter, message: Message | None, now: datetime
) -> Sequence[PersonId]:
    """End offers there for whoever is reached at the sender, each as one act of their own.

    Where nobody said who sent it, or it is proven what it answers, it is whoever got the message.
    """
    leaving: Sequence[PersonId] = [PersonId(message.person_id)] if message else []
    if letter.sender and not letter.is_proven:
        leaving = people.reached_at(tx, letter.channel, letter.sender)
    for one in leaving:
        with changing(house, tx, one, by_person(Door.REPLY, now)):
            unsubscribe(tx, one, Category.OFFERS, on=letter.channel, source=REPLY, now=now)
    return leaving


def _title(tx: Tx, message: Message) -> str:
    words = as_sent(tx, message)
    if words is None:
        return ""
    shown = veiled(words, message.variables)
    return shown.title or shown.text.split("\n", 1)[0]
