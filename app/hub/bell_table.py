"""The table `bells`, read into what decisions obey."""

from functools import lru_cache

from app.hub.bell_rules import Bells, bells_of
from app.hub.catalogue import NOTICES
from app.rules import rule, standard
from app.rules.engine import Judge
from orders_core.tx import Tx

TABLE = "bells"


def read_bells(tx: Tx) -> Bells:
    """Return the bells as the table that rules says; it is read through once a version."""
    return compiled(rule.live(tx, TABLE, now=standard.MADE).judge)


@lru_cache(maxsize=16)
def compiled(judge: Judge) -> Bells:
    """Ask a table once for each notice, before and after a parcel was to be fetched."""
    before, once_fetched = (
        {name: judge.ask({"notice": name, "after_pickup": is_fetched}).answer for name in NOTICES}
        for is_fetched in (False, True)
    )
    return bells_of(before, once_fetched)
