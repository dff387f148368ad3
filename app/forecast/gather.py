"""Brings together what a forecast is made of: two years of contacts, promotions, planned messages.

For a worker only: it carries numpy, which no web process loads.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from app.forecast import contacts_store, promotions, sends_store
from app.forecast.contacts_store import Told
from app.forecast.exposures import exposures
from app.settings import Settings
from ml.load.outlook import DAYS, Known
from ml.load.recorded import recorded
from ml.load.sends import SHARE_BY_HOUR
from ml.load.series import SLOT, Floats
from ml.load.slots import midnight, slot_of
from ml.load.windows import Window
from ml.staffing.people import Target
from orders_core.tx import Tx

HOUR = timedelta(hours=1)
LOOKED_BACK = timedelta(weeks=104)
SHARE_ASKED = timedelta(weeks=4)
ENOUGH_FOR_A_SHARE = 100  # contacts
TELLS_WITHIN = timedelta(days=7)  # a system that told nothing for longer is not waited for


def known(tx: Tx, settings: Settings, *, now: datetime) -> Known | None:
    """Read everything that a forecast made at `now` rests on; None while nothing is on record."""
    zone = ZoneInfo(settings.shop_zone)
    since = midnight(now - LOOKED_BACK, zone)
    told = contacts_store.per_slot(tx, since=since, until=slot_of(now))
    series = recorded(told, zone=zone, until=now, country=settings.shop_country)
    if series is None:
        return None
    ends = midnight(now, zone, days=DAYS)
    return Known(
        now=now,
        series=series,
        windows=_windows(promotions.between(tx, since=series.starts_at, until=ends)),
        messages=sends_store.per_hour(
            tx, since=midnight(now, zone) - len(SHARE_BY_HOUR) * HOUR, until=ends
        ),
        exposures=exposures(tx, since=series.starts_at, until=slot_of(now)),
        person_share=person_share(tx, now=now),
        target=target_of(settings),
        sent=sends_store.per_hour(tx, since=series.starts_at, until=midnight(now, zone)),
    )


def target_of(settings: Settings) -> Target:
    """Return what the shop promises those who write."""
    return Target(
        handle_seconds=settings.handle_seconds,
        patience_seconds=settings.patience_seconds,
        within_seconds=settings.answer_within_seconds,
        share=settings.answer_percent / 100,
    )


def person_share(tx: Tx, *, now: datetime) -> float:
    """Return the share of contacts that needed a person of late; 1 while few are known."""
    seen = contacts_store.answered(tx, since=now - SHARE_ASKED, until=now)
    if seen.contacts < ENOUGH_FOR_A_SHARE:
        return 1.0
    return 1 - seen.without_a_person / seen.contacts


def came_today(tx: Tx, groups: Sequence[str], *, zone: ZoneInfo, now: datetime) -> Floats:
    """Return what came in the half hours of today that are over: slots × groups.

    NaN from where on a system that tells its counts has not told them yet: as long as calls of
    this morning are not known, few chats alone are no quiet day.

    Args:
        groups: The whole first, then what contacts are about.
        zone: The shop's.
        now: The half hour it lies in is not over.
    """
    start, end = midnight(now, zone), slot_of(now)
    told: Told = contacts_store.per_slot(tx, since=start, until=end)
    came = np.zeros(((end - start) // SLOT, len(groups)))
    for (slot, about), count in told.items():
        row = (slot - start) // SLOT
        came[row, 0] += count
        if about in groups:
            came[row, groups.index(about)] += count
    until = contacts_store.told_until(tx, since=now - TELLS_WITHIN)
    if until is not None:
        came[max((until - start) // SLOT, 0) :] = np.nan
    return came


def _windows(found: Sequence[promotions.Promotion]) -> Sequence[Window]:
    return [
        Window(reference=one.reference, starts_at=one.starts_at, ends_at=one.ends_at)
        for one in found
    ]
