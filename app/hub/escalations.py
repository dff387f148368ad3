"""Which channels of which notices wait to be needed, and how long: the table `escalation`."""

from functools import lru_cache

from app.hub.catalogue import NOTICES
from app.rules.engine import Judge
from app.rules.sheet import read_sheet

TABLE = "escalation"


@lru_cache(maxsize=8)
def read_escalations(sheet: str) -> tuple[tuple[str, str, int], ...]:
    """Return every (notice, channel, minutes) that a sheet names."""
    judge = Judge(read_sheet(sheet))
    said = [
        (notice.name, str(on), answer)
        for notice in NOTICES.values()
        for on in notice.channels
        for answer in judge.ask({"notice": notice.name, "channel": str(on)}).answers
    ]
    return tuple((notice, on, int(answer["minutes"])) for notice, on, answer in said)
