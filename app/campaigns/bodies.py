"""What the doors of campaigns read and show."""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.campaigns import segment
from app.campaigns.best_time import Times
from app.campaigns.campaign import MOST_PER_MINUTE, Campaign, Draft, Timing
from app.campaigns.progress import Progress
from app.campaigns.reach_store import Reach
from app.campaigns.segment import MOST_DAYS, Segment
from app.campaigns.slot_store import Slot
from app.campaigns.store import Move
from app.campaigns.wording import MOST_BODY_CHARACTERS, MOST_TITLE_CHARACTERS, Words
from app.http.body import Body, Line, OneOf, Prose, Whole
from app.people.choices import ChannelName
from app.people.person import LOCALES, UnknownZone, check_zone

WALL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


def read_wall(value: object) -> datetime:
    """Read a wall time such as `2026-11-11T09:00`, to the minute.

    Raises:
        PydanticCustomError: `bad_wall_time` if it is none, or names a zone.
    """
    if isinstance(value, str) and WALL.fullmatch(value.strip()):
        try:
            return datetime.fromisoformat(value.strip())
        except ValueError:
            pass
    raise PydanticCustomError(
        "bad_wall_time", "must be a wall time without a zone: 2026-11-11T09:00"
    )


def _known_zone(name: str) -> str:
    try:
        return check_zone(name)
    except UnknownZone as fault:
        raise PydanticCustomError("unknown_zone", "{said}", {"said": str(fault)}) from None


Wall = Annotated[
    datetime,
    BeforeValidator(read_wall),
    WithJsonSchema({"type": "string", "pattern": WALL.pattern}),
]
Zone = Annotated[str, Line(64), AfterValidator(_known_zone)]
Title = Annotated[str, Line(MOST_TITLE_CHARACTERS, 0)]
Text = Annotated[str, Prose(MOST_BODY_CHARACTERS, 0)]


class Tongue(StrEnum):
    """A language that messages are written in."""

    ZH = "zh"
    EN = "en"


class SegmentBody(Body):
    """Everybody for whom all of this holds; what is left out asks for nothing."""

    consented_on: Annotated[ChannelName, OneOf(ChannelName)] | None = None
    locale: Annotated[Tongue, OneOf(Tongue)] | None = None
    zone: Zone | None = None
    bought_within_days: Annotated[int, Whole(1, MOST_DAYS)] | None = None

    def read(self) -> Segment:
        """Return the segment it describes."""
        return Segment(
            consented_on=self.consented_on,
            locale=self.locale.value if self.locale else None,
            zone=self.zone,
            bought_within_days=self.bought_within_days,
        )


class CampaignBody(Body):
    """A campaign as a draft: who, what, when. Words and time may still be missing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Autumn teas",
                    "segment": {"consented_on": "push", "bought_within_days": 90},
                    "title_zh": "秋茶到店，会员 8 折",
                    "body_zh": "今年的秋茶已经到店。11月30日前，会员购茶享 8 折。",
                    "title_en": "Autumn teas are here",
                    "body_en": "Members pay 20% less until 30 November.",
                    "timing": "person",
                    "wall": "2026-11-11T09:00",
                    "pace_per_minute": 6000,
                }
            ]
        }
    )

    name: Annotated[str, Line(80)]
    segment: SegmentBody = SegmentBody()
    title_zh: Title = ""
    body_zh: Text = ""
    title_en: Title = ""
    body_en: Text = ""
    timing: Annotated[Timing, OneOf(Timing)] = Timing.NOW
    wall: Wall | None = None
    pace_per_minute: Annotated[int, Whole(1, MOST_PER_MINUTE)] | None = None

    def draft(self) -> Draft:
        """Return what it says as a draft."""
        return Draft(
            name=self.name,
            segment=self.segment.read(),
            words={
                "zh": Words(self.title_zh, self.body_zh),
                "en": Words(self.title_en, self.body_en),
            },
            timing=self.timing,
            wall=self.wall,
            pace_per_minute=self.pace_per_minute,
        )


class WhyBody(Body):
    """Why it is done; kept with who did it and when."""

    why: Annotated[str, Line(300, 0)] = ""


def campaign_body(campaign: Campaign) -> dict[str, Any]:
    """Show a campaign."""
    draft = campaign.draft
    return {
        "id": campaign.ref,
        "name": draft.name,
        "state": campaign.state,
        "segment": segment.written(draft.segment),
        **{f"title_{locale}": draft.said_in(locale).title for locale in LOCALES},
        **{f"body_{locale}": draft.said_in(locale).body for locale in LOCALES},
        "timing": draft.timing,
        "wall": draft.wall.isoformat(timespec="minutes") if draft.wall else None,
        "pace_per_minute": draft.pace_per_minute,
        "created_by": campaign.created_by,
        "created_at": campaign.created_at,
        "changed_at": campaign.changed_at,
    }


def reach_body(reach: Reach) -> dict[str, Any]:
    """Show what a reach was weighed at, or how far its weighing has come."""
    return {
        "state": "counted" if reach.is_counted else "asked",
        "asked_at": reach.asked_at,
        "counted_at": reach.counted_at,
        "asked": reach.asked,
        "weighed": reach.weighed,
        "outcomes": reach.outcomes,
        "hours": reach.hours,
    }


def progress_body(progress: Progress) -> dict[str, Any]:
    """Show how far a campaign has come."""
    return {
        "state": progress.state,
        "launches_in_seconds": round(progress.seconds_left, 1),
        "asked": progress.asked,
        "decided": progress.decided,
        "outcomes": progress.outcomes,
        "messages": progress.messages,
        "slots": [slot_body(slot) for slot in progress.slots],
        "moves": [move_body(move) for move in progress.moves],
    }


def times_body(times: Times) -> dict[str, Any]:
    """Show what people's own hours brought; shares and bounds are in percent and its points."""
    gain = times.gain
    return {
        "chosen": times.chosen,
        "known": times.known,
        "gain": {
            "people": gain.people,
            "best_percent": round(100 * gain.best_share, 1),
            "named_percent": round(100 * gain.named_share, 1),
            "points": round(100 * gain.value, 1),
            "low_points": round(100 * gain.low, 1),
            "high_points": round(100 * gain.high, 1),
            "can_tell": gain.can_tell,
        }
        if gain
        else None,
    }


def slot_body(slot: Slot) -> dict[str, Any]:
    """Show one due slot."""
    return {
        "zone": slot.zone,
        "due_at": slot.due_at,
        "asked": slot.asked,
        "decided": slot.decided,
        "done": slot.is_done,
    }


def move_body(move: Move) -> Mapping[str, Any]:
    """Show who brought a campaign where, and why."""
    return {"became": move.became, "by": move.by, "why": move.why, "at": move.at}
