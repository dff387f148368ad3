"""The time between start and stop: tend the children, mend the engines, tell when ready."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.db.engines.engines import Engines
from app.entry.children import Children
from app.entry.front_door import answers
from app.entry.plugs import Down, Plugs
from app.entry.roster import needed_first
from app.errors import EngineFailed
from app.settings import Settings
from app.tower.plug import Plug

TEND_SECONDS = 0.1
MEND_SECONDS = 3.0
SLOW_SECONDS = 60.0

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Served:
    """What is served: its settings, complete, and a key that may do all a key may."""

    settings: Settings
    api_key: str = ""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How to serve.

    `logs` is a folder for what the processes say, else they say it here. `plays` is done once all
    is ready, in a thread of its own; serving ends with it, and its answer is the exit code.
    """

    simulates: bool = False
    takes_free_port: bool = False
    logs: Path | None = None
    when_ready: Callable[[str], object] = lambda _url: None
    plays: Callable[[Served], int] | None = None


@dataclass
class Shift:
    """One run of the supervisor's loop."""

    children: Children
    engines: Engines
    served: Served
    wish: Wish
    say: Say
    plugs: Plugs
    started: float = field(default_factory=time.monotonic)
    is_ready: bool = False
    valkey_down: Down = field(default_factory=Down)
    _mended: float = 0.0
    _warned: float = 0.0
    _code: int | None = None

    def run(self, stop: threading.Event) -> int:
        """Stay until told to stop, until the play is over, or until a child can never run."""
        self.children.start(needed_first(self.children.roles))
        self._mended = self._warned = time.monotonic()
        while not stop.wait(TEND_SECONDS):
            code = self.children.tend()
            if code is not None:
                return code
            if self._code is not None:
                return self._code
            self.plugs.pull(self._unplug)
            self._mend()
            if not self.is_ready:
                self._look()
        return 0

    def _look(self) -> None:
        settings = self.served.settings
        if answers(settings.host, settings.port):
            self.is_ready = True
            first = needed_first(self.children.roles)
            self.children.start([r.name for r in self.children.roles if r.name not in first])
            self._tell()
        elif time.monotonic() - self._warned > SLOW_SECONDS:
            self.say("still not ready; the processes' own words say why")
            self._warned = time.monotonic()

    def _tell(self) -> None:
        url = self.served.settings.public_url
        self.say(f"ready after {time.monotonic() - self.started:.1f} s: {url}")
        self.wish.when_ready(url)
        if self.wish.plays:
            threading.Thread(target=self._play, args=(self.wish.plays,), daemon=True).start()

    def _play(self, plays: Callable[[Served], int]) -> None:
        code = 1  # what a play that raises comes to; its traceback says why
        try:
            code = plays(self.served)
        finally:
            self._code = code

    def _unplug(self, plug: Plug, seconds: int) -> bool:
        if plug is not Plug.VALKEY:
            was_there = self.children.unplug(plug, seconds=seconds)
        elif was_there := self.engines.end_valkey():
            self.valkey_down = Down(time.monotonic() + seconds)
            self._mended = self.valkey_down.until - MEND_SECONDS  # mended as soon as it may be
        if was_there:
            self.say(f"{plug} was unplugged for {seconds} s")
        return was_there

    def _mend(self) -> None:
        if time.monotonic() - self._mended < MEND_SECONDS:
            return
        self._mended = time.monotonic()
        try:
            for name in self.engines.mend(but_valkey=not self.valkey_down.is_over):
                self.say(f"{name} had died and was started again")
        except EngineFailed as fault:
            self.say(str(fault))
