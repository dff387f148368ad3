"""What an intake is asked: whom may its changes reach? `never`, `yes`, or from a time on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import TypeAdapter, ValidationError

from app.http.body import Instant
from orders_core.errors import CoreError
from orders_core.events import Ring

_instant: TypeAdapter[datetime] = TypeAdapter(Instant)
BEGINNING = datetime.min.replace(tzinfo=UTC)


class BadNotify(CoreError):
    """Not `never`, `yes` or a time with its zone."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__("notify is never, yes, or a time with its zone: 2026-11-22T09:30:00Z")


@dataclass(frozen=True)
class Notify:
    """From what business time on a change may reach people; None: none may."""

    since: datetime | None

    def ring(self, ring: Ring) -> Callable[[datetime], Ring]:
        """Return the rule of one intake: `ring` for what happened since, `NEVER` before."""

        def rule(at: datetime) -> Ring:
            return ring if self.since is not None and at >= self.since else Ring.NEVER

        return rule

    def __str__(self) -> str:
        if self.since is None:
            return "never"
        return "yes" if self.since == BEGINNING else self.since.isoformat()


NEVER, ALWAYS = Notify(None), Notify(BEGINNING)


def read_notify(text: str) -> Notify:
    """Read what an intake was asked.

    Raises:
        BadNotify: If it is none of the three.
    """
    known = {"never": NEVER, "yes": ALWAYS}
    if text in known:
        return known[text]
    try:
        return Notify(_instant.validate_python(text))
    except ValidationError:
        raise BadNotify(text) from None
