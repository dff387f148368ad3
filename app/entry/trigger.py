"""`orderbell trigger`: let one notice happen to a test person, through the doors a shop uses."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.entry.api_errors import CannotTrigger
from app.entry.own_api import OwnApi
from orders_core.ids import new_id

STATUS_OF = {
    "order_placed": "placed",
    "order_paid": "paid",
    "order_shipped": "shipped",
    "order_delivered": "delivered",
    "order_cancelled": "cancelled",
}
BY_PARCEL = frozenset({"out_for_delivery", "order_delayed"})
ANNOUNCEMENT = "announcement"
KNOWN = (*STATUS_OF, *sorted(BY_PARCEL), ANNOUNCEMENT)
SOURCE = "orderbell-trigger"
FACTS: Mapping[str, str] = {
    "item": "Longjing tea, 250 g",
    "total_minor": "5990",
    "currency": "CNY",
    "carrier": "sf",
    "title": "Spring tea is here",
    "body": "This year's Longjing has arrived.",
}
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
    _check(notice, facts)
    run, said = new_id().hex[-10:], {**FACTS, **facts}
    person_id = _test_person(shop, person)
    if notice == ANNOUNCEMENT:
        words = {"title": said["title"], "body": said["body"]}
        wish = {"notice": notice, "person": person, "dispatch": f"trigger-{run}", **words}
        shop.send("POST", "/v1/notices", wish)
        return _decided(shop, person_id, notice)
    order = _order(shop, notice, run=run, person=person, said=said)
    return _decided(shop, person_id, notice, order=order)


def _check(notice: str, facts: Mapping[str, str]) -> None:
    if notice not in KNOWN:
        raise CannotTrigger(f"there is no sample for {notice!r}; there are: {', '.join(KNOWN)}")
    if strangers := set(facts) - set(FACTS):
        names = ", ".join(sorted(strangers))
        raise CannotTrigger(f"samples have no fact {names}; there are: {', '.join(FACTS)}")
    if not {**FACTS, **facts}["total_minor"].isdigit():
        raise CannotTrigger("total_minor is a whole number of the smallest unit")


def _test_person(shop: OwnApi, reference: str) -> str:
    """Make sure that the person is there; an own one is put with an address of no real domain."""
    if reference.startswith("trigger-"):
        consents = [{"channel": "email", "granted": True, "source": SOURCE}]
        mail = f"{reference}@shopper.example"
        body = {"name": "Test Person", "email": mail, "consents": consents}
        shop.send("PUT", f"/v1/people/{reference}", body)
    return str(shop.get(f"/v1/people/{reference}")["id"])


def _order(shop: OwnApi, notice: str, *, run: str, person: str, said: Mapping[str, str]) -> str:
    """Send the order, and where the notice needs one its parcel's news; return the order's id."""
    now = datetime.fromisoformat(shop.get("/v1/events", begin="now")["now"])
    is_parcel = notice in BY_PARCEL
    snapshot = _snapshot(notice, run=run, person=person, said=said, now=now)
    ring = "never" if is_parcel else "yes"
    answer = shop.send("POST", "/v1/events", snapshot, notify=ring)
    if is_parcel:
        parcel = f"/v1/parcels/{said['carrier']}/TRIGGER{run}"
        news = {"at": now.isoformat(), "code": "out_for_delivery", "place": "12 Canal Street"}
        if notice == "order_delayed":
            late = now + timedelta(days=4)
            news |= {"code": "in_transit", "expected_at": late.isoformat()}
        shop.send("POST", f"{parcel}/checkpoints", news, notify="yes")
    return str(answer["results"][0]["order"])


def _snapshot(
    notice: str, *, run: str, person: str, said: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    status = STATUS_OF.get(notice, "shipped")
    amount = {"amount_minor": int(said["total_minor"]), "currency": said["currency"]}
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
