"""A parcel that somebody must look at: is it customs who hold it?"""

import re
from collections.abc import Sequence

from app.hub.catalogue import CUSTOMS_HOLD, Notice
from orders_core.events import Event
from orders_core.ids import OrderId
from orders_core.parcels import store as parcels
from orders_core.parcels.parcel import Checkpoint, ParcelStatus
from orders_core.tx import Tx

CUSTOMS = re.compile(r"海关|清关|报关|\bcustoms\b", re.IGNORECASE)

About = tuple[Event, Notice, OrderId]


def only_held(tx: Tx, about: Sequence[About]) -> list[About]:
    """Leave out what would speak of customs where the carrier did not.

    An exception is one word for much: damaged, refused, lost. Only its own words tell.
    """
    asked = {event.entity_id for event, notice, _ in about if notice is CUSTOMS_HOLD}
    if not asked:
        return list(about)
    said = parcels.checkpoints_of(tx, asked)
    return [
        (event, notice, order_id)
        for event, notice, order_id in about
        if notice is not CUSTOMS_HOLD or names_customs(said.get(event.entity_id, ()))
    ]


def names_customs(said: Sequence[Checkpoint]) -> bool:
    """Say whether the last exception of a parcel names customs; `said` is in time order."""
    exceptions = [one for one in said if one.code is ParcelStatus.EXCEPTION]
    return bool(exceptions) and CUSTOMS.search(exceptions[-1].words) is not None
