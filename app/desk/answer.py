"""Answers from facts: every sentence names the fact it rests on, and nothing is guessed.

Pure. What may be answered by itself is the sheet answers.csv; the rest is drafted for an agent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from app.desk import answer_money, answer_way, answer_wishes
from app.desk.drafts import DRAFTS
from app.desk.intent import Abstain, Why
from app.desk.may_answer import MAY, How
from app.desk.noted import noted
from app.desk.reading import Reading
from app.desk.said import Answer, Said, Speaker, Story, state
from ml.answers.extract.found import Found
from ml.answers.intents import Intent

Teller = Callable[[Story, Speaker], Iterator[Said]]

ANSWERS: Mapping[Intent, Teller] = {
    Intent.WHERE: answer_way.where,
    Intent.WHEN_ARRIVES: answer_way.arrives,
    Intent.WHEN_SHIPS: answer_way.ships,
    Intent.DELIVERED_NOT_RECEIVED: answer_way.where,
    Intent.TRACKING_STUCK: answer_way.stuck,
    Intent.PICKUP_CODE: answer_way.pickup,
    Intent.SPLIT_ORDER: answer_way.split,
    Intent.PAID_BUT_SHOWS_UNPAID: answer_money.paid,
    Intent.PAYMENT_FAILED: answer_money.pay,
    Intent.PREORDER_BALANCE: answer_money.balance,
    Intent.REFUND_WHERE: answer_money.refund,
    Intent.REFUND_HOW_LONG: answer_money.refund,
    Intent.CANCEL: answer_wishes.cancel,
    Intent.CHANGE_ADDRESS: answer_wishes.address,
    Intent.RETURN_HOW: answer_wishes.send_back,
    Intent.RETURN_STATUS: answer_wishes.sent_back,
    Intent.INVOICE: answer_wishes.invoice,
}
WHY: Mapping[How, Why] = {How.DRAFT: Why.DRAFTED, How.DISPUTED: Why.DISPUTED}
#: Words that are answered without an order: the sentence, and what it opens.
PERSONAL: Mapping[Intent, str | None] = {Intent.UNSUBSCRIBE: "preferences", Intent.THANKS: None}


def answer(reading: Reading, story: Story, *, zone: str, now: datetime) -> Answer | Abstain:
    """Answer a question about an order from what is known of it, or leave it to a person.

    Args:
        zone: Where the person lives: times are written on their clock.
    """
    row = MAY[reading.intent]
    if row.is_never:
        return never(reading)
    if not row.needs_order:
        return personal(reading, zone=zone, now=now)
    how = row.by_state[story.order.status]
    if how is not How.ANSWER:
        return Abstain(WHY[how], reading.language)
    said = tuple(_told(reading.intent, story, Speaker(reading.language, zone, now)))
    if not said or not {one.kind for one in said} <= row.may_use:
        return Abstain(Why.DRAFTED, reading.language)
    return Answer(reading.language, story.order, said)


def never(reading: Reading) -> Abstain:
    """Leave what is never answered to a person: at once where one is wanted."""
    is_beyond = reading.intent is Intent.OTHER
    return Abstain(Why.OUT_OF_SCOPE if is_beyond else Why.WANTS_PERSON, reading.language)


def personal(reading: Reading, *, zone: str, now: datetime) -> Answer:
    """Answer what needs no order."""
    opens = PERSONAL[reading.intent]
    speaker = Speaker(reading.language, zone, now)
    said = speaker.say(opens or str(reading.intent), f"person.{opens or 'words'}", opens)
    return Answer(reading.language, None, (said.opening(opens) if opens else said,))


def draft(
    reading: Reading, story: Story, *, zone: str, now: datetime, found: Sequence[Found] = ()
) -> Answer:
    """Write what an agent may send, whatever the sheet allows.

    First what to ask back, then what was `found` in the words, then the facts.
    """
    speaker = Speaker(reading.language, zone, now)
    asks = DRAFTS[reading.language].get(reading.intent)
    said = tuple(_told(reading.intent, story, speaker)) or (state(story, speaker),)
    first = (Said(asks, "question.intent", str(reading.intent)),) if asks else ()
    return Answer(reading.language, story.order, first + noted(found, speaker) + said)


def _told(intent: Intent, story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say what the books hold; an intent without a teller of its own hears how the order stands."""
    teller = ANSWERS.get(intent)
    if teller is None:
        yield state(story, speaker)
    else:
        yield from teller(story, speaker)
