"""What the doors of the forecast read and show."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.forecast.contacts import halves
from app.forecast.plan import PlannedGroup, PlannedSlot
from app.forecast.promotions import Promotion
from app.forecast.roster import by_halves
from app.forecast.roster_file import MOST_PEOPLE
from app.http.body import Body, Instant, Line, Whole
from ml.load.slots import LEVELS, slot_of
from orders_core.ids import show

MOST_HOURS = 2_000
MOST_SLOTS = 5_000
MOST_SKUS = 200
Told = TypeVar("Told", "ContactsBody", "RosterBody")
About = Literal["where", "delivery", "return", "presale", "payment", "other"]


class _Hour(Body):
    hour: Instant

    @model_validator(mode="after")
    def _is_whole(self) -> "_Hour":
        if self.hour.minute or self.hour != slot_of(self.hour):
            raise PydanticCustomError("not_whole_hour", "must be the beginning of an hour of UTC")
        return self


class CountedHour(_Hour):
    """How many contacts came in one hour; half of them count for each of its halves."""

    contacts: Annotated[int, Whole(0, 1_000_000)]
    about: About = "other"


class _Slot(Body):
    slot: Annotated[Instant, Field(alias="from")]

    @model_validator(mode="after")
    def _is_whole(self) -> "_Slot":
        if self.slot != slot_of(self.slot):
            raise PydanticCustomError(
                "not_whole_slot", "must be the beginning of a half hour of UTC"
            )
        return self


class CountedSlot(_Slot):
    """How many contacts came in the half hour from a time on."""

    contacts: Annotated[int, Whole(0, 1_000_000)]
    about: About = "other"


class RosteredSlot(_Slot):
    """How many people answer in the half hour from a time on."""

    people: Annotated[int, Whole(0, MOST_PEOPLE)]


class RosteredHour(_Hour):
    """How many people answer in one hour."""

    people: Annotated[int, Whole(0, MOST_PEOPLE)]


def _told(body: Told) -> Told:
    """Return a body of half hours and hours, or refuse one that has neither."""
    if not body.slots and not body.hours:
        raise PydanticCustomError("too_few", "must have `slots` or `hours`")
    return body


class ContactsBody(Body):
    """Contacts that another system counted, by half hour or by the hour, and what about.

    What is told again takes the new count, and groups that are not named any more have none. Where
    both tell of the same half hour, `slots` counts.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "phone",
                    "slots": [
                        {"from": "2026-11-09T12:00:00Z", "contacts": 14, "about": "where"},
                        {"from": "2026-11-09T12:00:00Z", "contacts": 6, "about": "return"},
                        {"from": "2026-11-09T12:30:00Z", "contacts": 21},
                    ],
                    "hours": [{"hour": "2026-11-09T13:00:00Z", "contacts": 38}],
                }
            ]
        }
    )

    source: Annotated[str, Line(40)]
    slots: Annotated[tuple[CountedSlot, ...], Field(max_length=MOST_SLOTS, strict=False)] = ()
    hours: Annotated[tuple[CountedHour, ...], Field(max_length=MOST_HOURS, strict=False)] = ()

    @model_validator(mode="after")
    def _tells_anything(self) -> "ContactsBody":
        return _told(self)

    @property
    def counts(self) -> Mapping[tuple[datetime, str], int]:
        """Contacts by half hour and group; of what is named twice the last counts."""
        by_slot: dict[tuple[datetime, str], int] = {
            (one.slot, one.about): one.contacts for one in self.slots
        }
        apart = {slot for slot, _ in by_slot}
        of_hours: dict[tuple[datetime, str], int] = {
            (slot, counted.about): contacts
            for counted in self.hours
            for slot, contacts in halves(counted.hour, counted.contacts).items()
            if slot not in apart
        }
        return {**of_hours, **by_slot}


