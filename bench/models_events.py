"""How well promotions are foreseen: shops whose causes are known, and event weeks of 33 stores.

The stores' are sales, not contacts: they show that an uplift which is learnt and shrunk carries
over, from year to year and from store to store. Each week is foreseen from the four weeks before
it and the event weeks of earlier years, of its own store, of the others, or of both.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from bench.data import data
from bench.models_played import played
from ml.load.events import Event, Held, Uplift
from ml.load.uplift import Learnt

Say = Callable[[str], None]

SALES = "weekly_sales_33_stores.csv"
WEEK = timedelta(weeks=1)
LAST = 4  # weeks that the plain forecast is the mean of
# The flagged holidays of the data, but that Christmas is bought before it: its flag marks the week
# after. Days are the Fridays that the weeks end on.
WEEKS: Mapping[str, Sequence[str]] = {
    "super_bowl": ("2010-02-12", "2011-02-11", "2012-02-10"),
    "labor_day": ("2010-09-10", "2011-09-09", "2012-09-07"),
    "thanksgiving": ("2010-11-26", "2011-11-25"),
    "before_christmas": ("2010-12-24", "2011-12-23"),
}
JUDGED = (2011, 2012)
WIDTHS = (80, 95)  # percent
LITTLE = 0.0  # what is believed of the logarithm of a week's uplift in sales before any was seen
TOLD = 1_000.0  # of a currency, taken for one count: sales are sums of many


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """One week of one store: what each contender said, and what came."""

    kind: str
    came: float
    said: Mapping[str, float]
    inside: Mapping[tuple[str, int], bool]  #: the interval of a contender, by its percent


def measure(say: Say) -> Mapping[str, object]:
    """Measure the error of event weeks beside the mean of the last four weeks."""
    return {"played": played(say), "weekly_sales": weekly(say)}


def weekly(say: Say) -> Mapping[str, object]:
    """Measure event weeks of 33 stores: every contender on the same weeks, all and by kind."""
    held = [one for name, weeks in weekly_sales().items() for one in _held(name, weeks)]
    foreseen = [one for year in JUDGED for one in _year(held, year)]
    figures: dict[str, object] = {"all": _wapes("all", foreseen, say)}
    for kind in WEEKS:
        figures[kind] = _wapes(kind, [one for one in foreseen if one.kind == kind], say)
    for name in ("own_and_others", "others_only"):
        for width in WIDTHS:
            held_by = 100 * float(np.mean([one.inside[name, width] for one in foreseen]))
            figures[f"coverage_{width}_{name}"] = held_by
            say(f"  {name}: {width} % intervals held {held_by:.1f} % of {len(foreseen)} weeks")
    return figures


def _year(held: Sequence[Held], year: int) -> Sequence[Foreseen]:
    """Return the event weeks of a year as the years before foresaw them.

    One store lacks a week; the same a year later is judged by no contender.
    """
    before = [one for one in held if one.event.ends_at.year < year]
    shops = sorted({one.event.shop for one in before})
    together = Learnt(before, prior_log=LITTLE)
    apart = {
        shop: Learnt([one for one in before if one.event.shop != shop], prior_log=LITTLE)
        for shop in shops
    }
    return [
        _foreseen(one, before, {"own_and_others": together, "others_only": apart[one.event.shop]})
        for one in held
        if one.event.ends_at.year == year and _own(one, before)
    ]


def _foreseen(one: Held, before: Sequence[Held], learnt: Mapping[str, Learnt]) -> Foreseen:
    alike = [past for past in before if past.event.kind == one.event.kind]
    theirs = [past.came / past.usual for past in alike if past.event.shop != one.event.shop]
    uplifts = {name: by.of(one.event) for name, by in learnt.items()}
    times = {
        "last_four_weeks": 1.0,
        "own_last_year": _own(one, before)[-1],
        "mean_of_others": float(np.mean(theirs)),
        **{name: uplift.mean for name, uplift in uplifts.items()},
    }
    return Foreseen(
        kind=one.event.kind,
        came=one.came,
        said={name: one.usual * by for name, by in times.items()},
        inside={
            (name, width): _holds(uplift, one, width / 100)
            for name, uplift in uplifts.items()
            for width in WIDTHS
        },
    )


def _own(one: Held, before: Sequence[Held]) -> Sequence[float]:
    """Return the uplifts of the same event in the same store, year after year."""
    return [
        past.came / past.usual
        for past in before
        if (past.event.shop, past.event.kind) == (one.event.shop, one.event.kind)
    ]


def _holds(uplift: Uplift, one: Held, share: float) -> bool:
    low, high = uplift.interval(share)
    return low <= one.came / one.usual <= high


def _wapes(what: str, foreseen: Sequence[Foreseen], say: Say) -> Mapping[str, float]:
    """Return the summed error ÷ what came in percent, and what it is of the plain one's."""
    came = sum(one.came for one in foreseen)
    found = {
        name: 100 * sum(abs(one.said[name] - one.came) for one in foreseen) / came
        for name in foreseen[0].said
    }
    plain = found["last_four_weeks"]
    for name, wape in found.items():
        say(f"  {what}, {name}: WAPE {wape:.2f} % = {wape / plain:.3f} x last four weeks")
    return {**found, **{f"{name}_ratio": wape / plain for name, wape in found.items()}}


def weekly_sales() -> Mapping[str, Mapping[datetime, float]]:
    """Return the sales of each store by the Friday that its week ended on, in thousands."""
    found: dict[str, dict[datetime, float]] = {}
    with data(SALES).open() as file:
        for row in csv.DictReader(file):
            friday = datetime.strptime(row["Date"], "%d-%m-%Y").replace(tzinfo=UTC)
            found.setdefault(row["Store"], {})[friday] = float(row["Weekly_Sales"]) / TOLD
    return found


def _held(store: str, weeks: Mapping[datetime, float]) -> Sequence[Held]:
    """Return the event weeks of a store; the first had but one week before it."""
    found = []
    for kind, days in WEEKS.items():
        for day in days:
            friday = datetime.fromisoformat(day).replace(tzinfo=UTC)
            before = [friday - at * WEEK for at in range(1, LAST + 1)]
            last = [weeks[at] for at in before if at in weeks]
            if friday in weeks and last:
                event = Event(starts_at=friday - WEEK, ends_at=friday, kind=kind, shop=store)
                found.append(Held(event=event, came=weeks[friday], usual=sum(last) / len(last)))
    return found
