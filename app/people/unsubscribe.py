"""Unsubscribing by one click, as RFC 8058 asks, or by an answer: no question, twice is once."""

from datetime import datetime

from app.people.choice_store import choices_of, choose
from app.people.choices import Category, ChannelName
from app.people.store import require
from orders_core.ids import PersonId
from orders_core.tx import Tx

ONE_CLICK, LEAVE_PAGE, REPLY = "one_click_unsubscribe", "unsubscribe_page", "reply"


def unsubscribe(
    tx: Tx,
    person_id: PersonId,
    category: Category,
    *,
    now: datetime,
    source: str = ONE_CLICK,
    on: ChannelName = ChannelName.EMAIL,
) -> bool:
    """End a category on the channel the wish came by; say whether it was on before.

    Written down even where it was off: agreement that the shop records later does not undo it.

    Raises:
        NotFound: If there is no such person, or no longer.
    """
    require(tx, person_id)
    cell = (category, on)
    was_on = choices_of(tx, person_id)[cell]
    choose(tx, person_id, {cell: False}, source=source, now=now, past_locks=True)
    return was_on
