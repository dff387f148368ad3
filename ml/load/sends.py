"""How many people write because they were sent a message. An assumption, until it is measured."""

from collections.abc import Mapping
from datetime import datetime, timedelta

CONTACTS_PER_THOUSAND = 6.0  # assumed; a shop that has measured its own puts that in its place
SHARE_BY_HOUR = (0.45, 0.25, 0.15, 0.10, 0.05)  # of them, in the hour of sending and the next four
HOUR = timedelta(hours=1)


def contacts_after(
    messages: Mapping[datetime, float], *, per_thousand: float = CONTACTS_PER_THOUSAND
) -> dict[datetime, float]:
    """Return the contacts that messages add, by the hour.

    Assumes that of a thousand people who are sent an offer six write, nearly half of them within
    the hour and the last in the fifth. No shop of ours has measured it yet.

    Args:
        messages: Messages that leave, by the hour they leave in.
        per_thousand: Contacts that a thousand messages cause; 0 or more.
    """
    added: dict[datetime, float] = {}
    for hour, count in messages.items():
        for later, share in enumerate(SHARE_BY_HOUR):
            at = hour + later * HOUR
            added[at] = added.get(at, 0.0) + count / 1000 * per_thousand * share
    return added
