"""The doors of pushes: signed or refused; a bad day of a carrier leaves what a good one does."""

import json
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select, text

from app.db.transaction import begin
from app.intake.carriers.kuaidi100 import sign_of
from app.intake.carriers.scripted import (
    WRONG,
    Manners,
    Request,
    easypost_push,
    kuaidi100_push,
    play,
    pushes,
)
from orders_core.outbox.tables import history
from orders_core.parcels.parcel import Checkpoint, ParcelStatus
from orders_core.parcels.store import Name
from orders_core.parcels.tables import checkpoint, parcel
from tests.app.intake.carriers.conftest import SALT, SECRET
from tests.dice import dice
from tests.doors import Doors
from tests.shop import MORNING, Shop
from tests.web import open_web

HOUR = timedelta(hours=1)
RUDE = Manners(twice=0.4, forged=0.4, is_shuffled=True)
SF1 = ("sf", "SF1")


def send(doors: Doors, carrier: str, request: Request) -> Any:
    return doors.client.post(
        f"/v1/carriers/{carrier}/push",
        content=request.body,
        headers={**request.headers, "Authorization": ""},
    )


def seen(hours: int, code: ParcelStatus, place: str = "杭州") -> Checkpoint:
    return Checkpoint(at=MORNING - 30 * HOUR + hours * HOUR, code=code, place=place, words="扫描")


WAY = [
    seen(0, ParcelStatus.PICKED_UP),
    seen(5, ParcelStatus.IN_TRANSIT, "嘉兴"),
    seen(20, ParcelStatus.OUT_FOR_DELIVERY, "上海"),
    seen(22, ParcelStatus.DELIVERED, "上海"),
]


def count(doors: Doors, table: Any) -> int:
    with begin(doors.shop.engine) as tx:
        return tx.scalar(select(func.count()).select_from(table)) or 0


def test_a_signed_push_is_taken_and_answered_as_its_carrier_expects(doors: Doors) -> None:
    reply = send(doors, "kuaidi100", kuaidi100_push(SF1, WAY[:2], SALT))

    assert (reply.status_code, reply.json()) == (
        200,
        {"result": True, "returnCode": "200", "message": "成功"},
    )
    told = doors.get("/v1/parcels/sf/SF1")
    assert (told["status"], told["last_place"]) == ("in_transit", "嘉兴")


def test_easyposts_push_is_taken_too(doors: Doors) -> None:
    reply = send(doors, "easypost", easypost_push(("dhl", "JD1"), WAY[1:], SECRET))

    assert reply.status_code == 200
    assert doors.get("/v1/parcels/dhl/JD1")["status"] == "delivered"


@pytest.mark.parametrize(
    ("carrier", "write"), [("kuaidi100", kuaidi100_push), ("easypost", easypost_push)]
)
def test_of_a_push_that_is_signed_wrongly_nothing_is_kept(
    doors: Doors, carrier: str, write: Any
) -> None:
    reply = send(doors, carrier, write(SF1, WAY, WRONG))

    assert (reply.status_code, reply.json()["code"]) == (401, "bad_signature")
    assert (count(doors, parcel), count(doors, checkpoint), count(doors, history)) == (0, 0, 0)


def test_a_push_signed_for_another_carrier_is_refused(doors: Doors) -> None:
    request = kuaidi100_push(SF1, WAY, SECRET)  # a secret of ours, and not of this carrier

    assert send(doors, "kuaidi100", request).status_code == 401


def test_a_carrier_nobody_knows_is_not_found(doors: Doors) -> None:
    assert send(doors, "nobody", kuaidi100_push(SF1, WAY, SALT)).status_code == 404


def test_a_push_that_cannot_be_read_is_told_so(doors: Doors) -> None:
    form = urlencode({"sign": sign_of("[]", SALT), "param": "[]"}).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}

    reply = send(doors, "kuaidi100", Request(headers, form))

    assert (reply.status_code, reply.json()["code"]) == (422, "bad_push")


def test_a_push_over_the_limit_is_refused_before_its_signature_is_looked_at(doors: Doors) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}

    assert (
        send(doors, "kuaidi100", Request(headers, b"param=" + b"x" * 1_000_001)).status_code == 413
    )


def test_a_form_is_taken_from_carriers_only(doors: Doors) -> None:
    reply = doors.client.post(
        "/v1/parcels/sf/SF1/relabel",
        content=b"number=1",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )

    assert reply.status_code == 415


def test_a_push_sent_again_changes_nothing(doors: Doors) -> None:
    request = kuaidi100_push(SF1, WAY, SALT)
    send(doors, "kuaidi100", request)
    before = count(doors, history)

    assert send(doors, "kuaidi100", request).status_code == 200
    assert (count(doors, history), count(doors, checkpoint)) == (before, 4)


def test_a_long_story_is_kept_in_several_transactions(doors: Doors) -> None:
    start = MORNING - 1200 * HOUR / 2
    said = [Checkpoint(at=start + n * HOUR / 2, code=ParcelStatus.IN_TRANSIT) for n in range(1200)]

    assert send(doors, "kuaidi100", kuaidi100_push(SF1, said, SALT)).status_code == 200
    assert count(doors, checkpoint) == 1200


