"""Where people look, as the last night found it: shares, what named bells, and the gain. Pure.

Tellings of one person are alike, so a share is no surer than of fewer tellings of strangers: cases
are divided by Kish's design effect (Kish 1965, Survey Sampling: 162), and then Wilson's interval.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.ops.worth import Share
from ml.chance.measured import Gain


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Of what rang on a channel, how much was opened in time; `told` of so many `people`."""

    about: str
    channel: str
    people: int
    told: int
    value: float
    share: Share  #: with as many cases as tell as much

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "Rate":
        """Take what a night wrote."""
        told, people = facts["told"], facts["people"]
        strength = facts["strength"]
        alike = 1.0 if strength is None else 1 / (strength + 1)
        effect = 1 + (told / people - 1) * alike
        return cls(
            about=facts["about"],
            channel=facts["channel"],
            people=people,
            told=told,
            value=facts["seen"] / told,
            share=Share(round(facts["seen"] / effect), max(round(told / effect), 1)),
        )


@dataclass(frozen=True, kw_only=True)
class Looks:
    """What the last night found of where people look.

    `ways` says what named the bell that went first, and in how many of all such decisions.
    """

    rates: Sequence[Rate]
    people: int
    ways: Sequence[tuple[str, Share]]
    gain: Gain | None


def looks_of(facts: Mapping[str, Any]) -> Looks:
    """Take what a night wrote."""
    ways, gain = facts["ways"], facts["gain"]
    named = sum(ways.values())
    return Looks(
        rates=[Rate.of(one) for one in facts["rates"]],
        people=facts["people"],
        ways=[
            (way, Share(times, named))
            for way, times in sorted(ways.items(), key=lambda one: (-one[1], one[0]))
        ],
        gain=Gain(**gain) if gain else None,
    )
