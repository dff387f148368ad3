"""`orderbell listen`: hand on what the shop emits to a program on this machine, signed."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx2

from app.entry import webhook
from app.entry.api_errors import Away, Refused
from app.entry.own_api import OwnApi

Say = Callable[[str], None]
PAUSE_SECONDS, AWAY_SECONDS = 1.0, 3.0
TRIES = 3
TARGET_SECONDS = 10.0
FIRST_FAULT = 500


class BadTarget(ValueError):
    """Webhooks go to http and https addresses only."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url!r}: give an address that begins with http:// or https://")


def check_target(url: str) -> str:
    """Return the address if webhooks may go there.

    Raises:
        BadTarget: If it is not http or https, or names no host.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadTarget(url)
    return url


class Line:
    """Hands events on to one address, in order, each tried three times; then goes on."""

    def __init__(self, target: str, key: bytes, *, stop: threading.Event, say: Say) -> None:
        self._target, self._key = check_target(target), key
        self._stop, self._say = stop, say
        self._client = httpx2.Client(timeout=TARGET_SECONDS, follow_redirects=False)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def hand_on(self, event: Any) -> bool:
        """Post one event and tell how it went; False if the receiver never took it."""
        body = json.dumps(event, ensure_ascii=False).encode()
        told = ""
        for number in range(1, TRIES + 1):
            status, told = self._post(event["id"], body)
            self._say(f"{event['time']}  {event['type']:28} {event['subject']}  -> {told}")
            if status is not None and status < FIRST_FAULT:
                return status < 300  # noqa: PLR2004 - what a receiver answers if it took it
            if number < TRIES:
                self._stop.wait(PAUSE_SECONDS * number)
        return False

    def _post(self, id_: str, body: bytes) -> tuple[int | None, str]:
        signed = webhook.headers(self._key, body, id_=id_, sent_at=int(time.time()))
        kind = {"content-type": "application/cloudevents+json"}
        try:
            answer = self._client.post(self._target, content=body, headers={**signed, **kind})
        except httpx2.TransportError as fault:
            return None, f"not reached ({type(fault).__name__})"
        return answer.status_code, str(answer.status_code)


def news(shop: OwnApi, *, stop: threading.Event, say: Say) -> Iterator[Any]:
    """Yield events as they happen, from now on, until told to stop; a shop away is waited for."""
    after, is_here = None, True
    while not stop.is_set():
        try:
            begin = "now" if after is None else None
            page = shop.get("/v1/events", after=after, begin=begin)
        except Away as fault:
            if is_here:
                say(f"{fault}; waiting")
            is_here = False
            stop.wait(AWAY_SECONDS)
            continue
        except Refused as fault:
            if fault.status < FIRST_FAULT:
                raise
            stop.wait(AWAY_SECONDS)
            continue
        if not is_here:
            say("the shop is back")
        is_here, after = True, page["next"] or after
        yield from page["data"]
        if not page["has_more"]:
            stop.wait(PAUSE_SECONDS)


def listen(shop: OwnApi, line: Line, *, stop: threading.Event, say: Say) -> None:
    """Hand on what happens until told to stop."""
    for event in news(shop, stop=stop, say=say):
        line.hand_on(event)
        if stop.is_set():
            return
