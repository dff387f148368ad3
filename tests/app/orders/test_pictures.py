"""Pictures of goods: known by their content, shown where nothing in them can act."""

import struct
import zlib
from collections.abc import Iterator

import pytest

from app.db.transaction import begin
from app.orders import picture_api
from orders_core.catalog import picture_store
from orders_core.catalog.picture import MOST_BYTES
from tests.buying import MUG, TEA, fill
from tests.doors import Doors, open_doors
from tests.shop import Shop

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>'
)
PUT, SHOW = f"/v1/skus/{MUG}/picture", f"/g/{MUG}"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    + chunk(b"IEND", b"")
)


def svg(inside: bytes, head: bytes = b"") -> bytes:
    return head + b'<svg xmlns="http://www.w3.org/2000/svg">' + inside + b"</svg>"


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with begin(shop.engine) as tx:
        fill(tx, {})
    with open_doors(shop, picture_api.router) as opened:
        yield opened


def put(doors: Doors, content: bytes, media_type: str = "image/svg+xml") -> tuple[int, str]:
    reply = doors.client.put(PUT, content=content, headers={"content-type": media_type})
    return reply.status_code, reply.json().get("code")


def test_a_picture_comes_back_as_it_was_put(doors: Doors) -> None:
    assert put(doors, SVG) == (200, MUG)

    shown = doors.client.get(SHOW)

    assert (shown.content, shown.headers["content-type"]) == (SVG, "image/svg+xml")
    assert shown.headers["cache-control"] == "public, max-age=300"
    assert shown.headers["x-content-type-options"] == "nosniff"


def test_a_picture_is_shown_in_a_sandbox_to_anybody(doors: Doors) -> None:
    put(doors, SVG)

    shown = doors.client.get(SHOW, headers={"Authorization": ""})

    assert shown.status_code == 200
    policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert shown.headers["content-security-policy"] == policy


def test_what_it_is_is_told_by_its_content_and_not_by_its_header(doors: Doors) -> None:
    assert put(doors, PNG, "image/svg+xml") == (200, MUG)

    assert doors.client.get(SHOW).headers["content-type"] == "image/png"


def test_whoever_has_the_picture_is_told_that_it_is_the_same(doors: Doors) -> None:
    put(doors, SVG)
    tag = doors.client.get(SHOW).headers["etag"]

    same = doors.client.get(SHOW, headers={"If-None-Match": tag})
    put(doors, PNG, "image/png")
    other = doors.client.get(SHOW, headers={"If-None-Match": tag})

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert (other.status_code, other.content) == (200, PNG)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (svg(b"<script>alert(1)</script>"), "<script>"),
        (svg(b"<g><SCRIPT/></g>"), "<SCRIPT>"),
        (svg(b"<foreignObject/>"), "<foreignObject>"),
        (svg(b'<circle onload="x()"/>'), "handler onload"),
        (svg(b'<a href="javascript:x()"/>'), "outside itself"),
        (svg(b'<image href="https://other.example/a.png"/>'), "outside itself"),
        (svg(b'<set attributeName="xlink:href"/>'), "animates"),
        (svg(b"<style>@import 'a.css'</style>"), "from outside"),
        (svg(b'<circle fill="url(https://other.example)"/>'), "from outside"),
        (svg(b"", b'<!DOCTYPE svg [<!ENTITY a "b">]>'), "document type"),
        (svg(b"", b'<?xml-stylesheet href="a.css"?>'), "instruction"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "root"),
        (b"GIF89a", "neither"),
        (b"\xff\xd8\xff\xe0", "neither"),
        (b"", "neither"),
        (PNG[:-6], "cut off"),
    ],
)
def test_what_acts_or_is_no_picture_is_refused_with_its_reason(
    doors: Doors, content: bytes, reason: str
) -> None:
    reply = doors.client.put(PUT, content=content, headers={"content-type": "image/svg+xml"})

    assert (reply.status_code, reply.json()["code"]) == (422, "not_a_picture")
    assert reason in reply.json()["detail"]
    assert doors.client.get(SHOW).status_code == 404


def test_an_svg_may_refer_to_itself(doors: Doors) -> None:
    drawn = svg(b'<g id="a"/><use href="#a"/><path fill="url(#a)"/>', b'<?xml version="1.0"?>\n')

    assert put(doors, drawn) == (200, MUG)


def test_a_picture_over_64_kb_is_refused(doors: Doors) -> None:
    most = svg(b" " * (MOST_BYTES - len(svg(b""))))

    assert put(doors, most) == (200, MUG)
    assert put(doors, most + b" ") == (413, "too_large")


def test_goods_the_shop_does_not_have_get_no_picture(doors: Doors) -> None:
    kind = {"content-type": "image/svg+xml"}
    reply = doors.client.put("/v1/skus/nothing/picture", content=SVG, headers=kind)

    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")
    assert doors.client.get("/g/nothing").status_code == 404


def test_the_shop_knows_which_goods_have_a_picture(doors: Doors, shop: Shop) -> None:
    put(doors, SVG)

    with begin(shop.engine) as tx:
        assert picture_store.have(tx, [MUG, TEA]) == {MUG}
