"""Play the six steps of the demo by themselves, and say whether every claim holds."""

import contextlib
import http.client
import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.entry.front_door import LOOPBACK
from app.entry.shift import Served
from app.settings import EVERYWHERE
from app.tower.stage import PATIENCE_SECONDS, Step
from app.tower.view import STORY_PEOPLE

LOOK_SECONDS = 0.3
OPEN_SECONDS = 120.0
STEP_SECONDS = PATIENCE_SECONDS + 30.0
FAILED = 1

Say = Callable[[str], None]
Said = Mapping[str, Any]


class Gone(Exception):
    """The shop does not answer, or not as it promises to."""


class Stage:
    """The stage of a demo over HTTP."""

    def __init__(self, served: Served) -> None:
        host = served.settings.host
        self._host = LOOPBACK if host in EVERYWHERE else host
        self._port, self._key = served.settings.port, served.api_key

    def call(self, method: str, path: str, body: Said | None = None) -> Said:
        """Ask the public API.

        Raises:
            Gone: If it cannot be reached or refuses.
        """
        line = http.client.HTTPConnection(self._host, self._port, timeout=30)
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        try:
            line.request(method, path, None if body is None else json.dumps(body), headers)
            answer = line.getresponse()
            said: Said = json.loads(answer.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError) as fault:
            raise Gone(type(fault).__name__) from None
        finally:
            line.close()
        if answer.status >= http.client.BAD_REQUEST:
            raise Gone(str(said.get("detail", answer.status)))
        return said


def play(served: Served, *, say: Say) -> int:
    """Play every step in order; return 0 if all claims hold.

    A step that fails does not end the tour unless another builds on it.
    """
    stage, broken = Stage(served), 0
    began = time.monotonic()
    if not _opens(stage):
        say("tour: the shop was not furnished in time; see the simulator's log")
        return FAILED
    for step in Step:
        facts = {"locale": served.settings.shop_locale} if step is Step.BUY else {}
        try:
            wish = _settled(stage, step, facts)
        except Gone as fault:
            say(f"{_title(step)}: {fault}")
            broken += 1
            continue
        broken += not holds(wish)
        for line in told(wish):
            say(line)
    took = time.monotonic() - began
    say(
        f"tour: {'all claims hold' if not broken else f'{broken} of {len(Step)} do not hold'}, "
        f"{took:.0f} s"
    )
    return FAILED if broken else 0


def _opens(stage: Stage) -> bool:
    """Wait until the people of the story are in the shop; its goods came before them."""
    ends = time.monotonic() + OPEN_SECONDS
    while time.monotonic() < ends:
        with contextlib.suppress(Gone):
            for reference in STORY_PEOPLE["en"]:
                stage.call("GET", f"/v1/people/{reference}")
            return True
        time.sleep(LOOK_SECONDS)
    return False


def holds(wish: Said) -> bool:
    """Say whether a step was played to its end and the database bears out all it claims."""
    claims = wish["claims"]
    return wish["state"] == "done" and bool(claims) and all(one["holds"] for one in claims)


def told(wish: Said) -> Sequence[str]:
    """Return a step's result in a line, and a line for each claim."""
    title = _title(Step(wish["step"]))
    lines = [f"{title}: {wish['state']} {_facts(wish['result'])}"]
    for claim in wish["claims"]:
        sign = {True: "holds", False: "DOES NOT HOLD"}.get(claim["holds"], "still open")
        lines.append(f"   {claim['claim']} {_facts(claim['facts'])}: {sign}")
    return lines


def _settled(stage: Stage, step: Step, facts: Said) -> Said:
    """Ask for a step and wait until it is over and nothing it claims is open."""
    wish = stage.call("POST", "/v1/test/stage", {"step": step, "facts": facts})
    ends = time.monotonic() + STEP_SECONDS
    while time.monotonic() < ends and not _is_over(wish):
        time.sleep(LOOK_SECONDS)
        wish = stage.call("GET", f"/v1/test/stage/{wish['id']}")
    return wish


def _is_over(wish: Said) -> bool:
    is_open = wish["state"] in {"asked", "playing"}
    return not is_open and all(claim["holds"] is not None for claim in wish["claims"])


def _title(step: Step) -> str:
    return f"{list(Step).index(step) + 1} {step}"


def _facts(facts: Said) -> str:
    plain = {
        name: round(value, 2) if isinstance(value, float) else value
        for name, value in facts.items()
        if isinstance(value, str | int | float) and not str(value).startswith(("ord_", "per_"))
    }
    return " ".join(f"{name}={value}" for name, value in plain.items())
