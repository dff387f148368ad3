"""What the door of what-if questions on the forecast reads and shows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from app.forecast.plan import PlannedSlot
from app.forecast.rates import shown
from app.forecast.what_if import Beside, WhatIf
from app.http.body import Body, Instant, Whole
from ml.load import happenings
from ml.load.happenings import Happening
from ml.load.together import Added

MOST_AT_ONCE = 5
MOST_MINUTES = 7 * 24 * 60
LONGEST_OUTAGE = timedelta(days=2)
Many = Annotated[int, Whole(1, 100_000_000)]
Days = Annotated[int, Whole(1, 30)]
PerThousand = Annotated[float, Field(ge=0, le=1000, strict=False)]


class CampaignBody(Body):
    """Messages that leave evenly over some minutes."""

    kind: Literal["campaign"]
    audience: Many
    starts_at: Instant
    minutes: Annotated[int, Whole(0, MOST_MINUTES)] = 60
    contacts_per_thousand: PerThousand | None = None

    def happening(self) -> Happening:
        """Return what it asks about."""
        return happenings.Campaign(
            audience=self.audience,
            starts_at=self.starts_at,
            minutes=self.minutes,
            contacts_per_thousand=self.contacts_per_thousand,
        )


class DelayedParcelsBody(Body):
    """Parcels that stay past their promise for some days."""

    kind: Literal["delayed_parcels"]
    parcels: Many
    told_at: Instant
    days: Days = 1

    def happening(self) -> Happening:
        """Return what it asks about."""
        return happenings.DelayedParcels(parcels=self.parcels, told_at=self.told_at, days=self.days)


class StockOutBody(Body):
    """Goods that so many orders a day want and do not get."""

    kind: Literal["stock_out"]
    orders_a_day: Many
    starts_at: Instant
    days: Days = 1

    def happening(self) -> Happening:
        """Return what it asks about."""
        return happenings.StockOut(
            orders_a_day=self.orders_a_day, starts_at=self.starts_at, days=self.days
        )


class OutageBody(Body):
    """A time in which visitors can neither order nor pay."""

    kind: Literal["outage"]
    visitors: Many
    starts_at: Instant
    ends_at: Instant

    @field_validator("ends_at")
    @classmethod
    def _is_short(cls, ends_at: datetime, known: ValidationInfo) -> datetime:
        starts_at = known.data.get("starts_at")  # missing where it was itself refused
        if starts_at and not timedelta() < ends_at - starts_at <= LONGEST_OUTAGE:
            raise PydanticCustomError("bad_outage", "must lie after `starts_at`, by 2 days at most")
        return ends_at

    def happening(self) -> Happening:
        """Return what it asks about."""
        return happenings.Outage(
            visitors=self.visitors, starts_at=self.starts_at, ends_at=self.ends_at
        )


Asked = Annotated[
    CampaignBody | DelayedParcelsBody | StockOutBody | OutageBody, Field(discriminator="kind")
]


class ForecastWhatIfBody(Body):
    """What may happen; several are taken to come together."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenings": [
                        {
                            "kind": "campaign",
                            "audience": 200000,
                            "starts_at": "2026-11-10T02:00:00Z",
                            "minutes": 180,
                        },
                        {
                            "kind": "delayed_parcels",
                            "parcels": 800,
                            "told_at": "2026-11-10T02:00:00Z",
                            "days": 2,
                        },
                    ]
                }
            ]
        }
    )

    happenings: Annotated[
        tuple[Asked, ...], Field(min_length=1, max_length=MOST_AT_ONCE, strict=False)
    ]

    @property
    def all(self) -> list[Happening]:
        """What it asks about."""
        return [one.happening() for one in self.happenings]


def when_of(asked: Asked) -> str:
    """Return the field of a happening that says when it begins."""
    return "told_at" if isinstance(asked, DelayedParcelsBody) else "starts_at"


def what_if_body(asked: Sequence[Asked], answer: WhatIf) -> dict[str, Any]:
    """Show the answer to what was asked."""
    found = answer.added
    groups: dict[datetime, dict[str, float]] = {}
    for (slot, about), contacts in found.by_group.items():
        groups.setdefault(slot, {})[about] = contacts
    return {
        "contacts_added": _range(found),
        "contacts_unplanned": found.unplanned,
        "hours_added": answer.hours,
        "most_people_short": answer.most_short,
        "cost_minor": answer.cost_minor,
        "currency": answer.currency,
        "rates": [shown(one) for one in found.rates],
        "happenings": [
            _part_body(one, part, found) for one, part in zip(asked, found.parts, strict=True)
        ],
        "data": [
            _beside_body(one, groups.get(one.plan.slot, {}), found.parts) for one in answer.slots
        ],
    }


def _part_body(asked: Asked, part: Added, whole: Added) -> dict[str, Any]:
    return {
        "kind": asked.kind,
        "contacts_added": _range(part),
        "contacts_unplanned": part.unplanned,
        "share": part.contacts / whole.contacts if whole.contacts else None,
        "rates": [shown(one) for one in part.rates],
    }


def _range(found: Added) -> dict[str, float]:
    return {"expected": found.contacts, "low": found.low, "high": found.high}


def _beside_body(one: Beside, groups: dict[str, float], parts: Sequence[Added]) -> dict[str, Any]:
    return {
        "from": one.plan.slot,
        "added": one.added,
        "groups": groups,
        "happenings": [part.by_slot.get(one.plan.slot, 0.0) for part in parts],
        "plan": _side(one.plan),
        "with_it": _side(one.with_it),
        "people_rostered": one.plan.people_rostered,
    }


def _side(one: PlannedSlot) -> dict[str, Any]:
    return {
        "expected": one.expected,
        "low": one.low,
        "high": one.high,
        "people_needed": one.people_needed,
        "people_short": one.people_short,
    }
