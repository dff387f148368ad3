"""How a played shop's days go: demand, orders, parcels, refunds. Day after day, no contacts yet.

Each cause has dice of its own: with another switched off, it falls the same.
"""

from dataclasses import dataclass

import numpy as np

from ml.load.series import Floats
from ml.play.causes import Causes

DAY_SLOTS = 48


@dataclass(frozen=True, kw_only=True)
class Course:
    """What happened, by the day of the shop's calendar; orders also by the half hour."""

    demand: Floats  #: orders expected, promotions apart
    orders: Floats
    orders_by_slot: Floats  #: days × 48
    late: Floats  #: parcels past their promise, at the end of the day
    arrived: Floats  #: parcels that came
    refunds_open: Floats  #: at the end of the day
    short: Floats  #: orders prevented by shortage


def run(of: Causes, *, days: int, uplift: Floats, rng: np.random.Generator) -> Course:
    """Return the course of a shop's days.

    Args:
        of: What the shop is like.
        days: How many.
        uplift: Of orders in each half hour, days × 48; 1 where no promotion.
        rng: The dice; every cause takes its own from it.
    """
    of_demand, of_orders, of_trouble, of_parcels, of_returns = rng.spawn(5)
    demand = of.orders_a_day * _drift(of, days, of_demand)
    demand = demand * np.asarray(of.weekday)[(of.first_day.weekday() + np.arange(days)) % 7]
    short = _short(of, demand)
    expected = (demand - short)[:, None] * bought_by_slot()[None, :] * uplift
    by_slot = of_orders.poisson(expected).astype(np.float64)
    orders = by_slot.sum(axis=1)
    due = np.concatenate([np.full(of.promised_days, np.nan), orders])[:days]
    due = np.where(np.isnan(due), demand, due)  # what was ordered before the shop's first day
    late, arrived = _parcels(of, due, _late_share(of, days, of_trouble), of_parcels)
    for one in of.delays:
        late[one.day : one.day + one.days] += one.parcels
    return Course(
        demand=demand,
        orders=orders,
        orders_by_slot=by_slot,
        late=late,
        arrived=arrived,
        refunds_open=_refunds(of, arrived, of_returns),
        short=short,
    )


def bought_by_slot() -> Floats:
    """Return which share of a day's orders each half hour brings: most in the evening."""
    hours = np.arange(DAY_SLOTS) / 2
    shape = 0.05 + np.exp(-(((hours - 11) / 3.5) ** 2)) + 1.4 * np.exp(-(((hours - 20.5) / 2) ** 2))
    return np.asarray(shape / shape.sum())


def _drift(of: Causes, days: int, rng: np.random.Generator) -> Floats:
    log, steps = np.zeros(days), rng.normal(0.0, of.drift, days)
    for day in range(1, days):
        log[day] = of.drift_kept * log[day - 1] + steps[day]
    return np.exp(log)


def _short(of: Causes, demand: Floats) -> Floats:
    wanted = np.zeros(len(demand))
    for one in of.shortages:
        wanted[one.day : one.day + one.days] += one.wanted_share
    return demand * np.minimum(wanted, 1.0)


def _late_share(of: Causes, days: int, rng: np.random.Generator) -> Floats:
    """Return the share of each day's parcels that is late: carriers have trouble for some days."""
    share, is_trouble = np.empty(days), False
    for day, chance in enumerate(rng.random(days)):
        change = 1 / of.trouble_days if is_trouble else 1 / of.trouble_every_days
        is_trouble = is_trouble != (chance < change)
        share[day] = of.trouble_late_share if is_trouble else of.late_share
    return share


def _parcels(
    of: Causes, due: Floats, late_share: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return the parcels past their promise and those that came, by the day."""
    newly = rng.binomial(due.astype(np.int64), late_share)
    late, arrived, open_ = np.empty(len(due)), np.empty(len(due)), 0
    for day in range(len(due)):
        stayed = int(rng.binomial(open_, of.late_stays))
        arrived[day] = due[day] - newly[day] + (open_ - stayed)
        open_ = stayed + int(newly[day])
        late[day] = open_
    return late, arrived


def _refunds(of: Causes, arrived: Floats, rng: np.random.Generator) -> Floats:
    open_, found = 0, np.empty(len(arrived))
    for day, asked in enumerate(rng.binomial(arrived.astype(np.int64), of.return_share)):
        open_ = int(rng.binomial(open_, 1 - 1 / of.refund_days)) + int(asked)
        found[day] = open_
    return found
