"""One run of the forecast: learnt anew, or the day that has begun put right. For a worker only.

What is learnt holds from the shop's last midnight on and reads nothing of today, so it is the same
whenever in the day it is made. Hourly runs take it and put right what is left of today.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import orjson
import structlog

from app.db.transaction import begin
from app.forecast import exposures, gather, plan_store, run_store
from app.forecast.plan import PlannedGroup, PlannedSlot
from app.forecast.rates import shown
from app.forecast.run_store import HOURLY, Columns, Made, Run
from app.house import House
from ml.load.backtest import Report
from ml.load.contenders import BASELINE
from ml.load.happenings import Rate
from ml.load.outlook import Known, Outlook, later_today, look_ahead, people
from ml.load.recorded import WHOLE
from ml.load.responses import learn
from ml.load.sends import CONTACTS_PER_THOUSAND
from ml.load.series import LEVELS, SLOT, Floats, Forecast
from ml.load.slots import midnight, slot_of
from ml.staffing.people import Target
from orders_core.tx import Tx

SEED = 1
QUANTILES = ("q1", "q2", "q3", "q4", "q5")

log = structlog.get_logger()


def foresee(house: House, run: Run) -> Made:
    """Make what a run asks for; reads in transactions of its own and computes outside of them."""
    now = house.clock.now()
    zone = ZoneInfo(house.settings.shop_zone)
    _count_history(house)
    with begin(house.engine) as tx:
        learnt = run_store.learnt_at(tx, midnight(now, zone))
        if run.why == HOURLY and learnt is not None:
            return _put_right(tx, learnt, zone=zone, now=now)
        known = gather.known(tx, house.settings, now=now)
    if known is None:
        return Made(slots=_columns([]), groups=_columns([]), facts={}, this_slot=slot_of(now))
    return _stored(look_ahead(known, seed=SEED), known)


def _count_history(house: House) -> None:
    """Count what history tells that was not counted yet, a stretch in a transaction."""
    while True:
        with begin(house.engine) as tx:
            if not exposures.fold(tx):
                return


def _stored(outlook: Outlook, known: Known) -> Made:
    made = outlook.forecast
    times = np.repeat(outlook.times[:, None], len(made.groups), axis=1)
    usual = np.divide(made.baseline, times, out=np.zeros(times.shape), where=times > 0)
    slots, groups = _rows(made, usual)
    for row, at in zip(slots, _known_rows(made), strict=True):
        row |= {
            "multiplier": float(outlook.times[at]),
            "level": 1.0,
            "added": float(outlook.added[at]),
            "people_needed": outlook.people[at],
        }
    return Made(
        slots=_columns(slots),
        groups=_columns(groups),
        facts=facts_of(outlook, known),
        this_slot=slot_of(known.now),
    )


def _put_right(tx: Tx, learnt: Any, *, zone: ZoneInfo, now: datetime) -> Made:
    """Put the rest of today right by what came so far; what is over stays as it was foreseen."""
    start, end = midnight(now, zone), midnight(now, zone, days=1)
    base, parts = plan_store.made_by(tx, learnt.id, since=start, until=end)
    facts = dict(learnt.facts)
    made = _forecast(base, parts, facts["groups"], start, (end - start) // SLOT)
    came = gather.came_today(tx, made.groups, zone=zone, now=now)
    trust = np.array([facts["trust"][group] for group in made.groups])
    right, level = later_today(made, came, trust=trust, zone=zone)
    needed = people(
        right.mean[:, 0],
        right.quantiles[:, :, 0],
        facts["person_share"],
        Target(**facts["target"]),
    )
    slots, groups = _rows(right, made.baseline)
    was = {one.slot: one for one in base}
    for row, at in zip(slots, _known_rows(right), strict=True):
        one = was[row["slot"]]
        row |= {"multiplier": one.multiplier, "level": level, "added": one.added}
        row |= {"people_needed": needed[at]}
    this_slot = slot_of(now)
    return Made(
        slots=_columns([row for row in slots if row["slot"] >= this_slot]),
        groups=_columns([row for row in groups if row["slot"] >= this_slot]),
        facts={**facts, "learnt_until": None, "learnt_at": str(learnt.made_at), "level": level},
        this_slot=this_slot,
    )


def _forecast(
    slots: Sequence[PlannedSlot],
    parts: Sequence[PlannedGroup],
    groups: Sequence[str],
    start: datetime,
    count: int,
) -> Forecast:
    """Return what was stored as it was foreseen; NaN where nothing was. Its baseline is `usual`."""
    usual, mean = np.full((count, len(groups)), np.nan), np.full((count, len(groups)), np.nan)
    quantiles = np.full((len(LEVELS), count, len(groups)), np.nan)
    for one in (*slots, *parts):
        about = one.about if isinstance(one, PlannedGroup) else WHOLE
        at = (one.slot - start) // SLOT, groups.index(about)
        usual[at], mean[at], quantiles[:, *at] = one.usual, one.expected, one.quantiles
    return Forecast(
        starts_at=start,
        groups=tuple(groups),
        baseline=usual,
        mean=mean,
        quantiles=quantiles,
        used={},
    )


def _known_rows(made: Forecast) -> Sequence[int]:
    """Return the slots of which anything is foreseen: a desk that was always closed has none."""
    return [int(at) for at in np.flatnonzero(~np.isnan(made.mean[:, 0]))]


def _rows(made: Forecast, usual: Floats) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of the whole and of the groups."""
    slots, groups = [], []
    for at in _known_rows(made):
        for column, about in enumerate(made.groups):
            row = {
                "slot": made.starts_at + at * SLOT,
                "usual": _number(usual[at, column]) or 0.0,
                "expected": _number(made.mean[at, column]) or 0.0,
                **{
                    name: _number(one) or 0.0
                    for name, one in zip(QUANTILES, made.quantiles[:, at, column], strict=True)
                },
            }
            if about == WHOLE:
                slots.append(row)
            else:
                groups.append({**row, "about": about})
    return slots, groups


