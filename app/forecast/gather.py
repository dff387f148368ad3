"""Brings together what a plan is made of. Bounded: nine weeks, and the last promotions."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.forecast import contacts_store, promotions, sends_store
from app.settings import Settings
from ml.load.baseline import WEEKS_ASKED
from ml.load.plan import DAYS, Known, Window, hour_of
from ml.load.sends import SHARE_BY_HOUR
from ml.staffing.people import Target
from orders_core.tx import Tx

A_DAY = timedelta(days=1)
LOOKED_BACK = timedelta(weeks=WEEKS_ASKED) + A_DAY
PROMOTIONS_ASKED = 8
SHARE_ASKED = timedelta(weeks=4)
ENOUGH_FOR_A_SHARE = 100  # contacts


def known(tx: Tx, settings: Settings, *, now: datetime) -> Known:
    """Read everything that a plan made at `now` rests on."""
    coming = promotions.between(tx, since=now - LOOKED_BACK, until=now + DAYS * A_DAY)
    held = promotions.ended(tx, before=now, at_most=PROMOTIONS_ASKED)
    windows = _windows([*held, *coming])
    return Known(
        now=now,
        zone=ZoneInfo(settings.shop_zone),
        counts=_counts(tx, windows, now=now),
        windows=windows,
        messages=sends_store.per_hour(
            tx,
            since=now - (len(SHARE_BY_HOUR) + 24) * timedelta(hours=1),
            until=now + DAYS * A_DAY,
        ),
        person_share=_person_share(tx, now=now),
        target=target_of(settings),
    )


def target_of(settings: Settings) -> Target:
    """Return what the shop promises those who write."""
    return Target(
        handle_seconds=settings.handle_seconds,
        patience_seconds=settings.patience_seconds,
        within_seconds=settings.answer_within_seconds,
        share=settings.answer_percent / 100,
    )


def _windows(found: Sequence[promotions.Promotion]) -> Sequence[Window]:
    by_reference = {
        one.reference: Window(reference=one.reference, starts_at=one.starts_at, ends_at=one.ends_at)
        for one in found
    }
    return sorted(by_reference.values(), key=lambda window: (window.starts_at, window.reference))


def _counts(tx: Tx, windows: Sequence[Window], *, now: datetime) -> Mapping[datetime, int]:
    """Return contacts of the weeks before now, and of the weeks before each promotion."""
    stretches = [(now - LOOKED_BACK, now)]
    stretches += [
        (window.starts_at - LOOKED_BACK, min(window.ends_at, now))
        for window in windows
        if window.ends_at <= now
    ]
    counts: dict[datetime, int] = {}
    for since, until in _merged(stretches):
        counts |= contacts_store.per_hour(tx, since=hour_of(since), until=until)
    return counts


def _merged(stretches: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for since, until in sorted(stretches):
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], until))
        else:
            merged.append((since, until))
    return merged


def _person_share(tx: Tx, *, now: datetime) -> float:
    """Return the share of contacts that needed a person of late; 1 while few are known."""
    seen = contacts_store.answered(tx, since=now - SHARE_ASKED, until=now)
    if seen.contacts < ENOUGH_FOR_A_SHARE:
        return 1.0
    return 1 - seen.without_a_person / seen.contacts
