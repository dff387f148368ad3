"""The form that a campaign is written in: what was typed, and what it means or why it does not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from app.campaigns.bodies import read_wall
from app.campaigns.campaign import MOST_PER_MINUTE, Draft, Timing
from app.campaigns.segment import MOST_DAYS, Segment
from app.campaigns.wording import MOST_BODY_CHARACTERS, MOST_TITLE_CHARACTERS, Words
from app.http.body import Line, Prose
from app.people.choices import ChannelName
from app.people.person import LOCALES, UnknownZone, check_zone

MOST_NAME_CHARACTERS = 80
MOST_DIGITS = 12


class Typed(BaseModel):
    """What the form brought, as it was typed; other fields of the form are not ours."""

    model_config = ConfigDict(extra="ignore")

    name: str = ""
    consented_on: str = ""
    locale: str = ""
    zone: str = ""
    bought_within_days: str = ""
    title_zh: str = ""
    body_zh: str = ""
    title_en: str = ""
    body_en: str = ""
    timing: str = Timing.NOW.value
    wall: str = ""
    pace_per_minute: str = ""
    do: str = "save"


@dataclass(frozen=True)
class Meant:
    """What was meant; `faults` names the fields that could not be read, each with why."""

    draft: Draft
    faults: Mapping[str, str]


class _Unread(Exception):
    """A field could not be read; the reason is a word of the catalogue."""


def read(typed: Typed) -> Meant:
    """Read what was typed; a field that cannot be read counts as empty, and is named."""
    faults: dict[str, str] = {}

    def taken(field: str, reading: Callable[[str], Any], empty: Any = None) -> Any:
        said = getattr(typed, field)
        try:
            return reading(said) if said.strip() else empty
        except (_Unread, PydanticCustomError) as fault:
            faults[field] = fault.type if isinstance(fault, PydanticCustomError) else str(fault)
            return empty

    draft = Draft(
        name=taken("name", Line(MOST_NAME_CHARACTERS).check, ""),
        segment=Segment(
            consented_on=taken("consented_on", _channel),
            locale=taken("locale", _locale),
            zone=taken("zone", _zone),
            bought_within_days=taken("bought_within_days", _whole(MOST_DAYS)),
        ),
        words={
            locale: Words(
                taken(f"title_{locale}", Line(MOST_TITLE_CHARACTERS).check, ""),
                taken(f"body_{locale}", Prose(MOST_BODY_CHARACTERS).check, ""),
            )
            for locale in LOCALES
        },
        timing=taken("timing", _timing, Timing.NOW),
        wall=taken("wall", read_wall),
        pace_per_minute=taken("pace_per_minute", _whole(MOST_PER_MINUTE)),
    )
    if not draft.name:
        faults.setdefault("name", "missing")
    return Meant(draft, faults)


def typed(draft: Draft) -> Typed:
    """Return what would be typed for a draft."""
    segment = draft.segment
    return Typed(
        name=draft.name,
        consented_on=segment.consented_on or "",
        locale=segment.locale or "",
        zone=segment.zone or "",
        bought_within_days=_shown(segment.bought_within_days),
        title_zh=draft.said_in("zh").title,
        body_zh=draft.said_in("zh").body,
        title_en=draft.said_in("en").title,
        body_en=draft.said_in("en").body,
        timing=draft.timing.value,
        wall=_wall(draft.wall),
        pace_per_minute=_shown(draft.pace_per_minute),
    )


def _shown(number: int | None) -> str:
    return "" if number is None else str(number)


def _wall(wall: datetime | None) -> str:
    return wall.isoformat(timespec="minutes") if wall else ""


def _channel(text: str) -> ChannelName:
    try:
        return ChannelName(text)
    except ValueError:
        raise _Unread("unknown_value") from None


def _locale(text: str) -> str:
    if text not in LOCALES:
        raise _Unread("unknown_value")
    return text


def _zone(text: str) -> str:
    try:
        return check_zone(text)
    except UnknownZone:
        raise _Unread("unknown_value") from None


def _timing(text: str) -> Timing:
    try:
        return Timing(text)
    except ValueError:
        raise _Unread("unknown_value") from None


def _whole(most: int) -> Callable[[str], int]:
    def reading(text: str) -> int:
        digits = text.strip().replace(",", "").replace(" ", "")
        if not (digits.isascii() and digits.isdigit()):
            raise _Unread("not_integer")
        if len(digits) > MOST_DIGITS or not 1 <= int(digits) <= most:
            raise _Unread("out_of_range")
        return int(digits)

    return reading
