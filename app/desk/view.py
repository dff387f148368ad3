"""Which cases an agent looks at: read from an address, and written into the next one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from app.desk.case import State
from app.desk.sla import TARGET_MINUTES
from app.words.say import LOCALES
from orders_core.ids import OrderId, PersonId

EVERY = "all"
MOST_WORDS = 64


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which cases: None wants any. `words` is the number of an order or of a case."""

    state: State | None = None
    priority: int | None = None
    language: str | None = None
    assigned_to: str | None = None
    person_id: PersonId | None = None
    order_id: OrderId | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class View:
    """A look at the queue: what is not said is not narrowed, but the state, which is `open`."""

    state: State | None = State.OPEN
    priority: int | None = None
    language: str | None = None
    is_mine: bool = False
    words: str = ""

    def wanted(self, *, me: str) -> Wanted:
        """Return the cases it shows to somebody of this name. A search looks at every state."""
        return Wanted(
            state=None if self.words else self.state,
            priority=self.priority,
            language=self.language,
            assigned_to=me if self.is_mine else None,
            words=self.words,
        )

    @property
    def query(self) -> str:
        """What an address says to show this again; empty for the plain queue."""
        parts = {
            "state": "" if self.state is State.OPEN else (self.state or EVERY),
            "priority": str(self.priority or ""),
            "language": self.language or "",
            "mine": "1" if self.is_mine else "",
            "q": self.words,
        }
        return urlencode({name: value for name, value in parts.items() if value})

    def with_state(self, state: State | None) -> "View":
        """Return the same look at another state."""
        return replace(self, state=state, words="")

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves out cases of its state."""
        return bool(self.priority or self.language or self.is_mine or self.words)

    def at(self, path: str, **more: str) -> str:
        """Return the address of a page that keeps this look."""
        query = "&".join(part for part in (self.query, urlencode(more)) if part)
        return f"{path}?{query}" if query else path


def view_of(query: Mapping[str, str]) -> View:
    """Read a look out of an address; what makes no sense there is left out."""
    state, priority, language = (query.get(name, "") for name in ("state", "priority", "language"))
    return View(
        state=None if state == EVERY else State(state) if state in [*State] else State.OPEN,
        priority=int(priority) if priority in map(str, TARGET_MINUTES) else None,
        language=language if language in LOCALES else None,
        is_mine=query.get("mine") == "1",
        words=query.get("q", "").strip()[:MOST_WORDS],
    )
