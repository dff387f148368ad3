"""What an order is short of, and what its shopper may choose: read for their page."""

from collections.abc import Sequence

from orders_core.ids import OrderId
from orders_core.shortage import line_store, offer_store, swap_store
from orders_core.shortage.choice import Instead, Offer
from orders_core.shortage.cut import Row
from orders_core.shortage.offer_store import Asked, Missing
from orders_core.shortage.short import OWED, Act
from orders_core.tx import Tx

MOST_INSTEAD = 6
missing = offer_store.missing
__all__ = ["Missing", "missing", "offers"]


def offers(tx: Tx, order_id: OrderId) -> Sequence[Offer]:
    """Return one offer for each finding of an order, settled ones too, first found first.

    Locks nothing: what was offered may be gone when it is chosen, and `choose` says so.
    """
    asked = offer_store.of_order(tx, order_id)
    if not asked:
        return []
    rows = line_store.lines(tx, order_id)
    return [_offer(tx, one, rows) for one in asked]


def _offer(tx: Tx, asked: Asked, rows: Sequence[Row]) -> Offer:
    short = asked.shortage
    prices = [row.unit_minor for row in rows if row.sku_id == short.sku_id]
    unit_minor = min(prices, default=asked.goods.price_minor)
    may = short.choices if short.state in OWED else frozenset[Act]()
    instead = _instead(tx, asked, unit_minor) if Act.SWAP in may else ()
    if not instead:
        may -= {Act.SWAP}
    return Offer(
        code=asked.goods.code,
        title_zh=asked.goods.title_zh,
        title_en=asked.goods.title_en,
        units=short.quantity,
        unit_minor=unit_minor,
        currency=asked.currency,
        state=short.state,
        may=may,
        found_at=short.found_at,
        wait_until=short.wait_until,
        instead=instead,
    )


def _instead(tx: Tx, asked: Asked, unit_minor: int) -> tuple[Instead, ...]:
    found = swap_store.could_go(
        tx,
        but=asked.shortage.sku_id,
        units=asked.shortage.quantity,
        price=(unit_minor, asked.currency),
        first=MOST_INSTEAD,
    )
    return tuple(
        Instead(
            code=goods.code,
            title_zh=goods.title_zh,
            title_en=goods.title_en,
            unit_minor=goods.price_minor,
        )
        for goods in found
    )
