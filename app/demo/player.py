"""The player: does on the public API what the tour asks for, one step at a time."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from app.demo.patience import Stopped
from app.demo.shop import Away, Refused, Shop
from app.demo.stage import CannotPlay, Scene, Wish, take, tell
from app.demo.steps import ask, buy, doors, late, plug, ship

log = logging.getLogger("app.demo")

POLL_SECONDS = 0.3
AWAY_SECONDS = 2.0
PULSE_SECONDS = 2.0
TELLS_AGAIN = 20

Play = Callable[[Scene], Mapping[str, Any]]
STEPS: Mapping[str, Play] = {
    "buy": buy.play,
    "ship": ship.play,
    "late": late.play,
    "ask": ask.play,
    "doors": doors.play,
    "plug": plug.play,
}


class Player:
    """Waits for wishes of the stage and plays them until told to stop."""

    def __init__(self, url: str, key: str, *, stop: threading.Event) -> None:
        self._url, self._key, self._stop = url, key, stop

    def run(self) -> None:
        """Ask for the next wish again and again; a shop that has no stage is asked now and then."""
        with Shop(self._url, self._key) as shop:
            while not self._stop.is_set():
                self._stop.wait(self._look(shop))

    def _look(self, shop: Shop) -> float:
        """Play one wish if there is one; return how many seconds to wait before the next look."""
        try:
            wish = take(shop)
            if wish is not None:
                self._play(shop, wish)
        except (Away, Refused) as fault:
            log.info("the stage: %s", fault)
            return AWAY_SECONDS
        return POLL_SECONDS

    def _play(self, shop: Shop, wish: Wish) -> None:
        log.info("playing %s", wish.step)
        scene = Scene(shop, wish.facts, self._stop)
        tell(shop, wish, "playing", scene, {})
        with scene.open_shop() as seen, self._pulse(wish, scene):
            scene.shop = seen
            state, result = self._played(scene, wish)
        if state:
            self._tell_surely(shop, wish, state, scene, result)

    @contextmanager
    def _pulse(self, wish: Wish, scene: Scene) -> Iterator[None]:
        """Tell every two seconds that the step is still being played, with its calls so far."""
        is_over = threading.Event()

        def beat() -> None:
            with Shop(self._url, self._key) as shop:
                while not is_over.wait(PULSE_SECONDS):
                    with suppress(Away, Refused):
                        tell(shop, wish, "playing", scene, {})

        pulse = threading.Thread(target=beat, name="pulse", daemon=True)
        pulse.start()
        try:
            yield
        finally:
            is_over.set()
            pulse.join(PULSE_SECONDS)

    def _played(self, scene: Scene, wish: Wish) -> tuple[str, Mapping[str, Any]]:
        play = STEPS.get(wish.step)
        if play is None:
            return "failed", {"why": f"no step is called {wish.step}"}
        try:
            return "done", play(scene)
        except Stopped:
            return "", {}
        except (CannotPlay, Refused, Away) as fault:
            return "failed", {"why": str(fault)}
        except (KeyError, ValueError, OSError) as fault:  # an answer nobody expected: still told
            log.exception("%s failed", wish.step)
            return "failed", {"why": f"{type(fault).__name__}: {fault}"}

    def _tell_surely(
        self, shop: Shop, wish: Wish, state: str, scene: Scene, result: Mapping[str, Any]
    ) -> None:
        """Tell the outcome; a plug may just be out, so a shop that is away is asked again."""
        for _ in range(TELLS_AGAIN):
            try:
                tell(shop, wish, state, scene, result)
            except Away:
                if self._stop.wait(POLL_SECONDS):
                    return
            else:
                return
