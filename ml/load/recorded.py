"""From counts to a series: which half hours brought nobody, and of which nothing is known.

A half hour without a count brought nobody, if anything at all was recorded on its day by the shop's
clock: who counts calls sends no zeros. A day without any record is not known, as when the desk was
closed or a system was down; so are the half hours before the very first record. A group that was
never told apart before has had none, so that the groups of a half hour always sum to the whole.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from ml.load.series import GROUPS, SLOT, Series
from ml.load.slots import midnight, slot_of

WHOLE = "all"  #: the first group of every series made here: all contacts together


def recorded(
    counts: Mapping[tuple[datetime, str], int], *, zone: ZoneInfo, until: datetime, country: str
) -> Series | None:
    """Return the series of everything counted before `until`; None if nothing was.

    Args:
        counts: Contacts by half hour and group.
        zone: The shop's.
        until: Aware; later half hours are not looked at, nor the one it lies in.
        country: Whose holidays count, two letters.
    """
    end = slot_of(until).astimezone(UTC)
    known = {(slot, about): n for (slot, about), n in counts.items() if slot < end}
    if not known:
        return None
    groups = [group for group in GROUPS if any(about == group for _, about in known)]
    first = min(slot for slot, _ in known)
    start = midnight(first, zone)
    contacts = np.zeros((max((end - start) // SLOT, 0), 1 + len(groups)))
    for (slot, about), count in known.items():
        row = (slot - start) // SLOT
        contacts[row, 0] += count
        contacts[row, 1 + groups.index(about)] += count
    days = {slot.astimezone(zone).date() for slot, _ in known}
    for row in range(len(contacts)):
        slot = start + row * SLOT
        if slot < first or slot.astimezone(zone).date() not in days:
            contacts[row] = np.nan
    if len(groups) == 1:  # then it is the whole
        contacts, groups = contacts[:, :1], []
    return Series(
        starts_at=start, zone=zone, groups=(WHOLE, *groups), contacts=contacts, country=country
    )
