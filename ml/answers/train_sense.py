"""Learning what texts mean: a softmax regression on an encoder's numbers, one class out of scope.

scikit-learn is imported here, in a job; what comes of it is two arrays.
"""

import numpy as np
from numpy.typing import NDArray

from ml.answers.encoder import Encoded

Floats = NDArray[np.float64]

STRETCH = 10.0  # rows of length 1 lie close together: stretched, the usual penalty fits them
NEVER_CALLED = -20.0  # the logit of a class without a text
MOST_STEPS = 300


def learn_sense(
    encoded: Encoded, wanted: NDArray[np.intp], *, classes: int
) -> tuple[NDArray[np.float32], Floats]:
    """Return weights (width × classes) and offsets of the regression."""
    from sklearn.linear_model import LogisticRegression

    centre = encoded.mean(axis=0, dtype=np.float64)
    machine = LogisticRegression(max_iter=MOST_STEPS).fit(STRETCH * (encoded - centre), wanted)
    coefficients, heights = machine.coef_, machine.intercept_
    weights = np.zeros((encoded.shape[1], classes), dtype=np.float32)
    weights[:, machine.classes_] = (STRETCH * coefficients.T).astype(np.float16)
    offsets = np.full(classes, NEVER_CALLED)
    offsets[machine.classes_] = heights - STRETCH * (coefficients @ centre)
    return weights, offsets
