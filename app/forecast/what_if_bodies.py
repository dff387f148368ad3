"""What the door of what-if questions on the forecast reads and shows."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.forecast.plan import PlannedSlot
from app.forecast.rates import shown
from app.forecast.what_if import Beside, WhatIf
from app.http.body import Body, Instant, Whole
from ml.load import happenings
from ml.load.happenings import Happening

MOST_AT_ONCE = 10
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

    @model_validator(mode="after")
    def _is_short(self) -> "OutageBody":
        if not timedelta() < self.ends_at - self.starts_at <= LONGEST_OUTAGE:
            raise PydanticCustomError(
                "bad_outage", "`ends_at` must lie after `starts_at`, by 2 days at most"
            )
        return self

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
                        }
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


def what_if_body(answer: WhatIf) -> dict[str, Any]:
    """Show the answer."""
    found = answer.added
    groups: dict[datetime, dict[str, float]] = {}
    for (slot, about), contacts in found.by_group.items():
        groups.setdefault(slot, {})[about] = contacts
    return {
        "contacts_added": {"expected": found.contacts, "low": found.low, "high": found.high},
        "contacts_unplanned": found.unplanned,
        "hours_added": answer.hours,
        "most_people_short": answer.most_short,
        "cost_minor": answer.cost_minor,
        "currency": answer.currency,
        "rates": [shown(one) for one in found.rates],
        "data": [_beside_body(one, groups.get(one.plan.slot, {})) for one in answer.slots],
    }


def _beside_body(one: Beside, groups: dict[str, float]) -> dict[str, Any]:
    return {
        "from": one.plan.slot,
        "added": one.added,
        "groups": groups,
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
