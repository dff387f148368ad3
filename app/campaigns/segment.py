"""Who a campaign is for: a few filters, each of which narrows. Pure; `segment_store` asks."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.people.choices import ChannelName
from app.people.person import LOCALES

MOST_DAYS = 3650


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Everybody for whom all of this holds; None asks for nothing.

    `consented_on` names a channel that they agreed to advertising on; `bought_within_days` looks
    back from the campaign's first due time, over orders that were not cancelled.
    """

    consented_on: ChannelName | None = None
    locale: str | None = None
    zone: str | None = None
    bought_within_days: int | None = None

    def __post_init__(self) -> None:
        if self.locale is not None and self.locale not in LOCALES:
            raise ValueError(f"no messages are written in {self.locale!r}")
        if self.bought_within_days is not None and not 1 <= self.bought_within_days <= MOST_DAYS:
            raise ValueError(f"from 1 to {MOST_DAYS} days")

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages that its people read, and so that its words are needed in."""
        return LOCALES if self.locale is None else (self.locale,)


EVERYONE = Segment()


def written(segment: Segment) -> dict[str, Any]:
    """Return the filters that were set, as flat JSON."""
    return {name: value for name, value in asdict(segment).items() if value is not None}


def read(filters: Mapping[str, Any]) -> Segment:
    """Read what `written` wrote.

    Raises:
        TypeError: If it names a filter that there is not.
        ValueError: If a filter asks for what cannot be.
    """
    known = dict(filters)
    channel = known.pop("consented_on", None)
    return Segment(consented_on=ChannelName(channel) if channel else None, **known)
