"""Open the shop: its goods, the people of the story, and what they are in the middle of.

Each chapter looks first whether it was written before: its last word is asked for. So a second
start writes nothing, and one that was ended in the middle goes on where it stood.
"""

import logging
import threading
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.demo import history, rhythm, story
from app.demo.asked import asked
from app.demo.goods import (
    ABROAD,
    BELL,
    BY_CODE,
    GOODS,
    LAMP,
    LAMP_DEPOSIT_MINOR,
    LAMPS,
    SELLS,
    VASE,
    VASES,
    Good,
)
from app.demo.homes import STATIONS, WAREHOUSES
from app.demo.patience import patiently
from app.demo.shop import NOT_FOUND, Refused, Shop

log = logging.getLogger("app.demo")

HOUR = timedelta(hours=1)
AHEAD = timedelta(minutes=10)  # what opens so soon could be over before it is told
CATEGORIES = ("orders", "delivery", "offers")
CAME = "story"  # what the keys of live orders begin with


class Seed:
    """What the shop begins with; `seed` is what all dice start from."""

    def __init__(self, shop: Shop, *, seed: int, stop: threading.Event) -> None:
        self._shop, self._seed, self._stop = shop, seed, stop

    def open(self) -> datetime:
        """Write the goods, the people of the story and their evening; return when that began.

        Raises:
            Stopped: If we are told to stop meanwhile.
        """
        for chapter in (self._furnish, self._introduce):
            patiently(chapter, stop=self._stop)
        began = self.began()
        for evening in (self._plan, self._tell):
            patiently(partial(evening, began), stop=self._stop)
        return began

    def began(self) -> datetime:
        """Return the business minute in which the story's people came: what lies before is past."""
        known = patiently(partial(self._shop.person, story.LATE), stop=self._stop)
        created_at = datetime.fromisoformat(known["created_at"])
        return created_at.replace(second=0, microsecond=0)

    def _furnish(self) -> None:
        if self._shop.has(f"/g/{BELL}"):
            return
        for code, warehouse in WAREHOUSES.items():
            self._shop.put(f"/v1/warehouses/{code}", warehouse)
        for code, station in STATIONS.items():
            self._shop.put(f"/v1/stations/{code}", station)
        for good in GOODS:
            self._shop.put(f"/v1/skus/{good.code}", good.body())
            self._count(good)
        for good in sorted(GOODS, key=lambda good: good.code == BELL):  # the bell's is the last
            if drawing := good.drawing():
                self._shop.draw(good.code, drawing)

    def _count(self, good: Good) -> None:
        counted = {"on_hand": good.units, "oversell_limit": good.oversold}
        self._shop.put(f"/v1/stock/{good.code}/{SELLS}", counted)
        if good.abroad:
            self._shop.put(f"/v1/stock/{good.code}/{ABROAD}", {"on_hand": good.abroad})

    def _introduce(self) -> None:
        last = [member for member in story.MEMBERS if member.has_phone_app][-1].reference
        if self._knows(last) and self._shop.person(last)["devices"]:
            return
        self._shop.post("/v1/people:batch", {"people": [one.body() for one in story.MEMBERS]})
        for member in story.MEMBERS:
            path = f"/v1/people/{member.reference}"
            if member.silenced:
                row = dict.fromkeys(member.silenced, False)
                grid = {"preferences": dict.fromkeys(CATEGORIES, row)}
                self._shop.put(f"{path}/preferences", grid)
            if member.has_phone_app:
                device = {"token": f"device-of-{member.reference}"}
                self._shop.post(f"{path}/devices", device)

    def _knows(self, reference: str) -> bool:
        return self._shop.has(f"/v1/people/{reference}")

    def _plan(self, began: datetime) -> None:
        """Tell the forecast what it needs: sales, who works when, how many asked, and what."""
        if self._is_told():
            return
        try:
            for sale in (rhythm.autumn(began), rhythm.tonight(began)):
                self._shop.put(f"/v1/forecast/promotions/{sale.reference}", sale.body())
            for slots in asked(began, seed=self._seed):
                self._shop.put("/v1/forecast/contacts", {"source": "demo", "slots": slots})
            self._shop.put("/v1/forecast/roster", {"hours": rhythm.roster(began)})
            self._shop.post("/v1/forecast/runs", {}, key=f"{CAME}-forecast")
        except Refused as fault:
            if fault.status != NOT_FOUND:  # a shop without a forecast is a shop all the same
                raise
            log.info("no forecast here: %s", fault)

    def _tell(self, began: datetime) -> None:
        if self._is_told():
            return
        self._shop.tell([_snapshot(past, began) for past in story.PAST])
        for past in story.PAST:
            if past.parcel:
                seen = [_seen(scan, began) for scan in past.scans]
                self._shop.scan(*past.parcel, seen, notify="never")
        self._shop.scan(*story.LATE_PARCEL, _seen(story.LATE_NEWS, began))
        for dispatch, title, body in story.ANNOUNCEMENTS:
            said = {"notice": "announcement", "dispatch": dispatch, "person": story.CAPPED}
            self._shop.post("/v1/notices", {**said, "title": title, "body": body}, key=dispatch)
        self._presell(began)
        self._buy(story.BANK, *story.BANK_BUYS)  # never paid as far as our books know
        self._miscount()
        for who, text in story.QUESTIONS:
            self._shop.post("/v1/ask", {"person": who, "text": text})
        for who, quantity in story.BASKETS_WANTED:
            self._shop.pay(self._buy(who, story.BASKET_CODE, quantity))

    def _presell(self, began: datetime) -> None:
        """Sell the lamp before it is made; somebody pays a deposit, the balance opens at eight."""
        path, opens = f"/v1/skus/{LAMP}/preorder", rhythm.tonight(began + AHEAD).starts_at
        told = {"units": LAMPS, "deposit_minor": LAMP_DEPOSIT_MINOR}
        if not self._shop.has(path):
            self._shop.put(path, {**told, "release_at": opens.isoformat()})
        self._shop.pay(self._buy(*story.LAMP_WANTED, 1))

    def _miscount(self) -> None:
        """Sell every vase there is, and then let a clerk find one fewer: somebody must choose."""
        for who in story.VASES_WANTED:
            self._shop.pay(self._buy(who, VASE, 1))
        self._shop.put(f"/v1/stock/{VASE}/{SELLS}", {"on_hand": VASES - 1})

    def _is_told(self) -> bool:
        """Say whether the last word of the evening is there: the last basket's order, paid."""
        last = story.BASKETS_WANTED[-1][0]
        person_id = self._shop.person(last)["id"]
        live = self._shop.get("/v1/orders", person=person_id)["data"]
        return any(not one["mirrored"] and one["status"] != "placed" for one in live)

    def _buy(self, reference: str, code: str, quantity: int) -> str:
        person_id, to = self._shop.person(reference)["id"], story.BY_REFERENCE[reference].home
        key = f"{CAME}-{reference}-{code.lower()}"
        return str(self._shop.place(person_id, code, quantity, to=to, key=key)["id"])


