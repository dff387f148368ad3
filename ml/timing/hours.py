"""When a person opens what they are told: everybody's week, their own day, their own week.

Opens are counted by hour of the week. A person's shares are the mean of a Dirichlet posterior: the
prior is everybody's week, `K` opens strong; first it learns the person's hours of the day, whatever
the day, and that then is the prior of their week (hierarchical Dirichlet-multinomial; Gelman et al.
2013, Bayesian Data Analysis, 3rd ed., sections 3.4 and 5.1). So ten opens move the hour, and the
weekday only after many. Who opened less than ten times has no hour of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DAY_HOURS, WEEK_DAYS = 24, 7
WEEK_HOURS = DAY_HOURS * WEEK_DAYS
FEWEST = 10  # opens
STRENGTH = 12.0  # opens that the prior weighs
BESIDE = 0.25  # of an open counts for the hour before, and as much for the hour after
NEXT_HOUR = 0.5  # of what is told in an hour is opened in the next: it counts for the choice
FLAT = 1.0  # opens that each hour of everybody's week has to begin with

Week = Sequence[float]  # 168 shares or counts, from Monday 00:00 on
Hours = Mapping[int, float]  # those of them that are above 0, by hour of the week


@dataclass(frozen=True)
class Best:
    """The hour of a day, 0 to 23, in which a person opens most; of how many opens it was learnt."""

    hour: int
    opens: int


def week_of(opens: Hours) -> list[float]:
    """Return a week of what was opened in its hours, smoothed over the hours beside each.

    Args:
        opens: How much was opened, by hour of the week on the clock of whoever opened it: 0 is
            Monday 00:00 to 01:00, 167 is Sunday 23:00 to 24:00.
    """
    week = [0.0] * WEEK_HOURS
    for hour, opened in opens.items():
        week[hour] += (1 - 2 * BESIDE) * opened
        week[(hour - 1) % WEEK_HOURS] += BESIDE * opened
        week[(hour + 1) % WEEK_HOURS] += BESIDE * opened
    return week


def shares_of_all(shares: Hours) -> list[float]:
    """Return everybody's shares; they add up to 1.

    Args:
        shares: By hour of the week, the sum over all people of the share of their opens that falls
            in it: each person counts once, however much they open.
    """
    total = [FLAT / WEEK_HOURS + share for share in week_of(shares)]
    whole = sum(total)
    return [share / whole for share in total]


def posterior(everybody: Week, own: Week) -> list[float]:
    """Return a person's shares by hour of the week; they add up to 1.

    Args:
        everybody: Shares, which add up to 1.
        own: Counts of the person's opens.
    """
    opens = sum(own)
    tilted = [0.0] * WEEK_HOURS
    for hour in range(DAY_HOURS):
        cells = range(hour, WEEK_HOURS, DAY_HOURS)
        usual = sum(everybody[cell] for cell in cells)
        seen = sum(own[cell] for cell in cells)
        tilt = (STRENGTH * usual + seen) / (STRENGTH + opens)
        for cell in cells:
            tilted[cell] = tilt * everybody[cell] / usual
    return [
        (STRENGTH * prior + seen) / (STRENGTH + opens)
        for prior, seen in zip(tilted, own, strict=True)
    ]


def best_hour(everybody: Week, own: Week, *, weekday: int, hours: Sequence[int]) -> Best | None:
    """Return the hour of a weekday to tell a person something in; None if it cannot be told.

    Args:
        weekday: 0 for Monday to 6 for Sunday.
        hours: Those that may be chosen, 0 to 23; of equal ones the earliest is.
    """
    opens = round(sum(own))
    if opens < FEWEST:
        return None
    shares = posterior(everybody, own)
    first = weekday * DAY_HOURS

    def worth(hour: int) -> float:
        return shares[first + hour] + NEXT_HOUR * shares[(first + hour + 1) % WEEK_HOURS]

    return Best(max(sorted(hours), key=worth), opens)
