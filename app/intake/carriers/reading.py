"""Readers that carriers' adapters share: JSON that may be anything, text cut to size. Pure."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from app.intake.carriers.contract import BadPush
from app.intake.snapshot import FIRST, LAST

LONGEST_PLACE, LONGEST_WORDS, LONGEST_NUMBER, LONGEST_CARRIER = 200, 1000, 64, 40


def object_of(carrier: str, text: str | bytes) -> Mapping[str, Any]:
    """Read a JSON object.

    Raises:
        BadPush: If it is none.
    """
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadPush(carrier, "it is not JSON") from None
    if not isinstance(found, dict):
        raise BadPush(carrier, "it is no JSON object")
    return found


def object_in(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object's member that is an object; an empty one if it is anything else."""
    member = found.get(name)
    return member if isinstance(member, dict) else {}


def objects_in(found: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a member that is a list."""
    members = found.get(name)
    if isinstance(members, list):
        yield from (member for member in members if isinstance(member, dict))


def text_in(found: Mapping[str, Any], name: str, longest: int) -> str:
    """Return a member as one line of text without what a database or a page cannot hold."""
    member = found.get(name)
    if not isinstance(member, str | int | float) or isinstance(member, bool):
        return ""
    printable = "".join(letter if letter.isprintable() else " " for letter in str(member))
    return " ".join(printable.split())[:longest]


def in_utc(at: datetime) -> datetime | None:
    """Return a time in UTC; None where it is one that no parcel of this shop can have."""
    return at.astimezone(UTC) if FIRST <= at < LAST else None


def name_of(carrier: str, code: str, number: str) -> tuple[str, str]:
    """Return a parcel's name.

    Raises:
        BadPush: If its carrier or its number is missing or too long.
    """
    if not code or not number or len(code) > LONGEST_CARRIER or len(number) > LONGEST_NUMBER:
        raise BadPush(carrier, "it names no parcel")
    return code, number