def test_a_scan_of_next_week_is_left_out_and_the_rest_is_kept(doors: Doors) -> None:
    said = [WAY[0], Checkpoint(at=MORNING + 200 * HOUR, code=ParcelStatus.DELIVERED)]

    assert send(doors, "kuaidi100", kuaidi100_push(SF1, said, SALT)).status_code == 200
    assert doors.get("/v1/parcels/sf/SF1")["status"] == "picked_up"


def test_what_was_scanned_long_ago_rings_nobody(doors: Doors) -> None:
    old = [Checkpoint(at=MORNING - 60 * HOUR, code=ParcelStatus.PICKED_UP)]
    send(doors, "kuaidi100", kuaidi100_push(SF1, old, SALT))
    send(doors, "kuaidi100", kuaidi100_push(SF1, WAY[:2], SALT))

    with begin(doors.shop.engine) as tx:
        told = tx.execute(select(history.c.type, history.c.ring).order_by(history.c.version))
        assert [tuple(row) for row in told][1:] == [
            ("parcel.picked_up", "never"),
            ("parcel.in_transit", "now"),
        ]


def put_right(name: Name, old: str) -> Request:
    param = json.loads(_param(kuaidi100_push(name, WAY[:2], SALT)))
    param |= {"autoCheck": "1", "comOld": old, "comNew": param["lastResult"]["com"]}
    text_of = json.dumps(param)
    form = urlencode({"sign": sign_of(text_of, SALT), "param": text_of})
    return Request({"content-type": "application/x-www-form-urlencoded"}, form.encode())


def _param(request: Request) -> str:
    from urllib.parse import parse_qs  # noqa: PLC0415 - only here

    return parse_qs(request.body.decode())["param"][0]


def test_a_carrier_that_kuaidi100_puts_right_takes_the_parcel_along(doors: Doors) -> None:
    doors.call("POST", "/v1/parcels/yto/SF1/checkpoints", {"code": "announced"})

    assert send(doors, "kuaidi100", put_right(SF1, "yuantong")).status_code == 200

    told = doors.get("/v1/parcels/yto/SF1")
    assert (told["carrier"], told["status"]) == ("sf", "announced")
    assert told["earlier_numbers"] == [{"carrier": "yto", "number": "SF1"}]


def test_a_carrier_put_right_of_a_parcel_nobody_knows_is_taken_all_the_same(doors: Doors) -> None:
    assert send(doors, "kuaidi100", put_right(SF1, "yuantong")).status_code == 200
    assert doors.get("/v1/parcels/sf/SF1")["status"] == "in_transit"


def journeys(rng: Random, parcels: int) -> dict[Name, list[Checkpoint]]:
    codes = [*ParcelStatus][1:6]
    return {
        ("sf", f"SF{n}"): [
            seen(3 * at + rng.randint(0, 2), rng.choice(codes), rng.choice(["上海", "嘉兴"]))
            for at in range(rng.randint(1, 6))
        ]
        for n in range(parcels)
    }


STANDS = text(
    "SELECT carrier, number, status, last_scan_at, last_place,"
    " (SELECT array_agg((at, code, place)::text ORDER BY at, code, place)"
    "  FROM checkpoint WHERE parcel_id = parcel.id) FROM parcel ORDER BY carrier, number"
)


def standing(shop: Shop) -> list[Any]:
    with begin(shop.engine) as tx:
        return [tuple(row) for row in tx.execute(STANDS)]


@pytest.mark.parametrize("carrier", ["kuaidi100", "easypost"])
def test_a_bad_day_of_a_carrier_leaves_what_a_good_one_does(doors: Doors, carrier: str) -> None:
    rng, secret = dice(11), {"kuaidi100": SALT, "easypost": SECRET}[carrier]
    ways = journeys(rng, 12)
    good = pushes(carrier, ways, secret=secret, dice=rng)
    bad = pushes(carrier, ways, secret=secret, dice=rng, manners=RUDE)

    answered = play(bad, lambda one: int(send(doors, carrier, one).status_code))
    after_bad = standing(doors.shop)
    with begin(doors.shop.engine) as tx:
        tx.execute(text("DELETE FROM checkpoint"))
        tx.execute(text("UPDATE parcel SET status = 'announced', last_scan_at = NULL"))
    play(good, lambda one: int(send(doors, carrier, one).status_code))

    forged = sum(one.is_forged for one in bad)
    assert answered == {200: len(bad) - forged, 401: forged}
    assert forged > 3
    assert after_bad == standing(doors.shop)


def test_a_scripted_carrier_plays_over_a_real_socket(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setenv("ORDERBELL_CARRIER_SECRETS", f"kuaidi100={SALT}")
    script = pushes(
        "kuaidi100", {SF1: WAY}, secret=SALT, dice=dice(3), manners=Manners(twice=1, forged=1)
    )
    with open_web(shop) as web:

        def by_http(one: Request) -> int:
            url = f"{web.client.base_url}/v1/carriers/kuaidi100/push"
            sent = web.client.post(
                url, content=one.body, headers={**one.headers, "Authorization": ""}
            )
            return sent.status_code

        assert play(script, by_http) == {200: 8, 401: 4}
        assert web.get("/v1/parcels/sf/SF1").json()["status"] == "delivered"
