"""Promotions of shops whose causes are known: what is foreseen beside what came, and the truth.

Twelve played shops hold promotions of six kinds on the same days of each year, to different
audiences at different discounts. Those of the later years are foreseen from the years before: by
nothing (the mean of the last four same weekdays), by what the same kind brought the shop last, and
by what is learnt of own and of others' promotions. The truth is not of the form that is learnt.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from ml.load.events import Event, Held, Uplift
from ml.load.series import Floats
from ml.load.uplift import Learnt
from ml.play.causes import Causes, Promotion
from ml.play.course import DAY_SLOTS
from ml.play.play import Played, play
from ml.play.world import YEAR, shops

Say = Callable[[str], None]

SHOPS, YEARS, SEED = 12, 3, 7
LAST, FARTHEST = 4, 8  # same weekdays that are the usual, of so many looked at
WIDTHS = (80, 95)  # percent


@dataclass(frozen=True, kw_only=True)
class Day:
    """One promotion's day as it came, as it usually would have, and the truth; all groups."""

    event: Event
    came: Floats  #: by open half hour
    usual: Floats
    rate: Floats
    uplift: float

    @property
    def held(self) -> Held:
        """What it teaches once it is over."""
        return Held(event=self.event, came=float(self.came.sum()), usual=float(self.usual.sum()))


def played(say: Say) -> Mapping[str, object]:
    """Measure the promotions of every year but the first: error by half hour, and intervals."""
    world = np.random.default_rng(SEED)
    causes = shops(Causes(), number=SHOPS, years=YEARS, rng=world)
    days = [
        day
        for number, one in enumerate(causes)
        for day in promotion_days(play(one, days=YEARS * YEAR, rng=world), one, f"shop-{number}")
    ]
    found: dict[str, list[tuple[Floats, Day]]] = {}
    inside: dict[tuple[str, int], list[bool]] = {}
    for year in range(1, YEARS):
        for day, uplifts, last in _foreseen(days, year):
            said = {"no_event": 1.0, "own_last": last}
            said |= {name: uplift.mean for name, uplift in uplifts.items()}
            for name, times in said.items():
                found.setdefault(name, []).append((day.usual * times, day))
            for name, uplift in uplifts.items():
                for width in WIDTHS:
                    low, high = uplift.interval(width / 100)
                    inside.setdefault((name, width), []).append(low <= day.uplift <= high)
    return {**_errors(found, say), **_held(inside, say)}


def promotion_days(of: Played, causes: Causes, shop: str) -> Sequence[Day]:
    """Return the days of promotions that have enough usual ones before them."""
    contacts = of.series.contacts.sum(axis=1).reshape(-1, DAY_SLOTS)
    rate = of.rate.sum(axis=1).reshape(-1, DAY_SLOTS)
    held = {one.day for one in causes.promotions}
    is_open = ~np.isnan(rate[0])
    found = []
    for one in causes.promotions:
        back = [one.day - 7 * week for week in range(1, FARTHEST + 1)]
        usual = [day for day in back if day >= 0 and day not in held][:LAST]
        if len(usual) == LAST:
            found.append(
                Day(
                    event=_event(one, of, shop),
                    came=contacts[one.day, is_open],
                    usual=contacts[usual][:, is_open].mean(axis=0),
                    rate=rate[one.day, is_open],
                    uplift=one.uplift,
                )
            )
    return found


def _event(one: Promotion, of: Played, shop: str) -> Event:
    starts_at = of.series.starts_at + timedelta(days=one.day)
    return Event(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=one.days),
        kind=one.kind,
        shop=shop,
        audience_share=one.audience_share,
        discount_share=one.discount_share,
    )


def _foreseen(days: Sequence[Day], year: int) -> Sequence[tuple[Day, Mapping[str, Uplift], float]]:
    """Return a year's promotions that their shop had held before, and what the past says."""
    first = min(day.event.starts_at for day in days)
    since, until = (
        first + timedelta(days=YEAR * at) - timedelta(days=7) for at in (year, year + 1)
    )
    before = [day.held for day in days if day.event.ends_at <= since]
    together = Learnt(before)
    found = []
    for day in days:
        event = day.event
        own = [one for one in before if one.event.shop == event.shop]
        same = [one.came / one.usual for one in own if one.event.kind == event.kind]
        if since < event.starts_at <= until and same:
            others = Learnt([one for one in before if one.event.shop != event.shop])
            uplifts = {"own_and_others": together.of(event), "others_only": others.of(event)}
            found.append((day, uplifts, same[-1]))
    return found


def _errors(found: Mapping[str, Sequence[tuple[Floats, Day]]], say: Say) -> Mapping[str, float]:
    """Return the summed error by half hour ÷ contacts in percent, beside no event, and truth."""
    wapes = {name: _wape([(said, day.came) for said, day in of]) for name, of in found.items()}
    wapes["truth"] = _wape([(day.rate, day.came) for _, day in found["no_event"]])
    plain, figures = wapes["no_event"], dict(wapes)
    for name, wape in wapes.items():
        figures[f"{name}_ratio"] = wape / plain
        say(f"  played, {name}: WAPE {wape:.2f} % = {wape / plain:.3f} x no event")
    return figures


def _wape(pairs: Sequence[tuple[Floats, Floats]]) -> float:
    off = sum(float(np.abs(said - came).sum()) for said, came in pairs)
    return 100 * off / sum(float(came.sum()) for _, came in pairs)


def _held(inside: Mapping[tuple[str, int], Sequence[bool]], say: Say) -> Mapping[str, float]:
    figures = {}
    for (name, width), held in inside.items():
        share = 100 * float(np.mean(held))
        figures[f"coverage_{width}_{name}"] = share
        say(f"  played, {name}: {width} % intervals held {share:.1f} % of {len(held)} true uplifts")
    return figures
