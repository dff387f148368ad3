"""Chance that falls the same way every time."""

import random


def dice(seed: int) -> random.Random:
    """Return a source of chance of its own; the same seed gives the same throws."""
    return random.Random(seed)  # noqa: S311 - nothing secret hangs on it
