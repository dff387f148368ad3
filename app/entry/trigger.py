"""`orderbell trigger`: let one notice happen to a test person, through the doors a shop uses."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.entry.api_errors import CannotTrigger
from app.entry.own_api import OwnApi
from app.hub.catalogue import NOTICES
from app.hub.notice import Notice
from orders_core.ids import new_id
from orders_core.orders.order import OrderStatus

STATUS_OF = {
    "order_placed": "placed",
    "order_paid": "paid",
    "order_shipped": "shipped",
    "order_delivered": "delivered",
    "order_cancelled": "cancelled",
}
BY_PARCEL = frozenset({"out_for_delivery", "order_delayed"})
BY_HAND = {notice.name: notice for notice in NOTICES.values() if notice.by_hand}
KNOWN = (*STATUS_OF, *sorted(BY_PARCEL), *sorted(BY_HAND))
SOURCE = "orderbell-trigger"
FACTS: Mapping[str, str | int] = {
    "item": "Longjing tea, 250 g",
    "total_minor": 5990,
    "currency": "CNY",
    "carrier": "sf",
    "title": "Spring tea is here",
    "body": "This year's Longjing has arrived.",
    "coupon": "SPRING20",
    "reason": "the card was declined",
    "invoice_number": "INV-2026-0117",
    "count": 2,
    "points": 120,
    "points_left": 300,
    "back_minor": 990,
    "price_minor": 4990,
    "was_minor": 5990,
    "expires_at": "",  # three days from the shop's now
    "link_url": "https://shop.example/tea",
}
ABOVE = frozenset({"title", "body"})
Facts = Mapping[str, str | int]
WAIT_SECONDS, LOOK_SECONDS = 20.0, 0.3


@dataclass(frozen=True, kw_only=True)
class Caused:
    """What was decided, and the messages that came of it."""

    verdict: Mapping[str, Any]
    messages: list[Mapping[str, Any]]


def trigger(shop: OwnApi, notice: str, *, person: str, facts: Mapping[str, str]) -> Caused:
    """Let a notice happen and return what was decided.

    Raises:
        CannotTrigger: If there is no sample for it, or nothing was decided within 20 s.
    """
    said = _check(notice, facts)
    run, person_id = new_id().hex[-10:], _test_person(shop, person)
    if notice not in BY_HAND:
        order = _order(shop, notice, run=run, person=person, said=said)
        return _decided(shop, person_id, notice, order=order)
    told = BY_HAND[notice]
    whom = {"person": person}
    if told.needs_order:
        whom = {"order": _order(shop, notice, run=run, person=person, said=said)}
    shop.send("POST", "/v1/notices", {**whom, **_wish(shop, told, facts, said, run)})
    return _decided(shop, person_id, notice, order=whom.get("order"))


def _wish(
    shop: OwnApi, told: Notice, given: Mapping[str, str], said: Facts, run: str
) -> dict[str, Any]:
    """Write the body of a notice told by hand: what it asks for, and what else was given."""
    named = {name: said[name] for name in (*told.asks, *told.may) if name in {*told.asks, *given}}
    if not named.get("expires_at", "given"):
        named["expires_at"] = (_now(shop) + timedelta(days=3)).isoformat()
    above = {name: value for name, value in named.items() if name in ABOVE}
    facts = {name: value for name, value in named.items() if name not in ABOVE}
    return {"notice": told.name, "dispatch": f"trigger-{run}", "facts": facts, **above}


def _now(shop: OwnApi) -> datetime:
    return datetime.fromisoformat(shop.get("/v1/events", begin="now")["now"])


def _check(notice: str, facts: Mapping[str, str]) -> Facts:
    """Return the facts of a sample, the given ones in their place."""
    if notice not in KNOWN:
        raise CannotTrigger(f"there is no sample for {notice!r}; there are: {', '.join(KNOWN)}")
    if strangers := set(facts) - set(FACTS):
        names = ", ".join(sorted(strangers))
        raise CannotTrigger(f"samples have no fact {names}; there are: {', '.join(FACTS)}")
    said: dict[str, str | int] = {**FACTS, **facts}
    for name in (one for one in facts if isinstance(FACTS[one], int)):
        if not facts[name].isdigit():
            raise CannotTrigger(f"{name} is a whole number; of money in the smallest unit")
        said[name] = int(facts[name])
    return said


def _test_person(shop: OwnApi, reference: str) -> str:
    """Make sure that the person is there; an own one is put with an address of no real domain."""
    if reference.startswith("trigger-"):
        consents = [{"channel": "email", "granted": True, "source": SOURCE}]
        mail = f"{reference}@shopper.example"
        body = {"name": "Test Person", "email": mail, "consents": consents}
        shop.send("PUT", f"/v1/people/{reference}", body)
    return str(shop.get(f"/v1/people/{reference}")["id"])


def _order(shop: OwnApi, notice: str, *, run: str, person: str, said: Facts) -> str:
    """Send the order, and where the notice needs one its parcel's news; return the order's id."""
    now = _now(shop)
    is_parcel = notice in BY_PARCEL
    snapshot = _snapshot(notice, run=run, person=person, said=said, now=now)
    ring = "yes" if notice in STATUS_OF else "never"
    answer = shop.send("POST", "/v1/events", snapshot, notify=ring)
    if is_parcel:
        parcel = f"/v1/parcels/{said['carrier']}/TRIGGER{run}"
        news = {"at": now.isoformat(), "code": "out_for_delivery", "place": "12 Canal Street"}
        if notice == "order_delayed":
            late = now + timedelta(days=4)
            news |= {"code": "in_transit", "expected_at": late.isoformat()}
        shop.send("POST", f"{parcel}/checkpoints", news, notify="yes")
    return str(answer["results"][0]["order"])


def _snapshot(notice: str, *, run: str, person: str, said: Facts, now: datetime) -> dict[str, Any]:
    status = _status(notice)
    amount = {"amount_minor": said["total_minor"], "currency": said["currency"]}
    data: dict[str, Any] = {
        "reference": f"T-{run}",
        "status": status,
        "customer": {"reference": person},
        "total": amount,
        "lines": [{"code": "TRIGGER", "title": said["item"], "quantity": 1, "unit": amount}],
    }
    if status in {"shipped", "delivered"}:
        promised = (now + timedelta(days=2)).isoformat()
        number = f"TRIGGER{run}"
        parcel = {"carrier": said["carrier"], "number": number, "promised_at": promised}
        data["parcels"] = [parcel]
    return {
        "specversion": "1.0",
        "type": "order.snapshot",
        "source": SOURCE,
        "id": f"trigger-{run}",
        "time": now.isoformat(),
        "data": data,
    }


def _status(notice: str) -> str:
    """Say how far its order has come when a notice is news."""
    if notice in BY_HAND:
        is_unpaid = OrderStatus.PAID in BY_HAND[notice].untrue_once
        return "placed" if is_unpaid else "paid"
    return STATUS_OF.get(notice, "shipped")


def _decided(shop: OwnApi, person: str, notice: str, *, order: str | None = None) -> Caused:
    """Wait for the verdict on this very order; an announcement's is there, and the newest."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        page = shop.get("/v1/verdicts", person=person, notice=notice, limit=20)
        for verdict in page["data"]:
            if order is None or verdict["order"] == order:
                return Caused(verdict=verdict, messages=_messages(shop, person, verdict["id"]))
        time.sleep(LOOK_SECONDS)
    raise CannotTrigger(
        f"nothing was decided about {notice} within {WAIT_SECONDS:.0f} s: do workers run?"
    )


def _messages(shop: OwnApi, person: str, verdict: str) -> list[Mapping[str, Any]]:
    page = shop.get("/v1/messages", person=person, limit=50)
    return [message for message in page["data"] if message["verdict"] == verdict]


def lines(caused: Caused, *, base_url: str) -> list[str]:
    """Say what was decided: the verdict, each rule, each message, and where to look."""
    verdict = caused.verdict
    because = (verdict.get("because_in_words") or {}).get("en")
    head = f"{verdict['notice']}: {verdict['answer']}" + (f" - {because}" if because else "")
    said = [head, f"  verdict {verdict['id']}"]
    said += [f"  {one['rule']:14} {one['outcome']}" for one in verdict["rules"]]
    for one in caused.messages:
        said.append(f"  message {one['id']}  {one['channel']:6} {one['state']}")
        said.append(f"    {base_url}/ops/messages/{one['id']}")
    return [*said, f"  what left: {base_url}/dev/outbox"]
