"""EasyPost: the events of its trackers, an aggregator of western carriers.

The body is JSON; `X-Hmac-Signature` is `hmac-sha256-hex=` and the HMAC-SHA256 of the raw body with
the webhook's secret (Unicode form NFKD). Whatever is not answered with 2xx comes again.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from app.intake.carriers.contract import (
    Answer,
    BadSignature,
    Push,
    Subscription,
    Watch,
    is_same,
)
from app.intake.carriers.reading import (
    LONGEST_CARRIER,
    LONGEST_NUMBER,
    LONGEST_PLACE,
    LONGEST_WORDS,
    in_utc,
    name_of,
    object_in,
    object_of,
    objects_in,
    text_in,
)
from orders_core.parcels.parcel import Checkpoint, ParcelStatus
from orders_core.parcels.scan import Scan
from orders_core.parcels.store import Name

HEADER, PREFIX = "x-hmac-signature", "hmac-sha256-hex="
TRACKER = "Tracker"

#: `unknown` says nothing and is left out.
STATUSES: Mapping[str, ParcelStatus] = {
    "pre_transit": ParcelStatus.ANNOUNCED,
    "in_transit": ParcelStatus.IN_TRANSIT,
    "out_for_delivery": ParcelStatus.OUT_FOR_DELIVERY,
    "delivered": ParcelStatus.DELIVERED,
    "available_for_pickup": ParcelStatus.AT_STATION,
    "return_to_sender": ParcelStatus.RETURNING,
    "failure": ParcelStatus.EXCEPTION,
    "error": ParcelStatus.EXCEPTION,
    "cancelled": ParcelStatus.EXCEPTION,
}
ENDS: Mapping[str, Watch] = {
    "delivered": Watch.FINISHED,
    "cancelled": Watch.GIVEN_UP,
    "error": Watch.GIVEN_UP,
}
CARRIERS: Mapping[str, str] = {
    "dhlexpress": "dhl",
    "dhlparcel": "dhl",
    "dhlecommerce": "dhl",
    "upsdap": "ups",
    "fedexdefault": "fedex",
}


class EasyPost:
    """EasyPost, an aggregator of western carriers."""

    name = "easypost"

    def read_push(self, headers: Mapping[str, str], body: bytes, secret: str) -> Push:
        """Check the signature of the raw body, then read the tracker."""
        if not is_same(headers.get(HEADER, "").strip().lower(), signature_of(body, secret)):
            raise BadSignature(self.name)
        tracker = object_in(object_of(self.name, body), "result")
        if tracker.get("object") != TRACKER:
            return Push()  # an event of something else: heard, and of no use here
        name = _name(self.name, tracker)
        status = text_in(tracker, "status", 30)
        return Push(
            subscriptions=(Subscription(name, ENDS.get(status, Watch.WATCHING), status),),
            scans=_scans(name, tracker),
        )

    def answer(self) -> Answer:
        """Return any body: the status alone counts."""
        return Answer({"ok": True})


def signature_of(body: bytes, secret: str) -> str:
    """Return the signature that a push carries."""
    key = unicodedata.normalize("NFKD", secret).encode()
    return PREFIX + hmac.new(key, body, hashlib.sha256).hexdigest()


def _name(carrier: str, tracker: Mapping[str, Any]) -> Name:
    code = text_in(tracker, "carrier", LONGEST_CARRIER + 1).lower()
    number = text_in(tracker, "tracking_code", LONGEST_NUMBER + 1)
    return name_of(carrier, CARRIERS.get(code, code), number)


def _scans(name: Name, tracker: Mapping[str, Any]) -> tuple[Scan, ...]:
    """Return the details in time order; the day that is expected stands at the latest."""
    said = sorted(_checkpoints(tracker), key=lambda one: (one.at, one.code, one.place))
    expected_at = _time(text_in(tracker, "est_delivery_date", 40))
    return tuple(
        Scan(*name, _expecting(one, expected_at) if one is said[-1] else one) for one in said
    )


def _checkpoints(tracker: Mapping[str, Any]) -> Iterator[Checkpoint]:
    for detail in objects_in(tracker, "tracking_details"):
        at = _time(text_in(detail, "datetime", 40))
        code = STATUSES.get(text_in(detail, "status", 30))
        if at is not None and code is not None:
            words = text_in(detail, "message", LONGEST_WORDS)
            yield Checkpoint(at=at, code=code, place=_place(detail), words=words)


def _expecting(said: Checkpoint, day: datetime | None) -> Checkpoint:
    return Checkpoint(
        at=said.at, code=said.code, place=said.place, words=said.words, expected_at=day
    )


def _place(detail: Mapping[str, Any]) -> str:
    at = object_in(detail, "tracking_location")
    parts = (text_in(at, part, LONGEST_PLACE) for part in ("city", "state", "country"))
    return ", ".join(part for part in parts if part)[:LONGEST_PLACE]


def _time(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return in_utc(at if at.tzinfo else at.replace(tzinfo=UTC))
