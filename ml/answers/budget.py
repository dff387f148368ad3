"""How sure is sure enough: the threshold that keeps wrong answers under a shop's budget.

Learn-then-Test (Angelopoulos et al., 2021, arXiv 2110.01052) with an exact binomial test and fixed
sequence testing: thresholds are tried from the strictest on, and the first that cannot be shown to
keep the budget ends the search. What is returned keeps it with the confidence asked for, as long as
messages come as the calibration's did.
"""

import numpy as np
from numpy.typing import NDArray

NEVER = 2.0  # a threshold that no probability passes
STEPS = 400


def threshold(
    right: NDArray[np.float64],
    is_wrong: NDArray[np.bool_],
    *,
    budget: float,
    confidence: float,
) -> float:
    """Return the loosest threshold on `right` that keeps wrong answers within the budget.

    Args:
        right: The gate's word on each message of the calibration, in scope or not.
        is_wrong: Whether answering it would be wrong; an answer to what is out of scope is.
        budget: Wrong answers as a share of all messages, such as 0.005.
        confidence: That the true share is within it, such as 0.95.

    Returns:
        `NEVER` where even silence proves nothing: with no wrong answer 0.5 % takes 598 messages.
    """
    from scipy.special import bdtr

    kept = NEVER
    for level in np.unique(np.quantile(right, np.linspace(0, 1, STEPS)))[::-1]:
        wrong = int(np.sum(is_wrong & (right >= level)))
        if bdtr(wrong, len(right), budget) > 1 - confidence:
            break
        kept = float(level)
    return kept


def upper_bound(wrong: int, messages: int, *, confidence: float) -> float:
    """Return the one-sided Clopper-Pearson bound on a share of which `wrong` were seen."""
    from scipy.special import betaincinv

    if wrong >= messages:
        return 1.0
    return float(betaincinv(wrong + 1, messages - wrong, confidence))
