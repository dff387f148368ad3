"""Whoever changes their mind is heard at once: what is queued and wanted no more is cancelled."""

from collections.abc import Callable, Collection
from datetime import datetime

from app.hub import digest_again
from app.hub import release_store as store
from app.hub.bells import bells
from app.hub.bounds import Bounds
from app.hub.catalogue import NOTICES
from app.hub.digest_again import Again
from app.hub.meet import meet
from app.hub.permission import consent, mute, pause, preference
from app.hub.policy import read_policy
from app.hub.question import Question
from app.hub.reach import suppression
from app.hub.release_store import Held, Then
from app.hub.verdict import Skip
from app.messages import sealed_store
from app.people import mute_store
from app.people.choice_store import choose
from app.people.choices import Category, ChannelName
from app.people.order_wish import about
from app.people.recipient import Recipient
from app.settings import Settings
from orders_core.ids import PersonId
from orders_core.tx import Tx

RETURNED = "said_before_erase"
#: What a person can say, the bells asked for and no longer among it. Their own choice comes first:
#: it is the reason they will recognise.
SAID = (preference, pause, mute, bells, consent, suppression)


def heeding(settings: Settings) -> Callable[[Tx, Collection[PersonId], datetime], int]:
    """Return `heed` as the house carries it, under the shop's policy as it stands then."""
    secret = settings.secret_key.get_secret_value().encode()

    def heed_them(tx: Tx, people: Collection[PersonId], now: datetime) -> int:
        _recall(tx, people, secret, now)
        held = store.take_of_people(tx, people)
        return _heed(tx, held, read_policy(tx, settings).bounds, now) if held else 0

    return heed_them


def _recall(tx: Tx, people: Collection[PersonId], secret: bytes, now: datetime) -> None:
    """Obey what was said of an address before its person was erased, now that it is back."""
    for person_id, channel in sealed_store.recall(tx, people, secret=secret, now=now):
        no = {(Category.OFFERS, ChannelName(channel)): False}
        choose(tx, person_id, no, source=RETURNED, now=now, past_locks=True)


def _heed(tx: Tx, held: Collection[Held], bounds: Bounds, now: datetime) -> int:
    """Cancel what these people no longer want, each with its reason; return how many that were.

    Out of a digest falls what of it is wanted no more. What a worker holds at this moment is asked
    again as it leaves.
    """
    people = meet(tx, {one.person_id for one in held})
    wishes = mute_store.wishes(tx, {one.order_id for one in held if one.order_id})
    digests = digest_again.ask_again(tx, held, people, bounds, now)
    settled = []
    for one in held:
        person = about(people[one.person_id], one.order_id, wishes)
        then = _then(one, digests.get(one.id), person, bounds, now)
        settled.append((one, then or Then(address=one.address, due_at=one.due_at)))
    gone = [(one, then) for one, then in settled if then.because]
    store.write(tx, gone, now=now)
    digest_again.write(tx, settled, digests)
    return len(gone)


def _then(
    one: Held, digest: Again | None, person: Recipient, bounds: Bounds, now: datetime
) -> Then | None:
    """Say that a message does not leave, and why; None where nobody minds it.

    A pause that is over before the message is due minds nothing.
    """
    if digest and not digest.left:
        return Then.cancelled(one, digest.because)
    notice = (digest and digest.notice) or NOTICES.get(one.notice)
    if notice is None:
        return None
    question = Question(notice, person, (), bounds, max(now, one.due_at))
    for rule in SAID:
        answer = rule(question, (one.channel,)).answer
        if isinstance(answer, Skip):
            return Then.cancelled(one, answer.because)
    return None
