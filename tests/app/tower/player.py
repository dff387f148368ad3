"""A small player of the stage: takes what is asked for and plays it over the public API.

The demo's own player is richer; with this one the stage and its claims can be tried without it.
"""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2

LIN = {
    "name": "林小满",
    "locale": "zh",
    "zone": "Asia/Shanghai",
    "email": "lin@shopper.example",
    "phone": "+12125550142",
    "consents": [{"channel": "email", "granted": True, "source": "demo"}],
}
CROWD = {"name": "Crowd", "locale": "en", "email": "crowd@shopper.example"}
UMBRELLA = {
    "title_zh": "竹柄长伞",
    "title_en": "Umbrella with a bamboo handle",
    "price": {"amount_minor": 15800, "currency": "CNY"},
}


class Player:
    """Plays one wish at a time; `buyers` reach for `units` in the fifth step."""

    def __init__(self, client: httpx2.Client, *, buyers: int = 30, units: int = 10) -> None:
        self.client, self.buyers, self.units = client, buyers, units
        self.calls: list[dict[str, Any]] = []
        self._steps: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "buy": self._buy,
            "ship": self._ship,
            "late": self._late,
            "ask": self._question,
            "doors": self._doors,
        }

    def play_next(self) -> str | None:
        """Play what was asked for first; return the step, or None if nothing is."""
        asked = self.client.get("/v1/test/stage/next")
        if asked.status_code == 204:
            return None
        wish = asked.json()
        self.calls = []
        try:
            result, state = self._steps[wish["step"]](wish["facts"]), "done"
        except (httpx2.HTTPError, KeyError) as fault:
            result, state = {"why": type(fault).__name__}, "failed"
        told = {"state": state, "calls": self.calls[:20], "result": result}
        self.client.post(f"/v1/test/stage/{wish['id']}", json=told).raise_for_status()
        return str(wish["step"])

    def _ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        began = time.monotonic()
        reply = self.client.request(method, path, json=body, headers=headers)
        took_ms = (time.monotonic() - began) * 1000
        said: Any = reply.json() if reply.content else {}
        self.calls.append(
            {
                "method": method,
                "path": path,
                "status": reply.status_code,
                "took_ms": took_ms,
                "said": str(said.get("number") or said.get("status") or said.get("id") or ""),
            }
        )
        if reply.status_code != 409:
            reply.raise_for_status()
        return said

    def open(self) -> None:
        """Furnish the shop: one SKU, and the person the story is about."""
        self._ask("PUT", "/v1/skus/UMBRELLA", UMBRELLA)
        self._ask("PUT", "/v1/stock/UMBRELLA/main", {"on_hand": 500})
        self._ask("PUT", "/v1/people/xm-xiaoyu", LIN)
        self._ask("POST", "/v1/people/xm-xiaoyu/devices", {"token": "device-of-lin"})

    def _buy(self, _facts: Mapping[str, Any]) -> dict[str, Any]:
        person = self._ask("GET", "/v1/people/xm-xiaoyu")
        order = self._order(person["id"], "UMBRELLA")
        self._ask("POST", f"/v1/orders/{order['id']}/pay", {"reference": uuid4().hex})
        return {
            "order": order["id"],
            "number": order["number"],
            "person": person["id"],
            "person_reference": "xm-xiaoyu",
        }

    def _order(self, person: str, sku: str) -> Any:
        wish = {"person": person, "lines": [{"sku": sku, "quantity": 1}]}
        return self._ask("POST", "/v1/orders", wish, **{"Idempotency-Key": uuid4().hex})

    def _ship(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        parcel = {"carrier": "kuaiyan", "number": f"KY{facts['number']}"}
        promised = self._now() + timedelta(days=2)
        body = {"parcels": [{**parcel, "promised_at": promised.isoformat()}]}
        self._ask("POST", f"/v1/orders/{facts['order']}/ship", body)
        return {
            "carrier": "快燕速运",
            "parcel": parcel["number"],
            "promised_at": promised.isoformat(),
        }

    def _late(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        expected = datetime.fromisoformat(facts["promised_at"]) + timedelta(days=2)
        body = {
            "code": "in_transit",
            "place": "杭州转运中心",
            "expected_at": expected.isoformat(),
        }
        self._ask("POST", f"/v1/parcels/kuaiyan/{facts['parcel']}/checkpoints", body)
        return {"promised_at": facts["promised_at"], "expected_at": expected.isoformat()}

    def _question(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        question = "我的订单到哪了？"
        said = self._ask("POST", "/v1/ask", {"person": facts["person_reference"], "text": question})
        return {
            "question": question,
            "answer": said["answer"],
            "facts": said["facts"],
            "abstained": said["abstained"],
        }

    def _doors(self, _facts: Mapping[str, Any]) -> dict[str, Any]:
        sku = f"TONIGHT-{uuid4().hex[:6].upper()}"
        self._ask("PUT", f"/v1/skus/{sku}", UMBRELLA)
        self._ask("PUT", f"/v1/stock/{sku}/main", {"on_hand": self.units})
        person = self._ask("PUT", "/v1/people/story-crowd", CROWD)
        began = time.monotonic()
        with ThreadPoolExecutor(8) as crowd:
            came = list(crowd.map(lambda _: self._order(person["id"], sku), range(self.buyers)))
        seconds = time.monotonic() - began
        won = sum("number" in one for one in came)
        sold_out = sum(one.get("code") == "out_of_stock" for one in came)
        return {
            "sku": sku,
            "buyers": self.buyers,
            "units": self.units,
            "won": won,
            "sold_out": sold_out,
            "failed": self.buyers - won - sold_out,
            "seconds": seconds,
            "orders_per_second": won / seconds,
        }

    def _now(self) -> datetime:
        said = self.client.post("/v1/test/clock/rate", json={"rate": 1}).json()
        return datetime.fromisoformat(said["now"])
