"""What the tour asks to be played, and telling it how far that has come."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.demo.shop import Call, Shop

log = logging.getLogger("app.demo")

MOST_CALLS = 150  # shown; a step that makes more says so in its result


class CannotPlay(Exception):
    """The step cannot be played as things are; the sentence is shown to whoever asked."""


@dataclass(frozen=True)
class Wish:
    """A step that was asked for, with what the steps before it came to."""

    id: str
    step: str
    facts: Mapping[str, Any]


@dataclass
class Scene:
    """One step being played: the shop, what is known, and every call that was made."""

    shop: Shop
    facts: Mapping[str, Any]
    stop: threading.Event
    calls: list[Call] = field(default_factory=list)

    def fact(self, name: str) -> Any:
        """Return what an earlier step came to.

        Raises:
            CannotPlay: If it was not played.
        """
        if not self.facts.get(name):
            raise CannotPlay(f"nobody has said which {name}: play the step before this one")
        return self.facts[name]

    def saw(self, call: Call) -> None:
        """Keep a call, for the page that shows them."""
        if len(self.calls) < MOST_CALLS:
            self.calls.append(call)

    def open_shop(self) -> Shop:
        """Open another connection, seen by this scene too."""
        return Shop(self.shop.url, self.shop.key, witness=self.saw)


def take(shop: Shop) -> Wish | None:
    """Take the oldest step that is asked for, if any is."""
    said = shop.get("/v1/test/stage/next")
    if not said:
        return None
    return Wish(said["id"], said["step"], said.get("facts") or {})


def tell(shop: Shop, wish: Wish, state: str, scene: Scene, result: Mapping[str, Any]) -> None:
    """Tell how far a step has come, with every call so far."""
    calls = [vars(call) for call in list(scene.calls)]
    body = {"state": state, "calls": calls, "result": dict(result)}
    shop.post(f"/v1/test/stage/{wish.id}", body)