class RosterBody(Body):
    """How many people are rostered, by half hour or by the hour, which stands for both halves.

    What is told again takes the new number. Where both tell of the same half hour, `slots` counts.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "slots": [
                        {"from": "2026-11-10T11:30:00Z", "people": 4},
                        {"from": "2026-11-10T14:00:00Z", "people": 3},
                    ],
                    "hours": [
                        {"hour": "2026-11-10T12:00:00Z", "people": 6},
                        {"hour": "2026-11-10T13:00:00Z", "people": 6},
                    ],
                }
            ]
        }
    )

    slots: Annotated[tuple[RosteredSlot, ...], Field(max_length=MOST_SLOTS, strict=False)] = ()
    hours: Annotated[tuple[RosteredHour, ...], Field(max_length=MOST_HOURS, strict=False)] = ()

    @model_validator(mode="after")
    def _tells_anything(self) -> "RosterBody":
        return _told(self)

    @property
    def people(self) -> Mapping[datetime, int]:
        """People by half hour; of what is named twice the last counts."""
        of_hours = by_halves({rostered.hour: rostered.people for rostered in self.hours})
        return {**of_hours, **{rostered.slot: rostered.people for rostered in self.slots}}


class PromotionBody(Body):
    """A promotion: its names, its first and last moment, and the SKUs it is about."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name_zh": "双11 开门",
                    "name_en": "Double 11 doors",
                    "starts_at": "2026-11-10T20:00:00+08:00",
                    "ends_at": "2026-11-11T00:00:00+08:00",
                    "skus": ["UMBRELLA-BAMBOO"],
                }
            ]
        }
    )

    name_zh: Annotated[str, Line(80)]
    name_en: Annotated[str, Line(80)]
    starts_at: Instant
    ends_at: Instant
    skus: Annotated[
        tuple[Annotated[str, Line(64)], ...], Field(max_length=MOST_SKUS, strict=False)
    ] = ()

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "PromotionBody":
        if self.ends_at <= self.starts_at:
            raise PydanticCustomError("ends_before_start", "must end after it starts")
        return self

    def promotion(self, reference: str) -> Promotion:
        """Return it under its reference."""
        return Promotion(
            reference=reference,
            name_zh=self.name_zh,
            name_en=self.name_en,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            skus=tuple(code.upper() for code in self.skus),
        )


def promotion_body(promotion: Promotion) -> dict[str, Any]:
    """Show a promotion."""
    return {
        "reference": promotion.reference,
        "name_zh": promotion.name_zh,
        "name_en": promotion.name_en,
        "starts_at": promotion.starts_at,
        "ends_at": promotion.ends_at,
        "skus": list(promotion.skus),
    }


def plan_body(
    slots: Sequence[PlannedSlot], groups: Sequence[PlannedGroup] | None
) -> list[dict[str, Any]]:
    """Show planned half hours, with what they are about where that was asked for."""
    parts: dict[datetime, dict[str, Any]] = {}
    for one in groups or ():
        parts.setdefault(one.slot, {})[one.about] = _foreseen(one)
    shown = [_slot_body(one) for one in slots]
    if groups is None:
        return shown
    return [
        {**body, "groups": parts.get(one.slot, {})} for body, one in zip(shown, slots, strict=True)
    ]


def _slot_body(one: PlannedSlot) -> dict[str, Any]:
    return {
        "from": one.slot,
        **_foreseen(one),
        "multiplier": one.multiplier,
        "level": one.level,
        "added": one.added,
        "people_needed": one.people_needed,
        "people_rostered": one.people_rostered,
        "people_short": one.people_short,
    }


def _foreseen(one: PlannedSlot | PlannedGroup) -> dict[str, Any]:
    return {
        "usual": one.usual,
        "baseline": one.baseline,
        "expected": one.expected,
        "low": one.low,
        "high": one.high,
        "quantiles": dict(zip(map(str, LEVELS), one.quantiles, strict=True)),
    }


def roster_body(people: Mapping[datetime, int]) -> list[dict[str, Any]]:
    """Show who is rostered, as `PUT` takes it."""
    return [{"from": slot, "people": count} for slot, count in people.items()]


def run_body(run: Any) -> dict[str, Any]:
    """Show a run as it stands; null while none is stored."""
    return {
        "id": show_run(run.id),
        "state": run.state,
        "why": run.why,
        "asked_at": run.asked_at,
        "made_at": run.made_at,
        "facts": run.facts,
        "error": run.error,
    }


def show_run(run_id: Any) -> str:
    """Write a run's id as the API shows it."""
    return show("fcr", run_id)
