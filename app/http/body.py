"""The types of bodies, paths and queries. Strict: a wish is taken as written or refused.

Each stands in an annotation, as in `quantity: Annotated[int, Whole(1, 1_000)]`, and each refusal
carries its own code (`not_integer`, `timezone_required`, `bad_text`, …) for `faults.py` to hand on.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler
from pydantic.json_schema import WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from orders_core.errors import BadId
from orders_core.ids import read

INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
SMALLEST, LARGEST = -(2**63), 2**63 - 1


class Body(BaseModel):
    """Base of every request body: refuses unknown fields, loose types, non-finite numbers."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high` (as a rule: what a bigint holds); `code` names a refusal.

    `9.0` counts as 9, as JSON knows one kind of number; `"9"` only in a path or query.
    """

    low: int = SMALLEST
    high: int = LARGEST
    code: str = "out_of_range"

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Build the validator."""
        schema = core_schema.no_info_before_validator_function(integral_float, handler(source))
        return core_schema.no_info_after_validator_function(
            self._in_range, schema, metadata=_shown(minimum=self.low, maximum=self.high)
        )

    def _in_range(self, value: int) -> int:
        if self.low <= value <= self.high:
            return value
        bounds = {"low": self.low, "high": self.high, "code": self.code}
        raise PydanticCustomError("out_of_range", "must be from {low} to max {high}", bounds)


def integral_float(value: object) -> object:
    """Take `9.0` for 9 and refuse what is not finite; leave everything else as it is."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise PydanticCustomError("not_finite", "must be a finite number")
        if value.is_integer():
            return int(value)
    return value


@dataclass(frozen=True)
class Prose:
    """A text of `least` to `most` characters, trimmed; it may have line breaks."""

    most: int
    least: int = 1

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Build the validator."""
        return core_schema.no_info_after_validator_function(
            self.check,
            handler(source),
            metadata=_shown(minLength=self.least, maxLength=self.most),
        )

    def check(self, value: str) -> str:
        """Return the text clean, or refuse it."""
        text = clean(value)
        bounds = {"least": self.least, "most": self.most}
        if len(text) < self.least:
            raise PydanticCustomError(
                "string_too_short", "must have at least {least} characters", bounds
            )
        if len(text) > self.most:
            raise PydanticCustomError(
                "string_too_long", "must have at most {most} characters", bounds
            )
        return text


@dataclass(frozen=True)
class Line(Prose):
    """A text of one line, `least` to `most` characters, trimmed."""

    def check(self, value: str) -> str:
        """Return the text clean, or refuse it."""
        text = super().check(value)
        if "\n" in text or "\t" in text:
            raise PydanticCustomError("line_break", "must be one line")
        return text


def clean(value: str) -> str:
    """Return the text in Unicode's composed form, without blanks around it.

    Raises:
        PydanticCustomError: `bad_text` for NUL, lone surrogates, control and bidi-control marks.
    """
    text = value.replace("\r\n", "\n")
    if any(_is_foul(mark) for mark in text):
        raise PydanticCustomError("bad_text", "holds characters that are not text")
    return unicodedata.normalize("NFC", text).strip()


def _is_foul(mark: str) -> bool:
    if mark in "\n\t":
        return False
    return unicodedata.category(mark) in {"Cc", "Cs"} or mark in BIDI


@dataclass(frozen=True)
class PublicId:
    """An id such as `ord_01k9…`; in the program it is a UUID."""

    prefix: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Build the validator."""
        shown = _shown(type="string", pattern=f"^{self.prefix}_[0-9a-hjkmnp-tv-z]{{26}}$")
        return core_schema.no_info_plain_validator_function(
            self._parse, json_schema_input_schema=core_schema.str_schema(), metadata=shown
        )

    def _parse(self, value: object) -> UUID:
        if isinstance(value, UUID):
            return value
        try:
            return read(self.prefix, str(value))
        except BadId:
            raise PydanticCustomError(
                "bad_id", "must be an id of the form {prefix}_…", {"prefix": self.prefix}
            ) from None


@dataclass(frozen=True)
class OneOf:
    """One word out of an enumeration of words, or out of some of them."""

    choices: type[StrEnum] | Sequence[StrEnum]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Build the validator."""
        shown = _shown(type="string", enum=[str(choice) for choice in self.choices])
        return core_schema.no_info_plain_validator_function(
            self._parse, json_schema_input_schema=core_schema.str_schema(), metadata=shown
        )

    def _parse(self, value: object) -> StrEnum:
        for choice in self.choices:
            if value == choice.value:
                return choice
        known = ", ".join(self.choices)
        raise PydanticCustomError("unknown_value", "must be one of: {known}", {"known": known})


def _shown(**members: Any) -> dict[str, Any]:
    """Return core-schema metadata that puts these members into the JSON schema."""
    return {"pydantic_js_updates": members}


def _instant(value: object) -> datetime:
    if isinstance(value, datetime):
        at = value
    elif isinstance(value, str) and INSTANT.match(value):
        at = _parsed(value)
    else:
        raise PydanticCustomError("bad_datetime", "must be an RFC 3339 time: 2026-11-22T09:30:00Z")
    if at.tzinfo is None:
        raise PydanticCustomError("timezone_required", "must name its zone: Z or +08:00")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("bad_datetime", "lies outside the calendar") from None


def _parsed(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        raise PydanticCustomError("bad_datetime", "is no time of the calendar") from None


def _day(value: object) -> date:
    if isinstance(value, str) and DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("bad_date", "must be a day of the calendar: 2026-11-22")


Instant = Annotated[
    datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})
]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Minor = Annotated[int, Whole(0, 10**15)]  # an amount in minor units
Quantity = Annotated[int, Whole(1, 1_000_000, "quantity_out_of_range")]
