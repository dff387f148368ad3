"""Unsubscribing by one click, as RFC 8058 asks: no login, no question, twice is once."""

from datetime import datetime

from app.people.choice_store import choices_of, choose
from app.people.choices import Category, ChannelName
from app.people.store import require
from orders_core.ids import PersonId
from orders_core.tx import Tx

ONE_CLICK, LEAVE_PAGE = "one_click_unsubscribe", "unsubscribe_page"


def unsubscribe(
    tx: Tx, person_id: PersonId, category: Category, *, now: datetime, source: str = ONE_CLICK
) -> bool:
    """End a category by e-mail, the channel such a link comes in; say whether it was on before.

    Written down even where it was off: agreement that the shop records later does not undo it.

    Raises:
        NotFound: If there is no such person, or no longer.
    """
    require(tx, person_id)
    cell = (category, ChannelName.EMAIL)
    was_on = choices_of(tx, person_id)[cell]
    choose(tx, person_id, {cell: False}, source=source, now=now)
    return was_on
