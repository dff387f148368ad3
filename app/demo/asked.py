"""Who asked in the sixty days before the story begins, half hour by half hour. Pure.

It is the played shop of `ml/play`: orders are asked about while they age, parcels while they are
late, and the sale of three weeks ago brings many at once and more in the days after.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from app.demo.rhythm import DAYS, SALE_CONTACTS, SHANGHAI, autumn
from ml.load.series import Series
from ml.load.slots import SLOT, slot_of
from ml.play.causes import Causes, Promotion
from ml.play.play import play

ORDERS_A_DAY = 1_100.0
BATCH = 16 * 48  # half hours told at once, whole ones: their groups fit in what the API takes


def asked(anchor: datetime, *, seed: int) -> Sequence[Sequence[dict[str, Any]]]:
    """Return how many asked in each half hour, and about what, in batches as the API takes them."""
    sale, first = autumn(anchor), anchor.astimezone(SHANGHAI).date() - timedelta(days=DAYS)
    held = Promotion(
        kind="autumn",
        day=(sale.starts_at.date() - first).days,
        from_slot=2 * sale.starts_at.hour,
        audience_share=0.5,
        discount_share=0.2,
        uplift=SALE_CONTACTS,
    )
    shop = Causes(
        first_day=first,
        zone=SHANGHAI,
        opens_slot=0,
        closes_slot=48,
        orders_a_day=ORDERS_A_DAY,
        promotions=(held,),
    )
    came = play(shop, days=DAYS + 1, rng=np.random.default_rng(seed)).series
    over = range(min(len(came.contacts), (slot_of(anchor) - came.starts_at) // SLOT))
    return [list(_told(came, over[at : at + BATCH])) for at in over[::BATCH]]


def _told(came: Series, rows: range) -> Iterator[dict[str, Any]]:
    for row in rows:
        at = came.slot_at(row).isoformat()
        for group, count in zip(came.groups, came.contacts[row], strict=True):
            if count > 0:
                yield {"from": at, "contacts": int(count), "about": group}
