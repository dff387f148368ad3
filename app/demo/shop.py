"""The shop as an outsider sees it: its public API over HTTP, and nothing else."""

from types import TracebackType
from typing import Any, Self

import httpx2

from app.demo.seed import ON_HAND, Good, Person

TIMEOUT_SECONDS = 10.0
CONFLICT = 409


class Away(Exception):
    """The shop does not answer, or asks for patience: try again soon."""


class Refused(Exception):
    """The shop says no."""

    def __init__(self, status: int, code: str) -> None:
        self.status, self.code = status, code
        super().__init__(f"{status} {code}")


class Shop:
    """A connection to one shop, with one API key."""

    def __init__(
        self, url: str, key: str, *, transport: httpx2.BaseTransport | None = None
    ) -> None:
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

    def stock(self, good: Good) -> None:
        """Put a SKU on the shelf; where more is promised than that, the shelf stays as it is."""
        self._ask("PUT", f"/v1/skus/{good.code}", good.body())
        try:
            self._ask("PUT", f"/v1/stock/{good.code}/main", {"on_hand": ON_HAND})
        except Refused as fault:
            if fault.status != CONFLICT:
                raise

    def welcome(self, person: Person) -> str:
        """Write a customer and the device they read push messages on; return the person's id."""
        known = self._ask("PUT", f"/v1/people/{person.reference}", person.body())
        device = {"token": f"device-of-{person.reference}"}
        self._ask("POST", f"/v1/people/{person.reference}/devices", device)
        return str(known["id"])

    def place(self, person_id: str, code: str, quantity: int, *, key: str) -> dict[str, Any]:
        """Place an order of one SKU; the same key again is the same order."""
        wish = {"person": person_id, "lines": [{"sku": code, "quantity": quantity}]}
        return self._ask("POST", "/v1/orders", wish, {"Idempotency-Key": key})

    def change(self, order_id: str, verb: str, body: dict[str, Any]) -> None:
        """Pay, ship or cancel an order."""
        self._ask("POST", f"/v1/orders/{order_id}/{verb}", body)

    def scan(self, carrier: str, number: str, body: dict[str, Any]) -> None:
        """Tell what a carrier saw."""
        self._ask("POST", f"/v1/parcels/{carrier}/{number}/checkpoints", body)

    def _ask(
        self, method: str, path: str, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        try:
            reply = self._http.request(method, path, json=body, headers=headers)
        except httpx2.TransportError as fault:
            raise Away(type(fault).__name__) from None
        if reply.status_code >= 500 or reply.status_code == 429:  # noqa: PLR2004 - HTTP's numbers
            raise Away(f"answered {reply.status_code}")
        said: dict[str, Any] = reply.json() if reply.content else {}
        if reply.is_error:
            raise Refused(reply.status_code, str(said.get("code")))
        return said
