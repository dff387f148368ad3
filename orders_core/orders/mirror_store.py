"""The statements about mirrored orders: each takes hundreds of rows and touches an order once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, text, tuple_
from sqlalchemy.dialects.postgresql import JSONB

from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.orders import gift_store
from orders_core.orders.gift import Gift
from orders_core.orders.mirror import Content, Mirror
from orders_core.orders.order import Line, OrderStatus, axes_of
from orders_core.orders.store import lines_of
from orders_core.orders.tables import order_line, orders
from orders_core.tx import Tx

Name = tuple[str, str]  # source, reference


@dataclass(frozen=True)
class Held:
    """A locked order, its mirror and version; `is_new` where this transaction made it."""

    order_id: OrderId
    mirror: Mirror
    version: int = 1
    is_new: bool = False


@dataclass(frozen=True)
class Writing:
    """What an order's mirror was and becomes, and who says so."""

    order_id: OrderId
    before: Mirror | None
    after: Mirror
    change: Change
    version: int = 0  #: before the change; 0 where the order is made by it

    @property
    def has_new_lines(self) -> bool:
        """Say whether the goods are others than before."""
        return self.before is None or self.before.content.lines != self.after.content.lines

    @property
    def has_new_gift(self) -> bool:
        """Say whether it is given to somebody else, with other words, or no longer."""
        before = self.before.content.gift if self.before else None
        return before != self.after.content.gift


# Sorted, so that two intakes of one unknown order wait for each other and never in a ring.
ADD = text("""
INSERT INTO orders (id, number, source, reference, mirrored, source_version, person_id, status,
                    standing, payment, fulfilment, skipped, currency, total_minor, placed_at,
                    paid_at, shipped_at, delivered_at, cancelled_at,
                    changed_by, change_reason, changed_at, ring)
SELECT r.id, nextval('order_number'), r.source, r.reference, true, r.source_version, r.person_id,
       r.status, r.standing, r.payment, r.fulfilment, r.skipped, r.currency, r.total_minor,
       r.placed_at, r.paid_at, r.shipped_at, r.delivered_at, r.cancelled_at,
       r.changed_by, r.change_reason, r.changed_at, r.ring
FROM jsonb_to_recordset(:rows) AS r(
  id uuid, source text, reference text, source_version bigint, person_id uuid, status text,
  standing text, payment text, fulfilment text, skipped text[], currency text,
  total_minor bigint, placed_at timestamptz, paid_at timestamptz, shipped_at timestamptz,
  delivered_at timestamptz, cancelled_at timestamptz,
  changed_by text, change_reason text, changed_at timestamptz, ring text)
ORDER BY r.source, r.reference
ON CONFLICT (source, reference) DO NOTHING
RETURNING source, reference
""").bindparams(bindparam("rows", type_=JSONB))

WRITE = text("""
UPDATE orders SET
  source_version = r.source_version, person_id = r.person_id, status = r.status,
  standing = r.standing, payment = r.payment, fulfilment = r.fulfilment,
  skipped = r.skipped, currency = r.currency, total_minor = r.total_minor,
  placed_at = r.placed_at, paid_at = r.paid_at, shipped_at = r.shipped_at,
  delivered_at = r.delivered_at, cancelled_at = r.cancelled_at,
  changed_by = r.changed_by, change_reason = r.change_reason, changed_at = r.changed_at,
  ring = r.ring, lines_version = coalesce(r.lines_version, orders.lines_version)
FROM jsonb_to_recordset(:rows) AS r(
  id uuid, lines_version int, source_version bigint, person_id uuid, status text,
  standing text, payment text, fulfilment text, skipped text[], currency text,
  total_minor bigint, placed_at timestamptz, paid_at timestamptz, shipped_at timestamptz,
  delivered_at timestamptz, cancelled_at timestamptz,
  changed_by text, change_reason text, changed_at timestamptz, ring text)
WHERE orders.id = r.id
RETURNING orders.id, orders.version
""").bindparams(bindparam("rows", type_=JSONB))

ADD_LINES = text("""
INSERT INTO order_line
  (order_id, position, since_version, code, title, quantity, unit_minor)
SELECT r.order_id, r.position, r.since_version, r.code, r.title, r.quantity, r.unit_minor
FROM jsonb_to_recordset(:rows) AS r(
  order_id uuid, position int, since_version int, code text, title text, quantity int,
  unit_minor bigint)
""").bindparams(bindparam("rows", type_=JSONB))

CLOSE_LINES = text("""
UPDATE order_line SET until_version = r.version
FROM jsonb_to_recordset(:rows) AS r(order_id uuid, version int)
WHERE order_line.order_id = r.order_id AND until_version IS NULL
""").bindparams(bindparam("rows", type_=JSONB))


