"""Which channels of which notices wait to be needed, and how long: the table `escalation`."""

from functools import lru_cache

from app.hub.catalogue import NOTICES
from app.rules.engine import Judge
from app.rules.rule import ruling
from app.rules.sheet import read_sheet
from orders_core.tx import Tx

TABLE = "escalation"


def escalations(tx: Tx) -> tuple[tuple[str, str, int], ...]:
    """Return every (notice, channel, minutes) that the table which rules names."""
    return _asked(ruling(tx, TABLE))


@lru_cache(maxsize=8)
def _asked(sheet: str) -> tuple[tuple[str, str, int], ...]:
    judge = Judge(read_sheet(sheet))
    said = [
        (notice.name, str(on), answer)
        for notice in NOTICES.values()
        for on in notice.channels
        for answer in judge.ask({"notice": notice.name, "channel": str(on)}).answers
    ]
    return tuple((notice, on, int(answer["minutes"])) for notice, on, answer in said)
