"""CloudEvents 1.0 as they come: the envelope and the snapshot in it, or why it cannot be taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import unquote

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from app.http.body import Line
from app.http.faults import problem_of
from app.intake.draft import Draft
from app.intake.snapshot import SnapshotBody, Time
from app.people.person import PersonError
from orders_core.orders.mirror import OUR_OWN

ORDER_SNAPSHOT, NOTICE = "order.snapshot", "notice"
FUTURE = timedelta(days=1)
Model = TypeVar("Model", bound=BaseModel)


class Envelope(BaseModel):
    """The attributes of a CloudEvent; extensions may come along and are not read."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    specversion: Literal["1.0"]
    id: Annotated[str, Line(255)]
    source: Annotated[str, Line(200)]
    type: Annotated[str, Line(100)]
    time: Time | None = None


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why an event was not taken, or a part of it was not; `pointer` is into the event."""

    code: str
    detail: str
    pointer: str = ""


class NotTaken(Exception):
    """The event cannot be taken."""

    def __init__(self, code: str, detail: str, pointer: str) -> None:
        self.reason = Reason(code=code, detail=detail, pointer=pointer)
        super().__init__(detail)


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """An event whose form is right: the `draft` of an order, or the notice that is `asked` for."""

    source: str
    id: str
    fingerprint: bytes
    draft: Draft | None = None
    asked: Mapping[str, Any] | None = None
    warnings: tuple[Reason, ...] = ()

    @property
    def key(self) -> str:
        """What no two events share."""
        return f"{self.source} {self.id}"


def read_event(raw: Any, *, now: datetime, region: str) -> Incoming:
    """Read one event as it came; `region` is assumed of phone numbers without a country.

    Raises:
        NotTaken: With what is wrong, and where.
    """
    envelope = _envelope(raw)
    fingerprint = sha256(orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)).digest()
    came = Incoming(source=envelope.source, id=envelope.id, fingerprint=fingerprint)
    if envelope.type == NOTICE:
        return replace(came, asked=_members(raw.get("data")))
    body = _checked(SnapshotBody, raw.get("data"), at="/data")
    occurred_at = _time(body.occurred_at or envelope.time, now)
    customer, faults = body.customer.checked(region=region)
    warnings = _warnings(faults, "/data/customer")
    receiver = None
    if body.gift and body.gift.person:
        receiver, faults = body.gift.person.checked(region=region)
        warnings += _warnings(faults, "/data/gift/person")
    draft = body.draft(
        source=envelope.source, occurred_at=occurred_at, customer=customer, receiver=receiver
    )
    return replace(came, draft=draft, warnings=warnings)


def _envelope(raw: Any) -> Envelope:
    envelope = _checked(Envelope, raw, at="")
    if envelope.type not in {ORDER_SNAPSHOT, NOTICE}:
        raise NotTaken("unknown_type", f"this door takes {ORDER_SNAPSHOT} and {NOTICE}", "/type")
    if envelope.source == OUR_OWN:
        own = f"{OUR_OWN!r} is this shop: its orders are placed, not mirrored"
        raise NotTaken("own_source", own, "/source")
    return envelope


def _members(data: Any) -> Mapping[str, Any]:
    """Return the members of a notice; the event's own name stands for its dispatch."""
    if not isinstance(data, dict):
        raise NotTaken("not_object", "must be an object", "/data")
    if "dispatch" in data:
        raise NotTaken("unknown_field", "the event's source and id name it", "/data/dispatch")
    return data


def _time(occurred_at: datetime | None, now: datetime) -> datetime:
    if occurred_at is None:
        raise NotTaken("missing_field", "the event needs a time, or data.occurred_at", "/time")
    if occurred_at > now + FUTURE:
        raise NotTaken("in_the_future", "lies more than a day ahead of the shop's clock", "/time")
    return occurred_at


def _checked(model: type[Model], raw: Any, *, at: str) -> Model:
    try:
        return model.model_validate(raw)
    except ValidationError as fault:
        errors = [{**error, "loc": ("body", *error["loc"])} for error in fault.errors()]
        first = problem_of(errors).errors[0]
        raise NotTaken(first.code, first.detail, at + first.pointer) from None


def _warnings(faults: Sequence[PersonError], at: str) -> tuple[Reason, ...]:
    return tuple(
        Reason(code=fault.code, detail=str(fault), pointer=f"{at}/{fault.place}")
        for fault in faults
    )


def from_headers(headers: Mapping[str, str], data: Any) -> dict[str, Any]:
    """Put an event together that came in binary mode: its attributes in `ce-` headers.

    What a header cannot hold is percent-encoded there (CloudEvents HTTP binding 1.0, 3.1.3.2).
    """
    attributes = {
        name.removeprefix("ce-"): unquote(value)
        for name, value in headers.items()
        if name.startswith("ce-")
    }
    return {**attributes, "data": data}
