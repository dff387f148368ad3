"""The shop as an outsider sees it: its public API over HTTP, and nothing else."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx2

TIMEOUT_SECONDS = 20.0
NOT_FOUND, CONFLICT, TOO_MANY, BROKEN = 404, 409, 429, 500

Json = Mapping[str, Any]


class Away(Exception):
    """The shop does not answer, or asks for patience: try again soon."""


class Refused(Exception):
    """The shop says no."""

    def __init__(self, status: int, code: str) -> None:
        self.status, self.code = status, code
        super().__init__(f"{status} {code}")


@dataclass(frozen=True)
class Call:
    """One request and what came of it."""

    method: str
    path: str
    status: int
    took_ms: float
    said: str


Witness = Callable[[Call], None]


class Shop:
    """A connection to one shop, with one API key; `witness` sees every call."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        transport: httpx2.BaseTransport | None = None,
        witness: Witness | None = None,
    ) -> None:
        self.url, self.key = url, key
        self._witness = witness
        self._http = httpx2.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {key}"},
            timeout=TIMEOUT_SECONDS,
            transport=transport,
        )

    def __enter__(self) -> Self:
        """Use the connection for a block."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        """Close the connection."""
        self._http.close()

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Read what a path shows; what is not there is refused."""
        return self._ask("GET", path, params=query)

    def has(self, path: str) -> bool:
        """Say whether something lives at a path."""
        try:
            self._ask("GET", path)
        except Refused as fault:
            if fault.status != NOT_FOUND:
                raise
            return False
        return True

    def put(self, path: str, body: Json) -> dict[str, Any]:
        """Write something."""
        return self._ask("PUT", path, json=body)

    def post(self, path: str, body: object, *, key: str = "", **query: Any) -> dict[str, Any]:
        """Tell something; under `key` the same is told once."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._ask("POST", path, json=body, headers=headers, params=query)

    def draw(self, code: str, drawing: bytes) -> None:
        """Put the picture of a SKU."""
        kind = {"Content-Type": "image/svg+xml"}
        self._ask("PUT", f"/v1/skus/{code}/picture", content=drawing, headers=kind)

    def tell(self, events: Sequence[Json], *, notify: str = "never") -> dict[str, Any]:
        """Tell of foreign orders in one batch; nobody is rung unless `notify` says so."""
        kind = {"Content-Type": "application/cloudevents-batch+json"}
        whom = {"notify": notify}
        return self._ask("POST", "/v1/events", json=list(events), headers=kind, params=whom)

    def place(
        self, person_id: str, code: str, quantity: int, *, to: Json, key: str
    ) -> dict[str, Any]:
        """Place an order of one SKU, sent to an address; the same key again is the same order."""
        lines = [{"sku": code, "quantity": quantity}]
        wish = {"person": person_id, "lines": lines, "ship_to": to}
        return self.post("/v1/orders", wish, key=key)

    def pay(self, order_id: str) -> None:
        """Pay an order; a second time changes nothing."""
        self.change(order_id, "pay", {"reference": f"demo-{order_id}"})

    def change(self, order_id: str, verb: str, body: Json) -> None:
        """Pay, ship or cancel an order."""
        self.post(f"/v1/orders/{order_id}/{verb}", body)

    def scan(self, carrier: str, number: str, seen: object, *, notify: str = "") -> None:
        """Tell what a carrier saw: one checkpoint or a list."""
        path = f"/v1/parcels/{carrier}/{number}/checkpoints"
        self.post(path, seen, **({"notify": notify} if notify else {}))

    def person(self, reference: str) -> dict[str, Any]:
        """Read a person by the shop's own reference."""
        return self.get(f"/v1/people/{reference}")

    def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        started = time.perf_counter()
        try:
            reply = self._http.request(method, path, **more)
        except httpx2.TransportError as fault:
            self._saw(method, path, 0, started, type(fault).__name__)
            raise Away(type(fault).__name__) from None
        said = _json(reply)
        self._saw(method, path, reply.status_code, started, summary(said))
        if reply.status_code >= BROKEN or reply.status_code == TOO_MANY:
            raise Away(f"answered {reply.status_code}")
        if reply.is_error:
            raise Refused(reply.status_code, str(said.get("code")))
        return said

    def _saw(self, method: str, path: str, status: int, started: float, said: str) -> None:
        if self._witness is not None:
            took_ms = round((time.perf_counter() - started) * 1000, 1)
            self._witness(Call(method, path, status, took_ms, said))


def summary(said: Json) -> str:
    """Say in a line what an answer says."""
    if "code" in said and "detail" in said:
        return f"{said['code']}: {said['detail']}"[:200]
    if "number" in said and "status" in said:
        return f"order {said['number']} {said['status']}"
    parcel = said.get("parcel")
    if isinstance(parcel, Mapping):
        return f"parcel {parcel['number']} {parcel['status']}, expected {parcel['expected_at']}"
    if "answer" in said:
        return str(said["answer"] or f"abstained: {said.get('because')}")[:200]
    return ""


def _json(reply: httpx2.Response) -> dict[str, Any]:
    if not reply.content or "json" not in reply.headers.get("content-type", ""):
        return {}
    said = reply.json()
    return said if isinstance(said, dict) else {"data": said}
