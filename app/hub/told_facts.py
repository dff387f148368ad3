"""The facts that come with a notice told by hand: each has one form, whatever notice it is in.

What a notice asks for and may take stands in the catalogue. A fact it does not know is refused: a
misspelt one would be missed only by the reader.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, TypeAdapter, ValidationError, create_model
from pydantic_core import PydanticCustomError

from app.http.body import Body, Instant, Line, Minor, Prose, Whole
from app.http.faults import problem_of
from app.hub.notice import Notice
from app.orders.bodies import Currency
from app.templating.plain import is_web_address

LINE_BREAKS = frozenset("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
MOST_COUNT = 1_000_000_000


def _no_break(value: object) -> object:
    """Refuse what would break a header: a title becomes the subject of an e-mail."""
    if isinstance(value, str) and LINE_BREAKS & set(value.strip()):
        raise PydanticCustomError("line_break_in_header", "must be one line: it becomes a subject")
    return value


def _web_address(value: str) -> str:
    if not is_web_address(value):
        raise PydanticCustomError("bad_url", "must be an absolute http or https address")
    return value


Title = Annotated[str, Line(120), BeforeValidator(_no_break)]
Words = Annotated[str, Prose(4000)]
Short = Annotated[str, Line(80)]
Count = Annotated[int, Whole(1, MOST_COUNT)]
Link = Annotated[str, Line(500), AfterValidator(_web_address)]

FORMS: Mapping[str, Any] = {
    "title": Title,
    "body": Words,
    "item": Short,
    "coupon": Short,
    "reason": Short,
    "invoice_number": Annotated[str, Line(40)],
    "count": Count,
    "points": Count,
    "points_left": Annotated[int, Whole(0, MOST_COUNT)],
    "back_minor": Minor,
    "price_minor": Minor,
    "was_minor": Minor,
    "currency": Currency,
    "expires_at": Instant,
    "link_url": Link,
}
ABOVE = frozenset({"title", "body"})  # stand beside `facts` in a body, as they always did


def checked(notice: Notice, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the facts of a notice as JSON keeps them.

    Raises:
        Problem: 422 that names every fact that is missing, unknown or of another form.
    """
    try:
        found = _model(notice.asks, notice.may).model_validate(given)
    except ValidationError as fault:
        errors: Sequence[Mapping[str, Any]] = [
            {**error, "loc": _place(str(error["loc"][0]))} for error in fault.errors()
        ]
        raise problem_of(errors) from None
    return found.model_dump(mode="json", exclude_unset=True)


def form_of(name: str) -> Mapping[str, Any]:
    """Return the JSON schema of one fact."""
    return TypeAdapter(FORMS[name]).json_schema()


def _place(name: str) -> tuple[str, ...]:
    return ("body", name) if name in ABOVE else ("body", "facts", name)


@cache
def _model(asks: tuple[str, ...], may: tuple[str, ...]) -> type[Body]:
    needed: dict[str, Any] = {name: (FORMS[name], ...) for name in asks}
    optional: dict[str, Any] = {name: (FORMS[name] | None, None) for name in may}
    return create_model("Facts", __base__=Body, **needed, **optional)
