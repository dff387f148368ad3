"""Messages that somebody means to send, told ahead so that the plan can count on replies."""

from collections.abc import Mapping
from datetime import datetime

from app.forecast import sends_store
from ml.load.sends import contacts_after
from orders_core.tx import Tx


def announce(tx: Tx, reference: str, messages: Mapping[datetime, int]) -> None:
    """Tell how many messages leave in which hours under a reference; what it told before falls.

    An empty mapping takes the announcement back.
    """
    sends_store.replace(tx, reference, {hour: n for hour, n in messages.items() if n > 0})


def added_contacts(messages: Mapping[datetime, int]) -> dict[datetime, float]:
    """Return the contacts that so many messages by the hour are taken to add, by the hour."""
    return contacts_after(messages)
