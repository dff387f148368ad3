"""⑤ The doors open: three thousand buyers, a thousand umbrellas, exactly a thousand win."""

import logging
import threading
from collections.abc import Mapping, Sequence
from queue import Empty, SimpleQueue
from typing import Any
from uuid import uuid4

from app.demo import crowd
from app.demo.goods import DOOR_UNITS, SELLS, UMBRELLA
from app.demo.patience import Stopped
from app.demo.rush import CREATED, SOLD_OUT, Buyer, Crowd, Rush
from app.demo.shop import Away, Call, Refused, Shop
from app.demo.stage import CannotPlay, Scene

log = logging.getLogger("app.demo")

BUYERS = 3_000
TILLS = 3  # connections that take the winners' money, calmly


def play(scene: Scene) -> Mapping[str, Any]:
    """Count exactly so many free umbrellas, let everybody in, and count again."""
    units = bounded(scene.facts, "units", most=DOOR_UNITS)
    buyers = _come(scene, bounded(scene.facts, "buyers", most=BUYERS))
    before = _stack(scene, units)
    gate = Crowd(scene.shop.url, scene.shop.key, stop=scene.stop)
    rush = gate.buy(buyers, UMBRELLA, lambda _: None)
    if scene.stop.is_set():
        raise Stopped
    _show(scene, rush)
    after = _shelf(scene)
    _take_money(scene, rush.won)
    sold = after["reserved"] - before["reserved"]
    if sold != len(rush.won):
        raise CannotPlay(f"{len(rush.won)} were told they won, and {sold} units are promised")
    return {
        "buyers": len(buyers),
        "units": units,
        "won": len(rush.won),
        "sold_out": rush.statuses[SOLD_OUT],
        "failed": rush.answered - len(rush.won) - rush.statuses[SOLD_OUT],
        "left": after["available"],
        "seconds": round(rush.seconds, 2),
        "orders_per_second": round(rush.answered / rush.seconds) if rush.seconds else 0,
        "p95_ms": round(rush.slowest_ms(0.95)),
        "sku": UMBRELLA,
    }


def bounded(facts: Mapping[str, Any], name: str, *, most: int) -> int:
    """Return the number that was asked for, if it is from 1 to `most`; else as many as `most`."""
    asked = facts.get(name)
    return asked if isinstance(asked, int) and 1 <= asked <= most else most


def _come(scene: Scene, count: int) -> Sequence[Buyer]:
    """Return so many different people; whoever is not known yet is introduced."""
    evening = uuid4().hex[:12]
    buyers: list[Buyer] = []
    for number in range(crowd.batches(count)):
        people = crowd.at_the_doors(number, size=count)
        known = scene.shop.post("/v1/people:batch", {"people": list(people)})["people"]
        buyers += [Buyer(one["id"], f"doors-{evening}-{one['reference']}") for one in known]
    return buyers


def _stack(scene: Scene, units: int) -> Mapping[str, Any]:
    """Put exactly so many free umbrellas on the shelf, beside those that are promised already."""
    for _ in range(5):  # a cancelled order may free one in between
        on_hand = _shelf(scene)["reserved"] + units
        path = f"/v1/stock/{UMBRELLA}/{SELLS}"
        counted = scene.shop.put(path, {"on_hand": on_hand, "oversell_limit": 0})
        if counted["available"] == units:
            return counted
    raise CannotPlay("the shelf does not keep still")


def _shelf(scene: Scene) -> Mapping[str, Any]:
    levels: list[dict[str, Any]] = scene.shop.get("/v1/stock", sku=UMBRELLA)["data"]
    return next(level for level in levels if level["warehouse"] == SELLS)


def _show(scene: Scene, rush: Rush) -> None:
    """Say in a line for each answer how often it came: three thousand lines would say no more."""
    words = {CREATED: "won", SOLD_OUT: "out_of_stock"}
    for status, count in sorted(rush.statuses.items()):
        said = f"{count} × {words.get(status, 'no answer')}"
        took_ms = round(rush.slowest_ms(0.5), 1)
        scene.saw(Call("POST", "/v1/orders", status, took_ms, said))


def _take_money(scene: Scene, orders: Sequence[str]) -> None:
    """Let the winners pay, behind the scene: what stays unpaid would be called off."""
    waiting: SimpleQueue[str] = SimpleQueue()
    for order_id in orders:
        waiting.put(order_id)
    for _ in range(TILLS):
        threading.Thread(target=_till, args=[scene, waiting], daemon=True).start()


def _till(scene: Scene, waiting: SimpleQueue[str]) -> None:
    with Shop(scene.shop.url, scene.shop.key) as shop:
        while not scene.stop.is_set():
            try:
                shop.pay(waiting.get_nowait())
            except Empty:
                return
            except (Away, Refused) as fault:
                log.info("a winner's payment: %s", fault)
