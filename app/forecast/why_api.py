"""Why so many will write, over the API."""

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request

from app.forecast import plan_store, run_store
from app.forecast.api import From, Reader, To, stretch
from app.forecast.peaks import Behind
from app.forecast.why import At, Explained, Up, why
from app.http.deps import Now, Transaction
from app.http.pages import settings_of

router = APIRouter(prefix="/v1/forecast", tags=["forecast"])


@router.get("/why")
def read_why(
    request: Request, tx: Transaction, now: Now, _: Reader, since: From = None, until: To = None
) -> Any:
    """Read what stands behind the peaks of a stretch: by default the week from this half hour on.

    `shares` are contacts by cause; they sum to `expected` less `ordinary`, what an ordinary day of
    the coming week brings at these times. `standing` is what makes people write and stands above
    its usual now; `counts` says whether the forecast that is used knows of it.
    """
    first, last = stretch(now, since, until)
    at = At(now=now, zone=ZoneInfo(settings_of(request).shop_zone), run=run_store.latest(tx))
    planned = plan_store.plan(tx, since=first, until=last)
    found = why(tx, planned, [one.slot for one in planned], at)
    return {
        "whole": _behind(found.day) if found.day else None,
        "peaks": [_peak(one) for one in found.peaks],
        "standing": [_up(one) for one in found.up],
    }


def _behind(of: Behind) -> dict[str, Any]:
    return {
        "expected": of.expected,
        "ordinary": of.ordinary,
        "shares": dict(of.shares),
        "is_explained": of.is_explained,
    }


def _peak(one: Explained) -> dict[str, Any]:
    peak = one.peak
    return {
        "from": peak.since,
        "to": peak.until,
        "multiplier": peak.multiplier,
        "level": peak.level,
        "promotions": [promotion.reference for promotion in one.promotions],
        **_behind(peak.behind),
    }


def _up(one: Up) -> dict[str, Any]:
    of = one.of
    return {
        "name": of.name,
        "from": of.since,
        "to": of.until,
        "events": of.events,
        "usual": of.usual,
        "times": of.times,
        "chance": of.chance,
        "asked_about": list(one.about),
        "counts": one.counts,
    }
