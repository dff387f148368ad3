"""快递100's pushes: the signature, its codes and its clock."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from app.intake.carriers.contract import BadPush, BadSignature, Push, Relabelled, Watch
from app.intake.carriers.kuaidi100 import Kuaidi100, sign_of
from orders_core.parcels.parcel import ParcelStatus

SALT = "abc123"


def row(ftime: str, context: str = "已到达", **more: object) -> dict[str, object]:
    return {"ftime": ftime, "context": context, "areaName": "浙江,杭州市", **more}


def told(**more: Any) -> dict[str, Any]:
    result = {"com": "shunfeng", "nu": "SF1", "state": "0", "data": [row("2026-11-22 18:05:00")]}
    return {"status": "polling", "message": "", "lastResult": result | more}


def read(said: dict[str, Any] | str, *, salt: str = SALT, sign: str | None = None) -> Push:
    param = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    signed = sign_of(param, salt) if sign is None else sign
    form = urlencode({"sign": signed, "param": param}).encode()
    return Kuaidi100().read_push({}, form, SALT)


def codes(*rows: dict[str, object], state: str = "0") -> list[ParcelStatus]:
    return [one.checkpoint.code for one in read(told(state=state, data=list(rows))).scans]


def test_the_signature_is_the_md5_of_the_parameter_and_the_salt_in_capitals() -> None:
    expected = hashlib.md5(b'{"a":1}abc123', usedforsecurity=False).hexdigest().upper()

    assert sign_of('{"a":1}', SALT) == expected


@pytest.mark.parametrize("sign", ["", "0" * 32, "é", sign_of(json.dumps(told()), "other")])
def test_a_push_that_is_not_signed_with_our_salt_is_refused(sign: str) -> None:
    with pytest.raises(BadSignature):
        read(told(), sign=sign)


def test_one_changed_letter_breaks_the_signature() -> None:
    param = json.dumps(told())
    form = urlencode({"sign": sign_of(param, SALT), "param": param.replace("SF1", "SF2")})

    with pytest.raises(BadSignature):
        Kuaidi100().read_push({}, form.encode(), SALT)


@pytest.mark.parametrize("body", [b"", b"param=%7B%7D", b"\xff\xfe", b"sign=x", b"a=1&" * 30])
def test_what_is_no_signed_form_is_refused_before_it_is_read(body: bytes) -> None:
    with pytest.raises(BadSignature):
        Kuaidi100().read_push({}, body, SALT)


@pytest.mark.parametrize("param", ["[]", "text", '{"lastResult":{"com":"sf"}}', "{"])
def test_a_signed_push_that_says_nothing_readable_is_told_so(param: str) -> None:
    with pytest.raises(BadPush):
        read(param)


def test_times_are_chinas_and_places_and_words_are_kept() -> None:
    (scan,) = read(told()).scans

    assert scan.name == ("sf", "SF1")
    assert scan.checkpoint.at == datetime(2026, 11, 22, 10, 5, tzinfo=UTC)
    assert (scan.checkpoint.place, scan.checkpoint.words) == ("浙江,杭州市", "已到达")


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("0", "in_transit"),
        ("1", "picked_up"),
        ("2", "exception"),
        ("3", "delivered"),
        ("4", "returned"),
        ("5", "out_for_delivery"),
        ("6", "returning"),
        ("7", "in_transit"),
        ("8", "in_transit"),
        ("14", "exception"),
        ("101", "announced"),
        ("103", "picked_up"),
        ("206", "attempt_failed"),
        ("301", "delivered"),
        ("501", "at_station"),
        ("1002", "in_transit"),
        ("1401", "exception"),
        ("99", "in_transit"),  # never heard of: on the way
    ],
)
def test_each_state_is_one_of_ours(state: str, code: str) -> None:
    assert codes(row("2026-11-22 18:05:00"), state=state) == [code]


def test_each_row_has_its_own_state_where_it_names_one() -> None:
    rows = [
        row("2026-11-22 18:05:00", statusCode="501"),
        row("2026-11-22 12:05:00", status="派件"),
        row("2026-11-21 12:05:00"),
    ]

    assert codes(*rows, state="3") == ["at_station", "out_for_delivery", "in_transit"]


def test_a_row_without_a_readable_time_is_left_out() -> None:
    assert codes(row("昨天"), row("2026-11-22 18:05:00"), {"context": 7}) == ["in_transit"]


def test_a_row_of_a_time_that_no_parcel_can_have_is_left_out() -> None:
    assert codes(row("0001-01-01 00:00:00"), row("2026-11-22 18:05:00")) == ["in_transit"]


@pytest.mark.parametrize(
    ("status", "watch"),
    [("polling", Watch.WATCHING), ("shutdown", Watch.FINISHED), ("abort", Watch.GIVEN_UP)],
)
def test_how_the_watch_stands_is_told(status: str, watch: Watch) -> None:
    (subscription,) = read(told() | {"status": status, "message": "60天无变化"}).subscriptions

    assert (subscription.watch, subscription.says) == (watch, "60天无变化")


def test_a_watch_that_found_nothing_names_no_parcel() -> None:
    assert read({"status": "abort", "message": "3天查询无记录"}) == Push()


def test_a_carrier_that_was_put_right_is_a_relabelling() -> None:
    put_right = told() | {"autoCheck": "1", "comOld": "yuantong", "comNew": "shunfeng"}

    assert read(put_right).relabelled == (Relabelled(("yto", "SF1"), ("sf", "SF1")),)
    assert read(put_right | {"autoCheck": "0"}).relabelled == ()
    assert read(put_right | {"comOld": ""}).relabelled == ()


def test_text_is_cut_and_cleaned() -> None:
    dirty = row("2026-11-22 18:05:00", "已\x00到\n达" + "很" * 2000)
    (scan,) = read(told(data=[dirty])).scans

    assert scan.checkpoint.words.startswith("已 到 达很")
    assert len(scan.checkpoint.words) == 1000
