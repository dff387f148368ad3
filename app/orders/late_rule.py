"""Which parcels that may be late are told of, as the decision table `late_notice` says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.rules import rule, store
from orders_core.ids import ParcelId
from orders_core.tx import Tx

TABLE = "late_notice"
#: Below, the likely day would not be later than promised: the table is not asked.
MORE_LIKELY_THAN_NOT = 50


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A parcel that may be late: `chance` in percent, and by how many days it likely is."""

    parcel_id: ParcelId
    name: str
    chance: int
    days: int


def worth_telling(tx: Tx, doubts: Sequence[Doubt], *, now: datetime) -> frozenset[ParcelId]:
    """Return the parcels that are told of; every telling is logged, no silence is."""
    doubtful = [one for one in doubts if one.chance > MORE_LIKELY_THAN_NOT and one.days > 0]
    if not doubtful:
        return frozenset()
    ruler = rule.live(tx, TABLE, now=now)
    told, logged = set(), []
    for one in doubtful:
        given = {"chance": one.chance, "days": one.days}
        ruling = ruler.judge.ask(given)
        if (ruling.answer or {}).get("tell"):
            told.add(one.parcel_id)
            logged.append(ruler.ruled(one.name, given, ruling, now=now))
    store.log(tx, logged)
    return frozenset(told)
