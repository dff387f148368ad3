"""The shop's own API, as commands for developers call it: where it is, and with which key."""

from typing import Any

import httpx2

from app.entry import credentials
from app.entry.api_errors import Away, NoKey, Refused
from app.settings import Settings

TIMEOUT_SECONDS = 20.0


def _told(answer: httpx2.Response) -> str:
    try:
        problem = answer.json()
        errors = problem.get("errors", ())
        wrong = [f"{one['in']} {one['pointer']} {one['detail']}" for one in errors]
        return "; ".join([problem["code"], *(wrong or [problem["detail"]])])
    except (ValueError, LookupError, TypeError, AttributeError):
        return answer.text[:200]


class OwnApi:
    """Calls the API with one key, for the time of a `with` block."""

    def __init__(
        self, settings: Settings, *, shop: str | None = None, key: str | None = None
    ) -> None:
        known = credentials.recall(settings.home)
        key = key or (known.api_key if known else "")
        if not key:
            raise NoKey
        self.url = (shop or settings.public_url).rstrip("/")
        self._client = httpx2.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {key}"},
            timeout=TIMEOUT_SECONDS,
        )

    def __enter__(self) -> "OwnApi":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str, **query: Any) -> Any:
        """Return what a path shows.

        Raises:
            Refused: If it answers a problem.
            Away: If nobody answers.
        """
        given = {name: value for name, value in query.items() if value is not None}
        return self._call("GET", path, params=given)

    def send(self, method: str, path: str, body: Any, **query: Any) -> Any:
        """Send JSON and return the answer; raises as `get` does."""
        return self._call(method, path, json=body, params=query)

    def _call(self, method: str, path: str, **given: Any) -> Any:
        try:
            answer = self._client.request(method, path, **given)
        except httpx2.TransportError as fault:
            raise Away(self.url, type(fault).__name__) from fault
        if answer.is_error:
            raise Refused(answer.status_code, _told(answer))
        return answer.json()
