"""⑥ A plug is pulled while people buy: first the worker, then Valkey; everybody is told."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

from app.demo import crowd
from app.demo.goods import TEA
from app.demo.homes import home
from app.demo.patience import Stopped, patiently
from app.demo.shop import Refused
from app.demo.stage import CannotPlay, Scene

PLUGS = (("worker-fast", 4), ("valkey", 4))  # what, and for how many seconds
ORDERS = 40
BETWEEN_SECONDS = 0.12
TOLD_WITHIN_SECONDS = 120.0
POLL_SECONDS = 0.4
OPEN = frozenset({"queued", "sending"})
PAID = "order_paid"


@dataclass
class Bought:
    """An order placed while a plug was out, and when somebody was told of it."""

    order_id: str
    person_id: str
    placed_at: float
    told_at: float | None = None


def play(scene: Scene) -> Mapping[str, Any]:
    """Place orders while plugs are out; wait until each buyer was told, and count who was not."""
    people = _people(scene)
    each = ORDERS // len(PLUGS)
    bought: list[Bought] = []
    pulled: list[str] = []
    for name, seconds in PLUGS:
        if not _pull(scene, name, seconds):
            continue
        pulled.append(name)
        mine = people[len(bought) : len(bought) + each]
        bought += [_buy(scene, who) for who in mine]
    if not pulled:
        raise CannotPlay("no plug could be pulled: is this `./orderbell demo`?")
    _wait_until_told(scene, bought)
    waits = [one.told_at - one.placed_at for one in bought if one.told_at is not None]
    return {
        "what": pulled,
        "orders": len(bought),
        "told": len(waits),
        "slowest_seconds": round(max(waits, default=0.0), 1),
        "lost": len(bought) - len(waits),
    }


@dataclass(frozen=True)
class Buyer:
    """Somebody who buys, and where their order goes."""

    person_id: str
    home: Mapping[str, Any]


def _people(scene: Scene) -> Sequence[Buyer]:
    people = crowd.batch(0, seed=crowd.SEED, size=ORDERS)
    known = scene.shop.post("/v1/people:batch", {"people": list(people)})["people"]
    return [
        Buyer(one["id"], home(body["name"], body["zone"], place))
        for place, (one, body) in enumerate(zip(known, people, strict=False))
    ]


def _pull(scene: Scene, name: str, seconds: int) -> bool:
    try:
        scene.shop.post(f"/v1/test/plugs/{name}", {"seconds": seconds})
    except Refused:
        return False
    return True


def _buy(scene: Scene, who: Buyer) -> Bought:
    key = f"plug-{uuid4().hex}"
    started = time.monotonic()
    order = _surely(scene, partial(scene.shop.place, who.person_id, TEA, 1, to=who.home, key=key))
    _surely(scene, partial(scene.shop.pay, order["id"]))
    if scene.stop.wait(BETWEEN_SECONDS):
        raise Stopped
    return Bought(order["id"], who.person_id, started)


def _surely(scene: Scene, work: Callable[[], Any]) -> Any:
    return patiently(work, stop=scene.stop)


def _wait_until_told(scene: Scene, bought: Sequence[Bought]) -> None:
    """Ask for each order's messages until one has left to its buyer, or the time is up."""
    ends = time.monotonic() + TOLD_WITHIN_SECONDS
    waiting = list(bought)
    while waiting and time.monotonic() < ends:
        for one in waiting:
            if _is_told(scene, one):
                one.told_at = time.monotonic()
        waiting = [one for one in waiting if one.told_at is None]
        if scene.stop.wait(POLL_SECONDS):
            raise Stopped


def _is_told(scene: Scene, one: Bought) -> bool:
    """Say whether the buyer has heard that the order is paid, and nothing about it is under way."""
    said = _surely(scene, partial(scene.shop.get, "/v1/messages", order=one.order_id))["data"]
    is_heard = any(told["notice"] == PAID and told["state"] == "sent" for told in said)
    return is_heard and not any(message["state"] in OPEN for message in said)
