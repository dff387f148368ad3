"""How many write for one of what may happen, as a run stores it and others read it. No numpy."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ml.load.happenings import PRIORS, Cause, Known, Rate


def shown(rate: Rate) -> dict[str, Any]:
    """Write a rate as facts and answers show it."""
    return {**asdict(rate), "cause": str(rate.cause), "known": str(rate.known)}


def rates(facts: Mapping[str, Any] | None) -> Sequence[Rate]:
    """Return the rates that a run learnt; those of a run that knew none are assumed."""
    found = (facts or {}).get("rates")
    if not found:
        return PRIORS
    return [
        Rate(**{**one, "cause": Cause(one["cause"]), "known": Known(one["known"])}) for one in found
    ]
