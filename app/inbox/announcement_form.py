"""The form of an announcement: what was typed, and what it means or why it does not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from app.http.body import Line, Prose
from app.inbox.announcement import PREFIX, Announcement, Audience, flaws
from orders_core.errors import BadId
from orders_core.ids import new_id, read

MOST_TITLE_CHARACTERS, MOST_BODY_CHARACTERS = 100, 2000
PUBLISH, PREVIEW = "publish", "preview"


class Typed(BaseModel):
    """What the form brought, as it was typed; other fields of the form are not ours.

    `id` is the announcement's own from the first time the form is shown, so that a form that is
    sent twice makes one announcement.
    """

    model_config = ConfigDict(extra="ignore")

    id: str = ""
    title_zh: str = ""
    body_zh: str = ""
    title_en: str = ""
    body_en: str = ""
    audience: str = Audience.EVERYONE.value
    categories: list[str] = []
    states: list[str] = []
    starts_at: str = ""
    ends_at: str = ""
    pinned: bool = False
    stays: bool = False
    do: str = PREVIEW


@dataclass(frozen=True)
class Meant:
    """What was meant; `faults` names the fields that could not be read, each with why."""

    made: Announcement
    faults: Mapping[str, str]


@dataclass(frozen=True)
class Writing:
    """Who writes it, when, and where the clock on their wall hangs."""

    by: str
    now: datetime
    zone: str


class _Unread(Exception):
    """A field could not be read; the reason is a code."""


def understood(typed: Typed, writing: Writing) -> Meant:
    """Read what was typed; a field that cannot be read counts as empty, and is named."""
    faults: dict[str, str] = {}

    def taken(field: str, reading: Callable[[str], Any], empty: Any = None) -> Any:
        said = getattr(typed, field)
        try:
            return reading(said) if said.strip() else empty
        except (_Unread, PydanticCustomError) as fault:
            faults[field] = fault.type if isinstance(fault, PydanticCustomError) else str(fault)
            return empty

    wall = _wall_in(writing.zone)
    audience = taken("audience", _audience, Audience.EVERYONE)
    made = Announcement(
        id=taken("id", _known_id) or new_id(),
        title_zh=taken("title_zh", Line(MOST_TITLE_CHARACTERS).check, ""),
        title_en=taken("title_en", Line(MOST_TITLE_CHARACTERS).check, ""),
        body_zh=taken("body_zh", Prose(MOST_BODY_CHARACTERS).check, ""),
        body_en=taken("body_en", Prose(MOST_BODY_CHARACTERS).check, ""),
        audience=audience,
        audience_of=_closer(audience, typed),
        is_pinned=typed.pinned,
        is_dismissible=not typed.stays,
        starts_at=taken("starts_at", wall) or writing.now,
        ends_at=taken("ends_at", wall),
        made_by=writing.by,
        made_at=writing.now,
    )
    return Meant(made, _missing(made) | dict(flaws(made)) | faults)


def _missing(made: Announcement) -> dict[str, str]:
    texts = ("title_zh", "body_zh", "title_en", "body_en")
    return {field: "empty" for field in texts if not getattr(made, field)}


def _closer(audience: Audience, typed: Typed) -> tuple[str, ...]:
    """Return the words ticked under the audience that was chosen; the others count nothing."""
    ticked = {Audience.SUBSCRIBERS: typed.categories, Audience.ORDER_STATE: typed.states}
    return tuple(sorted(set(ticked.get(audience, []))))


def _audience(text: str) -> Audience:
    try:
        return Audience(text)
    except ValueError:
        raise _Unread("unknown_value") from None


def _known_id(text: str) -> UUID:
    try:
        return read(PREFIX, text)
    except BadId:
        raise _Unread("bad_id") from None


def _wall_in(zone: str) -> Callable[[str], datetime]:
    """Return how to read a time of the wall clock in a zone, as a field of a form writes it."""

    def reading(text: str) -> datetime:
        try:
            at = datetime.fromisoformat(text.strip())
        except ValueError:
            raise _Unread("bad_datetime") from None
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)

    return reading
