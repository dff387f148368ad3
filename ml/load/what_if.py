"""A plan as it would stand after a happening: its range, and the people by the plan's own rule."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.load.outlook import DEVIATES, apart, people
from ml.load.series import Floats
from ml.staffing.people import Target


@dataclass(frozen=True, kw_only=True)
class WithIt:
    """One day's half hours with what was added."""

    mean: Floats
    quantiles: Floats  #: levels × slots
    people: Sequence[int]


def with_it(
    mean: Floats,
    quantiles: Floats,
    *,
    added: Floats,
    sd: Floats,
    person_share: float,
    target: Target,
) -> WithIt:
    """Return one day of a plan with contacts added to it.

    Added counts vary by chance around their rate, and the rate by what is believed of it: the range
    widens by both.

    Args:
        mean: Contacts expected in each half hour of one day.
        quantiles: Levels × slots, of `LEVELS`.
        added: Contacts added to each; 0 leaves its range as it was.
        sd: Deviation of what is believed of them.
        person_share: Of contacts that need a person, 0 to 1.
        target: What is promised.
    """
    moved = mean + added
    off = np.outer(DEVIATES, np.sqrt(added + sd**2))
    wide = apart(moved, quantiles + added, off)
    return WithIt(mean=moved, quantiles=wide, people=people(moved, wide, person_share, target))
