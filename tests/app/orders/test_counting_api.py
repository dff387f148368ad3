"""Counts and transfers over HTTP: several calls, one holder, everything at once."""

from typing import Any

from sqlalchemy import text

from app.db.transaction import begin
from orders_core.ids import show
from tests.buying import KIMONO, LAMP, MUG, TEA
from tests.cast import ANA
from tests.web import Web

COUNTS, TRANSFERS = "/v1/stock/counts", "/v1/stock/transfers"


def on_hand(web: Web, sku: str, warehouse: str = "main") -> int:
    levels = web.get("/v1/stock", sku=sku).json()["data"]
    return next((int(one["on_hand"]) for one in levels if one["warehouse"] == warehouse), 0)


def run_out(web: Web) -> None:
    """Let every lease run out: the machine's clock cannot be set."""
    with begin(web.shop.engine) as tx:
        tx.execute(text("UPDATE lease SET until = clock_timestamp() - interval '1 second'"))


def begun(web: Web, *skus: str) -> tuple[str, int]:
    answer = web.post(COUNTS, {"warehouse": "main", "skus": list(skus)})
    assert answer.status_code == 201, answer.text
    return f"{COUNTS}/{answer.json()['id']}", answer.json()["token"]


def line(sku: str, counted: int, token: int) -> dict[str, Any]:
    return {"sku": sku, "counted": counted, "token": token}


def test_a_count_is_begun_filled_and_closed(web: Web) -> None:
    before = on_hand(web, MUG)
    path, token = begun(web, MUG, TEA)

    renewed = web.put(f"{path}/lines", line(MUG, before - 2, token))
    closed = web.post(f"{path}/close", {"token": token})

    assert renewed.json()["token"] == token
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    assert [one["difference"] for one in closed.json()["lines"]] == [-2, 0]
    assert web.get(path).json() == closed.json()
    assert on_hand(web, MUG) == before - 2


def test_a_paused_holder_gets_409_lease_lost_once_another_took_over(web: Web) -> None:
    before = on_hand(web, TEA)
    path, paused = begun(web, TEA)
    web.put(f"{path}/lines", line(TEA, 1, paused))
    early = web.post(f"{path}/take_over")
    run_out(web)
    newest = web.post(f"{path}/take_over").json()["token"]

    late = [
        web.put(f"{path}/lines", line(TEA, 2, paused)),
        web.post(f"{path}/close", {"token": paused}),
        web.post(f"{path}/drop", {"token": paused}),
    ]

    assert (early.status_code, early.json()["code"]) == (409, "lease_held")
    assert [(one.status_code, one.json()["code"]) for one in late] == [(409, "lease_lost")] * 3
    assert on_hand(web, TEA) == before
    assert web.post(f"{path}/drop", {"token": newest}).json()["state"] == "dropped"


def test_a_shelf_is_in_one_open_count_at_most(web: Web) -> None:
    path, token = begun(web, LAMP)

    again = web.post(COUNTS, {"skus": [LAMP]})

    assert (again.status_code, again.json()["code"]) == (409, "already_counting")
    web.post(f"{path}/drop", {"token": token})
    ended = web.put(f"{path}/lines", line(LAMP, 1, token))
    assert (ended.status_code, ended.json()["code"]) == (409, "count_ended")


def test_a_count_below_what_is_promised_turns_an_order_short(web: Web) -> None:
    before = on_hand(web, KIMONO)
    body = {
        "person": show("per", ANA.person_id),
        "lines": [{"sku": KIMONO, "quantity": before}],
    }
    order = web.post("/v1/orders", body).json()["id"]
    path, token = begun(web, KIMONO)
    web.put(f"{path}/lines", line(KIMONO, before - 1, token))

    closed = web.post(f"{path}/close", {"token": token})

    assert closed.status_code == 200, closed.text
    assert web.get(f"/v1/orders/{order}").json()["short_units"] == 1
    [level] = web.get("/v1/stock", sku=KIMONO).json()["data"]
    assert (level["on_hand"], level["reserved"], level["short"]) == (before - 1, before - 1, 1)
    assert level["available"] == 0


def test_goods_are_sent_seen_on_the_road_and_counted_in(web: Web) -> None:
    before = on_hand(web, TEA)
    body = {"from": "main", "to": "west", "lines": [{"sku": TEA, "quantity": 5}]}
    sent = web.post(TRANSFERS, body, key="van 1")
    again = web.post(TRANSFERS, body, key="van 1")
    path = f"{TRANSFERS}/{sent.json()['id']}"
    on_the_road = web.get(TRANSFERS, state="sent").json()["data"]
    coming = {
        one["warehouse"]: one["coming"] for one in web.get("/v1/stock", sku=TEA).json()["data"]
    }

    arrived = web.post(f"{path}/arrive", {"lines": [{"sku": TEA, "arrived": 4}]})

    assert (sent.status_code, sent.json()) == (201, again.json())
    assert [one["id"] for one in on_the_road] == [sent.json()["id"]]
    assert coming == {"main": 0, "west": 5}
    assert arrived.json()["lines"] == [{"sku": TEA, "sent": 5, "arrived": 4, "difference": -1}]
    assert (on_hand(web, TEA), on_hand(web, TEA, "west")) == (before - 5, 4)
    assert web.get(path).json()["state"] == "arrived"
    assert web.get(TRANSFERS, state="sent").json()["data"] == []


def test_unloading_over_several_calls_is_one_docks_at_a_time(web: Web) -> None:
    body = {"from": "main", "to": "west", "lines": [{"sku": TEA, "quantity": 2}]}
    path = f"{TRANSFERS}/{web.post(TRANSFERS, body).json()['id']}"
    token = web.post(f"{path}/unload").json()["token"]

    others = [web.post(f"{path}/unload"), web.post(f"{path}/arrive", {})]
    web.put(f"{path}/lines", {"sku": TEA, "arrived": 1, "token": token})
    done = web.post(f"{path}/arrive", {"token": token})

    assert [other.json()["code"] for other in others] == ["lease_held", "lease_held"]
    assert done.json()["lines"][0]["arrived"] == 1
    late = web.post(f"{path}/unload")
    assert (late.status_code, late.json()["code"]) == (409, "transfer_ended")


def test_a_transfer_to_where_it_comes_from_goes_nowhere(web: Web) -> None:
    body = {"from": "main", "to": "main", "lines": [{"sku": TEA, "quantity": 1}]}

    answer = web.post(TRANSFERS, body)

    assert (answer.status_code, answer.json()["code"]) == (422, "goes_nowhere")


def test_transfers_are_listed_a_page_at_a_time(web: Web) -> None:
    for _ in range(3):
        body = {"from": "main", "to": "west", "lines": [{"sku": MUG, "quantity": 1}]}
        web.post(TRANSFERS, body)
    whole = [one["id"] for one in web.get(TRANSFERS).json()["data"]]

    first = web.get(TRANSFERS, limit=2).json()
    rest = web.get(TRANSFERS, after=first["next"]).json()["data"]

    assert [one["id"] for one in first["data"] + rest] == whole
