"""What the doors of the forecast read and show."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.forecast.plan_store import PlannedHour
from app.forecast.promotions import Promotion
from app.http.body import Body, Instant, Line, Whole
from ml.load.plan import hour_of
from orders_core.ids import show

MOST_HOURS = 2_000
MOST_SKUS = 200


class _Hour(Body):
    hour: Instant

    @model_validator(mode="after")
    def _is_whole(self) -> "_Hour":
        if self.hour != hour_of(self.hour):
            raise PydanticCustomError("not_whole_hour", "must be the beginning of an hour of UTC")
        return self


class CountedHour(_Hour):
    """How many contacts came in one hour."""

    contacts: Annotated[int, Whole(0, 1_000_000)]


class RosteredHour(_Hour):
    """How many people answer in one hour."""

    people: Annotated[int, Whole(0, 100_000)]


class ContactsBody(Body):
    """Contacts that another system counted, by the hour; an hour told again takes the new count."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "phone",
                    "hours": [
                        {"hour": "2026-11-09T12:00:00Z", "contacts": 41},
                        {"hour": "2026-11-09T13:00:00Z", "contacts": 38},
                    ],
                }
            ]
        }
    )

    source: Annotated[str, Line(40)]
    hours: Annotated[
        tuple[CountedHour, ...], Field(min_length=1, max_length=MOST_HOURS, strict=False)
    ]

    @property
    def counts(self) -> Mapping[datetime, int]:
        """Contacts by the hour; of an hour named twice the last counts."""
        return {counted.hour: counted.contacts for counted in self.hours}


class RosterBody(Body):
    """How many people are rostered, by the hour; an hour told again takes the new number."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "hours": [
                        {"hour": "2026-11-10T12:00:00Z", "people": 6},
                        {"hour": "2026-11-10T13:00:00Z", "people": 6},
                    ]
                }
            ]
        }
    )

    hours: Annotated[
        tuple[RosteredHour, ...], Field(min_length=1, max_length=MOST_HOURS, strict=False)
    ]

    @property
    def people(self) -> Mapping[datetime, int]:
        """People by the hour; of an hour named twice the last counts."""
        return {rostered.hour: rostered.people for rostered in self.hours}


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


def plan_body(hours: Sequence[PlannedHour]) -> list[dict[str, Any]]:
    """Show planned hours."""
    return [{**vars(hour), "people_short": hour.people_short} for hour in hours]


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
