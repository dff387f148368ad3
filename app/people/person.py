"""What the shop says of a person, checked: zones and languages there are, addresses that work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from app.people.choices import ChannelName
from orders_core.errors import CoreError
from orders_core.ids import PersonId, read

OUR_PREFIX = "per_"
LOCALES = ("zh", "en")
MOST_EMAIL_LOCAL = 64  # characters before the @, RFC 5321
TEXTABLE = frozenset(
    {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
)
MEANT_ZONES = {
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "CST": "America/Chicago",
    "CDT": "America/Chicago",
    "MST": "America/Denver",
    "MDT": "America/Denver",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "GMT": "Europe/London",
    "BST": "Europe/London",
    "CET": "Europe/Paris",
    "CEST": "Europe/Paris",
    "MSK": "Europe/Moscow",
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "HKT": "Asia/Hong_Kong",
    "PRC": "Asia/Shanghai",
    "GMT+8": "Asia/Shanghai",
    "UTC+8": "Asia/Shanghai",
    "EST5EDT": "America/New_York",
    "PEKING": "Asia/Shanghai",
    "BEIJING": "Asia/Shanghai",
    "SHENZHEN": "Asia/Shanghai",
    "GUANGZHOU": "Asia/Shanghai",
    "BOMBAY": "Asia/Kolkata",
    "DELHI": "Asia/Kolkata",
    "OSAKA": "Asia/Tokyo",
}


class PersonError(CoreError):
    """Something said of a person cannot be taken. `code` names what, `place` where it was said."""

    code = "bad_person"
    place = ""


class UnknownZone(PersonError):
    """Not a zone of the IANA list."""

    code, place = "unknown_zone", "zone"

    def __init__(self, zone: str, meant: str | None) -> None:
        self.zone, self.meant = zone, meant
        hint = f" (did you mean {meant}?)" if meant else ""
        super().__init__(f"unknown zone {zone[:60]!r}{hint}")


class UnknownLocale(PersonError):
    """Not a language that messages are written in."""

    code, place = "unknown_locale", "locale"

    def __init__(self, locale: str, meant: str | None) -> None:
        self.locale, self.meant = locale, meant
        hint = f" (did you mean {meant}?)" if meant else ""
        super().__init__(f"no messages are written in {locale[:60]!r}; known: zh, en{hint}")


class BadEmail(PersonError):
    """Not an address that mail can be sent to."""

    code, place = "bad_email", "email"


class BadPhone(PersonError):
    """Not a phone number."""

    code, place = "bad_phone", "phone"


class RegionNeeded(PersonError):
    """A number without its country, and no country to assume."""

    code, place = "region_needed", "phone"


class NotTextable(PersonError):
    """A number that cannot receive SMS: a landline, a service or a premium line."""

    code, place = "not_textable", "phone"


@dataclass(frozen=True, kw_only=True)
class Consent:
    """Agreement to advertising on one channel, or its withdrawal: who recorded it, and when."""

    channel: ChannelName
    granted: bool
    source: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What the shop says of one person, already checked. None and absent mean: leave as it is.

    `contacts` maps e-mail and SMS to the only address there; None there removes the channel.
    """

    reference: str
    name: str | None = None
    locale: str | None = None
    zone: str | None = None
    contacts: Mapping[ChannelName, str | None] = field(default_factory=dict)
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person as they stand in our books."""

    id: PersonId
    reference: str | None
    name: str
    locale: str
    zone: str
    created_at: datetime
    contacts: Mapping[str, tuple[str, ...]]  # newest first
    consents: tuple[Consent, ...]


def name_of(text: str) -> PersonId | str:
    """Read how a caller names a person: our id (`per_…`), else the shop's own reference.

    Raises:
        BadId: If it begins like our id and is none.
    """
    return PersonId(read("per", text)) if text.startswith(OUR_PREFIX) else text


def check_zone(zone: str) -> str:
    """Return the zone if it is one of the IANA list (`Area/City` or `UTC`).

    Raises:
        UnknownZone: With the zone that was probably meant.
    """
    known = _zones()
    if zone in known:
        return zone
    city = zone.rpartition("/")[2].upper().replace(" ", "_")
    meant = MEANT_ZONES.get(city) or MEANT_ZONES.get(city.rstrip("0123456789"))
    near = get_close_matches(zone.title().replace(" ", "_"), known, n=1)
    raise UnknownZone(zone, meant or _by_city(city) or (near[0] if near else None))


@cache
def _zones() -> frozenset[str]:
    return frozenset(zone for zone in available_timezones() if "/" in zone) | {"UTC"}


def _by_city(city: str) -> str | None:
    return next((z for z in sorted(_zones()) if z.upper().endswith(f"/{city}")), None)


def check_locale(locale: str) -> str:
    """Return `zh` or `en` for any tag of these languages, such as `zh-CN` or `en_GB`.

    Raises:
        UnknownLocale: With the nearest language that messages are written in, where one is near.
    """
    language = locale.strip().replace("_", "-").partition("-")[0].lower()
    if language in LOCALES:
        return language
    meant = {"cn": "zh", "chinese": "zh", "中文": "zh", "yue": "zh", "english": "en", "us": "en"}
    raise UnknownLocale(locale, meant.get(language))


def check_email(address: str) -> str:
    """Return the address with its domain in ASCII; whether a mailbox is there is not asked.

    Quoted names, bracketed hosts, names of over 64 characters or beyond ASCII are not accepted;
    domains in any script are.

    Raises:
        BadEmail: With the reason.
    """
    try:
        checked = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise BadEmail(str(error)) from None
    if len(checked.local_part) > MOST_EMAIL_LOCAL:
        raise BadEmail(f"The part before the @-sign is over {MOST_EMAIL_LOCAL} characters.")
    return checked.ascii_email or checked.normalized


def check_phone(number: str, *, region: str | None) -> str:
    """Return the number in E.164 (`+8613800138000`); `region` is assumed where it names no country.

    Raises:
        RegionNeeded: If it has no `+` and there is no region to assume.
        BadPhone: If it is no number that exists.
        NotTextable: If it cannot receive SMS.
    """
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            raise RegionNeeded("the number needs its country: +86 138…") from None
        raise BadPhone("this is not a phone number") from None
    if not phonenumbers.is_valid_number(parsed):
        raise BadPhone("no such phone number can exist")
    if phonenumbers.number_type(parsed) not in TEXTABLE:
        raise NotTextable("this number cannot receive SMS: not a mobile number")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
