"""What the doors of people read and show."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.http.body import Body, Instant, Line, OneOf
from app.http.problems import Fault, Problem
from app.people.calm import ENDLESS
from app.people.calm_bodies import HoursBody
from app.people.choice_store import Choices
from app.people.choices import Category, ChannelName, Rhythm
from app.people.levels import ANY, Cell
from app.people.links import Links
from app.people.person import (
    OUR_PREFIX,
    Consent,
    Person,
    PersonError,
    Profile,
    check_email,
    check_locale,
    check_phone,
    check_zone,
)
from orders_core.ids import show

MOST_CONSENTS = 20
MOST_PEOPLE = 500
Channel = Annotated[ChannelName, OneOf(ChannelName)]
About = Annotated[Category, OneOf(Category)]


class Everything(StrEnum):
    """What stands for every category, and for every channel."""

    ANY = ANY


Abouts = Annotated[StrEnum, OneOf((*Category, Everything.ANY))]
Places = Annotated[StrEnum, OneOf((*ChannelName, Everything.ANY))]
Often = Annotated[Rhythm, OneOf(Rhythm)]


class ConsentBody(Body):
    """Agreement to advertising on a channel, or its withdrawal, as the shop recorded it."""

    channel: Channel
    granted: bool
    source: Annotated[str, Line(100)]
    at: Instant | None = None

    def consent(self, now: datetime) -> Consent:
        """Return it as it is kept; nobody agreed in the future."""
        at = min(self.at or now, now)
        return Consent(channel=self.channel, granted=self.granted, source=self.source, at=at)


class PersonBody(Body):
    """What the shop says of a person. A field left out stays as it is; null removes an address."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "林小雨",
                    "locale": "zh-CN",
                    "zone": "Asia/Shanghai",
                    "email": "xiaoyu@shopper.example",
                    "phone": "138 0013 8000",
                    "consents": [{"channel": "email", "granted": True, "source": "checkout"}],
                }
            ]
        }
    )

    name: Annotated[str, Line(100, 0)] | None = None
    locale: Annotated[str, Line(35)] | None = None
    zone: Annotated[str, Line(64)] | None = None
    email: Annotated[str, Line(320)] | None = None
    phone: Annotated[str, Line(40)] | None = None
    consents: Annotated[tuple[ConsentBody, ...], Field(max_length=MOST_CONSENTS, strict=False)] = ()

    def profile(self, reference: str, *, region: str, now: datetime) -> Profile:
        """Return what is said, checked; `region` is the country of phone numbers without one.

        Raises:
            Problem: 422, naming the field and what was probably meant.
        """
        try:
            return Profile(
                reference=reference,
                name=self.name,
                locale=None if self.locale is None else check_locale(self.locale),
                zone=None if self.zone is None else check_zone(self.zone),
                contacts=self._contacts(region),
                consents=tuple(given.consent(now) for given in self.consents),
            )
        except PersonError as fault:
            raise refusal(fault) from None

    def _contacts(self, region: str) -> Mapping[ChannelName, str | None]:
        contacts: dict[ChannelName, str | None] = {}
        if "email" in self.model_fields_set:
            contacts[ChannelName.EMAIL] = self.email and check_email(self.email)
        if "phone" in self.model_fields_set:
            contacts[ChannelName.SMS] = self.phone and check_phone(self.phone, region=region)
        return contacts


def _not_ours(reference: str) -> str:
    if reference.startswith(OUR_PREFIX):
        raise PydanticCustomError("bad_reference", "must not begin as our own ids of people do")
    return reference


class MemberBody(PersonBody):
    """One of many people: what the shop says of them, under the shop's own reference."""

    reference: Annotated[str, Line(64), AfterValidator(_not_ours)]


class PeopleBody(Body):
    """Many people, each as the shop would say them alone."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "people": [
                        {"reference": "c-8841", "name": "林小雨", "zone": "Asia/Shanghai"},
                        {"reference": "c-8842", "name": "Ada Ashby", "locale": "en"},
                    ]
                }
            ]
        }
    )

    people: Annotated[
        tuple[MemberBody, ...], Field(min_length=1, max_length=MOST_PEOPLE, strict=False)
    ]


class PreferencesBody(Body):
    """What a person chose: by category, then channel; quiet hours of their own; a pause.

    `*` is every category, or every channel; the narrower choice holds, and null takes one back.
    What is left out stays as it is; `quiet: null` takes the shop's hours, `paused_until: null` ends
    a pause. `paused: true` pauses until they say otherwise, `paused: false` ends a pause.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "preferences": {"offers": {"email": False}},
                    "quiet": {"from": "21:00", "until": "09:00", "days": [5, 6, 7]},
                    "paused_until": None,
                }
            ]
        }
    )

    preferences: dict[Abouts, dict[Places, bool | None]] = Field(default_factory=dict)
    quiet: HoursBody | None = None
    paused_until: Instant | None = None
    paused: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "PreferencesBody":
        if not self.model_fields_set:
            raise PydanticCustomError(
                "missing_field", "needs `preferences`, `quiet`, `paused_until` or `paused`"
            )
        if self.paused_until is not None and self.paused is not None:
            raise PydanticCustomError("two_pauses", "takes `paused_until` or `paused`, not both")
        return self

    @property
    def says_pause(self) -> bool:
        """Whether a pause begins or ends."""
        return "paused_until" in self.model_fields_set or self.paused is not None

    @property
    def pause(self) -> datetime | None:
        """Until when nothing rings; None ends a pause."""
        return ENDLESS if self.paused else self.paused_until

    @property
    def choices(self) -> Mapping[Cell, bool | None]:
        """The cells that were named."""
        return {
            (str(category), str(channel)): wanted
            for category, row in self.preferences.items()
            for channel, wanted in row.items()
        }


class RhythmsBody(Body):
    """How often each channel rings for news that can wait. Channels left out stay as they are."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"rhythms": {"inapp": "hourly", "email": "daily"}}]}
    )

    rhythms: dict[Channel, Often]


def refusal(fault: PersonError) -> Problem:
    """Return the problem that names the field which was wrong."""
    where = f"/{fault.place}" if fault.place else ""
    return Problem(
        status=422,
        code=fault.code,
        detail=str(fault),
        errors=[Fault(code=fault.code, detail=str(fault), pointer=where)],
    )


def person_body(person: Person, links: Links) -> dict[str, Any]:
    """Show a person, with the signed links to their own pages."""
    first = {channel: addresses[0] for channel, addresses in person.contacts.items()}
    return {
        "id": show("per", person.id),
        "reference": person.reference,
        "name": person.name,
        "locale": person.locale,
        "zone": person.zone,
        "email": first.get(ChannelName.EMAIL),
        "phone": first.get(ChannelName.SMS),
        "devices": len(person.contacts.get(ChannelName.PUSH, ())),
        "consents": [
            {
                "channel": given.channel,
                "granted": given.granted,
                "source": given.source,
                "at": given.at,
            }
            for given in person.consents
        ],
        "inbox_url": links.inbox(person.id),
        "preferences_url": links.preferences(person.id),
        "created_at": person.created_at,
    }


def grid_body(choices: Choices) -> dict[str, Any]:
    """Show a person's whole grid of choices as it works today."""
    return {
        "preferences": {
            category: {channel: choices[category, channel] for channel in ChannelName}
            for category in Category
        }
    }