def _snapshot(past: story.Past, began: datetime) -> dict[str, Any]:
    good, member = BY_CODE[past.good], story.BY_REFERENCE[past.customer]
    times = {step: began - HOUR * ago for step, ago in past.hours_ago.items()}
    title = good.title_zh if member.locale == "zh" else good.title_en
    unit = {"amount_minor": good.price_minor, "currency": good.currency}
    line = {"code": good.code, "title": title, "quantity": past.quantity, "unit": unit}
    shown: dict[str, Any] = {
        "reference": past.reference,
        "status": list(times)[-1],
        "occurred_at": max(times.values()).isoformat(),
        "customer": {"reference": past.customer},
        "total": {**unit, "amount_minor": good.price_minor * past.quantity},
        "lines": [line],
        **{f"{step}_at": at.isoformat() for step, at in times.items()},
    }
    if past.parcel:
        carrier, number = past.parcel
        promised_at = (began - HOUR * past.promised_hours_ago).isoformat()
        shown["parcels"] = [{"carrier": carrier, "number": number, "promised_at": promised_at}]
    return history.event(past.reference, shown)


def _seen(scan: story.Seen, began: datetime) -> dict[str, Any]:
    said = {"at": (began - HOUR * scan.hours_ago).isoformat(), "code": scan.code}
    said["place"] = scan.place
    if scan.expected_hours_ahead is not None:
        said["expected_at"] = (began + HOUR * scan.expected_hours_ahead).isoformat()
    return said