def names_known(tx: Tx, names: Sequence[Name]) -> frozenset[Name]:
    """Say which of these orders are known; nothing is locked."""
    rows = tx.execute(
        select(orders.c.source, orders.c.reference).where(
            tuple_(orders.c.source, orders.c.reference).in_(names)
        )
    )
    return frozenset((row.source, row.reference) for row in rows)


def add(tx: Tx, fresh: Mapping[Name, Writing]) -> frozenset[Name]:
    """Insert orders with their lines; say which another intake had not put in before."""
    if not fresh:
        return frozenset()
    _add_lines(tx, fresh.values())
    rows = [
        {"source": name[0], "reference": name[1], **_row(writing)}
        for name, writing in fresh.items()
    ]
    added = frozenset((r.source, r.reference) for r in tx.execute(ADD, {"rows": rows}))
    lost = [writing.order_id for name, writing in fresh.items() if name not in added]
    if lost:  # another intake made these orders: our lines never had one
        tx.execute(delete(order_line).where(order_line.c.order_id.in_(lost)))
    _write_gifts(tx, [writing for name, writing in fresh.items() if name in added])
    return added


def lock(tx: Tx, names: Sequence[Name]) -> dict[Name, Held]:
    """Lock the orders by (source, reference) and read their mirrors."""
    rows = tx.execute(
        select(orders)
        .where(tuple_(orders.c.source, orders.c.reference).in_(names))
        .order_by(orders.c.source, orders.c.reference)
        .with_for_update()
    ).all()
    ids = [OrderId(row.id) for row in rows]
    lines, gifts = lines_of(tx, ids), gift_store.of_orders(tx, ids)
    return {
        (row.source, row.reference): Held(
            OrderId(row.id),
            _mirror(row, lines.get(row.id, ()), gifts.get(OrderId(row.id))),
            row.version,
        )
        for row in rows
    }


def write(tx: Tx, writings: Sequence[Writing]) -> Mapping[OrderId, int]:
    """Write one step of several locked orders: first the lines, then all orders at once.

    Returned are the orders' versions afterwards.
    """
    if not writings:
        return {}
    relined = [writing for writing in writings if writing.has_new_lines]
    closing = [{"order_id": one.order_id, "version": one.version + 1} for one in relined]
    if closing:
        tx.execute(CLOSE_LINES, {"rows": closing})
    _add_lines(tx, relined)
    _write_gifts(tx, writings)
    rows = tx.execute(WRITE, {"rows": [_row(writing) for writing in writings]})
    return {OrderId(row.id): row.version for row in rows}


def _add_lines(tx: Tx, writings: Collection[Writing]) -> None:
    rows = [
        {
            **vars(line),
            "order_id": writing.order_id,
            "position": position,
            "since_version": writing.version + 1,
        }
        for writing in writings
        for position, line in enumerate(writing.after.content.lines, start=1)
    ]
    if rows:
        tx.execute(ADD_LINES, {"rows": rows})


def _write_gifts(tx: Tx, writings: Collection[Writing]) -> None:
    changed = {one.order_id: one.after.content.gift for one in writings if one.has_new_gift}
    gift_store.put(tx, changed)


def _row(writing: Writing) -> dict[str, Any]:
    after, change = writing.after, writing.change
    return {
        "id": writing.order_id,
        "source_version": after.source_version,
        "person_id": after.content.person_id,
        "status": after.status,
        **asdict(axes_of(after.status, was_paid=OrderStatus.PAID in after.moments)),
        "skipped": after.skipped,
        "currency": after.content.currency,
        "total_minor": after.content.total_minor,
        **{f"{status}_at": after.moments.get(status) for status in OrderStatus},
        "changed_by": change.by,
        "change_reason": change.why,
        # The newest snapshot's time, also when an older one came late: with the version it says
        # which snapshot is newer than all that were folded in.
        "changed_at": after.occurred_at,
        "ring": change.ring,
        "lines_version": writing.version + 1 if writing.has_new_lines else None,
    }


def _mirror(row: Row[Any], lines: Sequence[Line], gift: Gift | None) -> Mirror:
    content = Content(
        person_id=row.person_id,
        currency=row.currency,
        total_minor=row.total_minor,
        lines=tuple(lines),
        gift=gift,
    )
    known = {status: getattr(row, f"{status}_at") for status in OrderStatus}
    return Mirror(
        source_version=row.source_version or 0,
        occurred_at=row.changed_at,
        content=content,
        status=OrderStatus(row.status),
        skipped=tuple(OrderStatus(word) for word in row.skipped),
        moments={status: at for status, at in known.items() if at},
    )