NAMES = (
    *("slot", "about", "usual", "multiplier", "level", "added", "expected"),
    *(*QUANTILES, "people_needed"),
)


def _columns(rows: Sequence[Mapping[str, Any]]) -> Columns:
    return {name: [row.get(name) for row in rows] for name in NAMES}


def facts_of(outlook: Outlook, known: Known) -> Mapping[str, Any]:
    """Return what a forecast rests on, to be stored beside it and shown on its page."""
    following = outlook.lessons.next
    low, high = following.interval()
    series = known.series
    return {
        "learnt_until": midnight(known.now, series.zone).isoformat(),
        "known_since": series.starts_at.isoformat(),
        "contacts_known": int(np.nansum(series.contacts[:, 0])),
        "groups": list(outlook.forecast.groups),
        "level": 1.0,
        "multiplier": {
            "mean": following.mean,
            "low": low,
            "high": high,
            "promotions_used": following.own_used,
        },
        "held": {
            name: {"came": one.came, "usual": one.usual}
            for name, one in outlook.lessons.held.items()
        },
        "person_share": known.person_share,
        "target": asdict(known.target),
        "contacts_per_thousand_sends": CONTACTS_PER_THOUSAND,
        "exposures": [one.name for one in known.exposures],
        "rates": [shown(one) for one in _rates(known)],
        **report_of(outlook.report),
        "inputs": digest_of(known),
    }


def _rates(known: Known) -> Sequence[Rate]:
    """Return how many write for one of what may happen, promotions aside."""
    is_promotion = np.zeros(len(known.series.contacts), dtype=bool)
    for one in known.windows:
        since, until = ((at - known.series.starts_at) / SLOT for at in (one.starts_at, one.ends_at))
        is_promotion[max(math.floor(since), 0) : max(math.ceil(until), 0)] = True
    return learn(known.series, known.exposures, known.sent, is_promotion)


def report_of(report: Report) -> Mapping[str, Any]:
    """Return who is used and how they did: the used and the plainest forecast at each decision."""
    models, used = [], set()
    for near, later in zip(report.near, report.choices, strict=True):
        used |= {(near.group, near.used), (later.group, later.used), (near.group, BASELINE)}
        models.append(
            {
                "group": near.group,
                "near": {**asdict(near), "because": str(near.because)},
                "later": {**asdict(later), "because": str(later.because)},
            }
        )
    scores = [
        {
            name: _number(value) if isinstance(value, float) else value
            for name, value in {**asdict(one), "decision": one.decision.name}.items()
        }
        for one in report.scores
        if (one.group, one.contender) in used
    ]
    return {"models": models, "backtest": scores, "trust": dict(report.trust)}


def digest_of(known: Known) -> str:
    """Return the SHA-256 of everything that went in: equal digests mean equal forecasts."""
    told = {
        "origin": midnight(known.now, known.series.zone),
        "zone": known.series.zone.key,
        "windows": sorted(
            (one.reference, one.starts_at, one.ends_at, one.ends_at <= known.now)
            for one in known.windows
        ),
        "messages": sorted(known.messages.items()),
        "sent": sorted(known.sent.items()),
        "person_share": known.person_share,
        "target": asdict(known.target),
    }
    digest = hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS))
    digest.update(orjson.dumps([known.series.groups, known.series.country]))
    digest.update(known.series.contacts.tobytes())
    for one in known.exposures:
        digest.update(one.name.encode() + one.values.tobytes() + one.known_at.tobytes())
    return digest.hexdigest()


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
