"""A shop that is played: what happened, who wrote, and the rate at which they had to.

Pure and seeded: the same causes and the same dice give the same bytes. It grades models: a
forecast can be held against the rate itself, which no real shop ever shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import numpy as np

from ml.load.series import GROUPS, SLOT, Exposure, Floats, Series
from ml.play.causes import Causes, Promotion
from ml.play.course import DAY_SLOTS, Course, run

PLANNED_DAYS = 28  # a campaign is planned so long before it leaves
SEND_SLOTS = 32  # after which nobody writes about a message any more


@dataclass(frozen=True, kw_only=True)
class Played:
    """A shop's past as a model may see it, and the truth behind it."""

    series: Series
    exposures: Sequence[Exposure]
    rate: Floats  #: slots × groups, contacts expected; NaN while the desk is closed
    uplift: Floats  #: slots, how many times the usual promotions make it; 1 without
    course: Course


def play(causes: Causes, *, days: int, rng: np.random.Generator) -> Played:
    """Play a shop for so many days from its first.

    Args:
        causes: The shop; what is switched off there brings nobody, and all else stays as it was.
        days: How many.
        rng: The dice.
    """
    of_course, of_contacts = rng.spawn(2)
    uplift = uplifts(causes.promotions, days=days)
    course = run(causes, days=days, uplift=uplift, rng=of_course)
    rate = _rate(causes, course, uplift)
    is_open = np.zeros(DAY_SLOTS, dtype=bool)
    is_open[causes.opens_slot : causes.closes_slot] = True
    rate[:, ~is_open] = np.nan
    starts_at = datetime.combine(causes.first_day, time(), causes.zone).astimezone(UTC)
    contacts = _counted(rate, causes.dispersion, of_contacts)
    return Played(
        series=Series(
            starts_at=starts_at,
            zone=causes.zone,
            groups=GROUPS,
            contacts=contacts.reshape(-1, len(GROUPS)),
        ),
        exposures=_exposures(causes, course, starts_at),
        rate=rate.reshape(-1, len(GROUPS)),
        uplift=uplift.ravel(),
        course=course,
    )


def uplifts(promotions: Sequence[Promotion], *, days: int) -> Floats:
    """Return how many times the usual each half hour brings: days × 48; the larger of two holds."""
    found = np.ones((days, DAY_SLOTS))
    for one in promotions:
        held = found[one.day : one.day + one.days, one.from_slot :]
        np.maximum(held, one.uplift, out=held)
    return found


def asked_by_slot(of: Causes) -> Floats:
    """Return which share of a day's contacts each half hour brings; 0 while the desk is closed."""
    hours = np.arange(DAY_SLOTS) / 2
    awake = 0.01 + 0.45 * np.exp(-(((hours - 15) / 8) ** 6))
    shape = (
        awake + np.exp(-(((hours - 10.5) / 2.2) ** 2)) + 0.7 * np.exp(-(((hours - 20) / 2) ** 2))
    )
    shape[: of.opens_slot] = shape[of.closes_slot :] = 0.0
    return np.asarray(shape / shape.sum())


def _rate(of: Causes, course: Course, uplift: Floats) -> Floats:
    """Return the contacts expected: days × 48 × groups. A promotion multiplies all of them."""
    shape, ordinary = asked_by_slot(of), course.demand
    aged = sum(
        share * _days_ago(course.orders, age, course.demand)
        for age, share in enumerate(of.where_by_age)
    )
    by_day = [
        aged + of.where_late * course.late,
        of.delivery_late * course.late
        + of.delivery_arrived * _days_ago(course.arrived, 1, course.demand),
        of.return_open * course.refunds_open
        + of.return_arrived * _days_ago(course.arrived, 2, course.demand),
        of.presale_wanted * ordinary + of.presale_short * course.short,
        of.payment_order * ordinary,
        np.full(len(ordinary), of.other * of.orders_a_day),
    ]
    rate = np.stack([day[:, None] * shape for day in by_day], axis=-1)
    rate[:, :, GROUPS.index("presale")] += _of_sends(of, len(ordinary))
    return np.asarray(rate * uplift[:, :, None])


def _days_ago(of: Floats, days: int, before: Floats) -> Floats:
    """Return what was so many days ago; of before the first day, what is usual."""
    return np.concatenate([before[:days], of])[: len(of)]


def _of_sends(of: Causes, days: int) -> Floats:
    """Return the contacts that messages bring, days × 48: half as many after each half-life."""
    left = 0.5 ** (np.arange(SEND_SLOTS) / of.send_half_life_slots)
    curve = of.presale_send * left / left.sum()
    found = np.zeros(days * DAY_SLOTS + SEND_SLOTS)
    for one in of.sends:
        first = one.day * DAY_SLOTS + one.slot
        if first < days * DAY_SLOTS:
            found[first : first + SEND_SLOTS] += one.messages * curve
    return found[: days * DAY_SLOTS].reshape(days, DAY_SLOTS)


def _counted(rate: Floats, dispersion: float, rng: np.random.Generator) -> Floats:
    """Return who wrote: Poisson, or negative binomial around the rate; NaN where that is."""
    is_open = ~np.isnan(rate)
    found = np.full(rate.shape, np.nan)
    around = rate[is_open]
    if dispersion > 0:
        around = around * rng.gamma(1 / dispersion, dispersion, around.shape)
    found[is_open] = rng.poisson(around)
    return found


def _exposures(of: Causes, course: Course, starts_at: datetime) -> Sequence[Exposure]:
    """Return what a shop would have on record: counted when over, planned when planned."""
    slots = np.arange(len(course.demand) * DAY_SLOTS)
    start = np.datetime64(starts_at.replace(tzinfo=None), "s")
    slot, day = np.timedelta64(SLOT), np.timedelta64(timedelta(days=1))
    over = start + (slots + 1) * slot
    day_over = start + (slots // DAY_SLOTS + 1) * day
    planned = start + slots * slot - PLANNED_DAYS * day
    sent = np.zeros(len(slots))
    for one in of.sends:
        at = one.day * DAY_SLOTS + one.slot
        if at < len(sent):
            sent[at] += one.messages

    def each_slot(by_day: Floats) -> Floats:
        return np.repeat(by_day, DAY_SLOTS) / DAY_SLOTS

    return [
        Exposure(name="orders", values=course.orders_by_slot.ravel(), known_at=over),
        Exposure(name="parcels_late", values=each_slot(course.late), known_at=day_over),
        Exposure(name="refunds_open", values=each_slot(course.refunds_open), known_at=day_over),
        Exposure(name="sold_out", values=each_slot(course.short), known_at=day_over),
        Exposure(name="messages", values=sent, known_at=planned),
    ]
