"""Turns what pydantic says about a request into faults with our codes; repeats no input."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.http.problems import Fault, Problem

CODES: Mapping[str, str] = {
    "extra_forbidden": "unknown_field",
    "missing": "missing_field",
    "int_type": "not_integer",
    "int_parsing": "not_integer",
    "int_from_float": "not_integer",
    "int_parsing_size": "out_of_range",
    "float_type": "not_number",
    "float_parsing": "not_number",
    "decimal_type": "not_number",
    "decimal_parsing": "not_number",
    "finite_number": "not_finite",
    "bool_type": "not_boolean",
    "bool_parsing": "not_boolean",
    "string_type": "not_text",
    "string_unicode": "bad_text",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "string_pattern_mismatch": "bad_form",
    "too_long": "too_many",
    "too_short": "too_few",
    "list_type": "not_list",
    "tuple_type": "not_list",
    "dict_type": "not_object",
    "model_type": "not_object",
    "model_attributes_type": "not_object",
    "literal_error": "unknown_value",
    "enum": "unknown_value",
    "union_tag_invalid": "unknown_value",
    "union_tag_not_found": "missing_field",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "less_than_equal": "out_of_range",
    "timezone_aware": "timezone_required",
    "datetime_type": "bad_datetime",
    "datetime_parsing": "bad_datetime",
    "datetime_from_date_parsing": "bad_datetime",
    "uuid_type": "bad_id",
    "uuid_parsing": "bad_id",
    "json_invalid": "bad_json",
}
WORDS: Mapping[str, str] = {
    "extra_forbidden": "is not a field of this body",
    "missing": "is required",
    "not_integer": "must be a whole number, written without quotes or separators",
    "bad_text": "holds characters that are not text",
    "not_text": "must be text",
    "not_list": "must be a list",
    "not_object": "must be an object",
    "not_boolean": "must be true or false",
}
TAG_WRONG = frozenset({"union_tag_invalid", "union_tag_not_found"})
MOST_FAULTS = 20
PLACES = frozenset({"body", "query", "path", "header", "cookie"})


def problem_of(errors: Sequence[Mapping[str, Any]], *, body: object = None) -> Problem:
    """Return one problem for everything that is wrong with a request; the first fault names it."""
    if isinstance(body, bytes) and any(tuple(error["loc"])[:1] == ("body",) for error in errors):
        return wrong_content_type()
    if any(error["type"] == "json_invalid" for error in errors):
        return Problem(status=400, code="bad_json", detail="the body is not JSON")
    faults = [_fault(error, body) for error in errors[:MOST_FAULTS]]
    first = faults[0]
    where = f"{first.place} {first.pointer}".rstrip()
    return Problem(status=422, code=first.code, detail=f"{where} {first.detail}", errors=faults)


def wrong_content_type() -> Problem:
    """Return the refusal of a body in another content type than the door reads."""
    return Problem(
        status=415,
        code="wrong_content_type",
        detail="this door reads application/json",
        headers={"Accept": "application/json"},
    )


def pointer(parts: Sequence[object]) -> str:
    """Write a place in a document as a JSON pointer (RFC 6901); the whole document is ''."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def _fault(error: Mapping[str, Any], body: object) -> Fault:
    place, *rest = error["loc"] or ("body",)
    if place not in PLACES:
        place, rest = "body", list(error["loc"])
    kind, facts = error["type"], error.get("ctx") or {}
    code = facts.get("code") or CODES.get(kind, kind)
    detail = WORDS.get(kind) or WORDS.get(code) or _sentence(error["msg"])
    if place == "body":
        rest = _in_document(rest, body, is_missing=kind == "missing")
    if kind in TAG_WRONG:
        rest = [*rest, facts["discriminator"].strip("'")]
        tags = facts.get("expected_tags")
        detail = f"must be one of {tags}" if tags else WORDS["missing"]
    return Fault(code=code, detail=detail, pointer=pointer(rest), place=place)


def _in_document(parts: Sequence[object], body: object, *, is_missing: bool) -> list[object]:
    """Leave out what names no place in the body, such as the kind that chose a model for a part."""
    kept: list[object] = []
    at = body
    for number, part in enumerate(parts, start=1):
        is_last = number == len(parts)
        if isinstance(at, dict) and part not in at and not (is_missing and is_last):
            continue
        kept.append(part)
        at = _member(at, part)
    return kept


def _member(at: object, part: object) -> object:
    if isinstance(at, dict):
        return at.get(part)
    if isinstance(at, list) and isinstance(part, int) and part < len(at):
        return at[part]
    return None


def _sentence(message: str) -> str:
    for opening in ("Input should ", "Value should "):
        if message.startswith(opening):
            return "must " + message.removeprefix(opening)
    return message
