"""Which model is used and how it did, read from what a run stored beside its numbers. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WHOLE = "all"
PLAINEST = "four_weeks"
DECISIONS = ("T_14", "T_7", "T_1", "MORNING", "INTRADAY")
#: The contenders that look at what makes people write: those with trees.
LOOK_AT_EXPOSURES = frozenset({"trees", "trees_and_four_weeks", "trees_and_days", "all_three"})
NEAR = frozenset(DECISIONS[2:])  # decided by the model of today and tomorrow


@dataclass(frozen=True, kw_only=True)
class Used:
    """What is used for a group: today and tomorrow, and later."""

    group: str
    near: str
    later: str
    near_because: str
    later_because: str
    near_less: float | None  #: how much smaller its error is than the plainest one's; None if it is
    later_less: float | None

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the plainest is used."""
        return self.near == self.later == PLAINEST


@dataclass(frozen=True, kw_only=True)
class Judged:
    """How the model in use and the plainest did, at one moment of decision, on past weeks."""

    decision: str
    used: str
    slots: int
    plain_wape: float | None
    wape: float | None
    pinball: float | None
    coverage_80: float | None
    coverage_95: float | None


def used(facts: Mapping[str, Any]) -> Sequence[Used]:
    """Return what is used for each group, the whole first."""
    return [_used(one) for one in facts.get("models", ())]


def looks_at_exposures(facts: Mapping[str, Any], name: str) -> bool:
    """Say whether what is used for today and tomorrow looks at an exposure."""
    whole = next((one for one in used(facts) if one.group == WHOLE), None)
    is_given = name in facts.get("exposures", ())
    return whole is not None and is_given and whole.near in LOOK_AT_EXPOSURES


def judged(facts: Mapping[str, Any]) -> Sequence[Judged]:
    """Return how the whole was foreseen, decision by decision; none while too little is known."""
    whole = next((one for one in used(facts) if one.group == WHOLE), None)
    scores = {
        (one["decision"], one["contender"]): one
        for one in facts.get("backtest", ())
        if one["group"] == WHOLE and one["slots"]
    }
    if whole is None:
        return []
    rows = []
    for decision in DECISIONS:
        name = whole.near if decision in NEAR else whole.later
        found, plain = scores.get((decision, name)), scores.get((decision, PLAINEST))
        if found is not None:
            rows.append(_judged(decision, name, found, plain or {}))
    return rows


def _used(one: Mapping[str, Any]) -> Used:
    near, later = one["near"], one["later"]
    return Used(
        group=one["group"],
        near=near["used"],
        later=later["used"],
        near_because=near["because"],
        later_because=later["because"],
        near_less=_less(near),
        later_less=_less(later),
    )


def _less(choice: Mapping[str, Any]) -> float | None:
    return None if choice["used"] == PLAINEST else 1 - float(choice["against_baseline"])


def _judged(decision: str, name: str, found: Mapping[str, Any], plain: Mapping[str, Any]) -> Judged:
    return Judged(
        decision=decision,
        used=name,
        slots=found["slots"],
        plain_wape=plain.get("wape"),
        wape=found["wape"],
        pinball=found["pinball"],
        coverage_80=found["coverage_80"],
        coverage_95=found["coverage_95"],
    )
