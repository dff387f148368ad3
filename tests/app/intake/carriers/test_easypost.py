"""EasyPost's pushes: the signature of the raw body, its statuses, its places."""

import hashlib
import hmac
import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest

from app.intake.carriers.contract import BadPush, BadSignature, Push, Watch
from app.intake.carriers.easypost import HEADER, EasyPost, signature_of

SECRET = "sécret"


def event(**more: Any) -> dict[str, Any]:
    detail = {
        "datetime": "2026-11-22T10:05:00Z",
        "status": "in_transit",
        "message": "Departed facility",
        "tracking_location": {"city": "Leipzig", "state": None, "country": "DE"},
    }
    tracker = {
        "object": "Tracker",
        "carrier": "DHLExpress",
        "tracking_code": "JD0146",
        "status": "in_transit",
        "est_delivery_date": None,
        "tracking_details": [detail],
    }
    return {"object": "Event", "description": "tracker.updated", "result": tracker | more}


def read(said: Any, *, header: str | None = None) -> Push:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    signature = signature_of(body, SECRET) if header is None else header
    return EasyPost().read_push({HEADER: signature}, body, SECRET)


def test_the_signature_is_the_hmac_of_the_raw_body_with_the_secret_normalised() -> None:
    key = unicodedata.normalize("NFKD", SECRET).encode()
    expected = "hmac-sha256-hex=" + hmac.new(key, b"{}", hashlib.sha256).hexdigest()

    assert signature_of(b"{}", SECRET) == expected


@pytest.mark.parametrize(
    "header", ["", "hmac-sha256-hex=", "é", signature_of(json.dumps(event()).encode(), "other")]
)
def test_a_push_that_is_not_signed_with_our_secret_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        read(event(), header=header)


def test_a_push_without_a_signature_is_refused() -> None:
    with pytest.raises(BadSignature):
        EasyPost().read_push({}, b"{}", SECRET)


@pytest.mark.parametrize("body", [b"", b"[]", b"text", json.dumps(event(carrier="")).encode()])
def test_a_signed_push_that_says_nothing_readable_is_told_so(body: bytes) -> None:
    with pytest.raises(BadPush):
        read(body)


def test_an_event_of_something_else_is_heard_and_of_no_use() -> None:
    assert read({"object": "Event", "result": {"object": "Batch"}}) == Push()


def test_a_detail_is_a_scan_with_its_place() -> None:
    (scan,) = read(event()).scans

    assert scan.name == ("dhl", "JD0146")
    assert scan.checkpoint.at == datetime(2026, 11, 22, 10, 5, tzinfo=UTC)
    assert scan.checkpoint.place == "Leipzig, DE"


def test_the_expected_day_stands_at_the_latest_detail() -> None:
    details = [{"datetime": f"2026-11-2{day}T10:00:00Z", "status": "in_transit"} for day in (2, 1)]
    scans = read(event(tracking_details=details, est_delivery_date="2026-11-25T00:00:00Z")).scans

    days = [one.checkpoint.expected_at for one in scans]
    assert days == [None, datetime(2026, 11, 25, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("pre_transit", "announced"),
        ("out_for_delivery", "out_for_delivery"),
        ("available_for_pickup", "at_station"),
        ("delivered", "delivered"),
        ("return_to_sender", "returning"),
        ("failure", "exception"),
    ],
)
def test_each_status_is_one_of_ours(status: str, code: str) -> None:
    details = [{"datetime": "2026-11-22T10:05:00Z", "status": status}]

    (scan,) = read(event(tracking_details=details)).scans

    assert scan.checkpoint.code == code


def test_what_names_no_time_or_no_known_status_is_left_out() -> None:
    details = [
        {"datetime": "soon", "status": "in_transit"},
        {"datetime": "2026-11-22T10:05:00Z", "status": "unknown"},
        "text",
    ]

    assert read(event(tracking_details=details)).scans == ()


@pytest.mark.parametrize("day", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-14:00"])
def test_a_time_that_no_parcel_can_have_is_none(day: str) -> None:
    details = [{"datetime": day, "status": "in_transit"}, *event()["result"]["tracking_details"]]

    (scan,) = read(event(tracking_details=details, est_delivery_date=day)).scans

    assert scan.checkpoint.at == datetime(2026, 11, 22, 10, 5, tzinfo=UTC)
    assert scan.checkpoint.expected_at is None


def test_how_the_watch_stands_is_told() -> None:
    (subscription,) = read(event(status="delivered")).subscriptions

    assert subscription.watch is Watch.FINISHED
