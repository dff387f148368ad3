"""The tracked tables: the one list that their triggers, the books and the docs are made from."""

from orders_core.outbox.tracking import Tracked, script_of

TRACKED = (
    Tracked(
        table="orders",
        entity="order",
        columns=(
            "number",
            "source",
            "reference",
            "source_version",
            "mirrored",
            "person_id",
            "status",
            "standing",
            "payment",
            "fulfilment",
            "skipped",
            "currency",
            "total_minor",
            "paid_minor",
            "refund_minor",
            "deposit_minor",
            "short_units",
            "payment_reference",
            "placed_at",
            "paid_at",
            "shipped_at",
            "delivered_at",
            "cancelled_at",
            "pay_until",
            "balance_from",
            "balance_until",
            "ship_to",
            "invoice",
            "lines_version",
            "is_trial",
        ),
        type_of_insert="'order.' || n.status",
        type_of_update="""\
CASE WHEN n.fulfilment = 'returned' AND o.fulfilment <> 'returned' THEN 'order.returned'
                WHEN n.status <> o.status THEN 'order.' || n.status
                WHEN n.fulfilment <> o.fulfilment THEN 'order.' || n.fulfilment
                WHEN o.short_units = 0 AND n.short_units > 0 THEN 'order.short'
                WHEN o.short_units > 0 AND n.short_units = 0 THEN 'order.short_settled'
                WHEN n.payment <> o.payment THEN 'order.' || n.payment
                WHEN n.balance_until IS DISTINCT FROM o.balance_until THEN 'order.balance_due'
                WHEN n.ship_to IS DISTINCT FROM o.ship_to THEN 'order.address_changed'
                WHEN n.invoice IS DISTINCT FROM o.invoice THEN 'order.invoice_asked'
                WHEN n.lines_version <> o.lines_version AND NOT n.mirrored THEN 'order.edited'
                ELSE 'order.updated' END""",
    ),
    Tracked(
        table="refund",
        entity="refund",
        columns=(
            "order_id",
            "amount_minor",
            "currency",
            "cause",
            "cause_id",
            "status",
            "reference",
            "asked_at",
            "made_at",
        ),
        type_of_insert="'refund.' || n.status",
        type_of_update=(
            "CASE WHEN n.status <> o.status THEN 'refund.' || n.status ELSE 'refund.updated' END"
        ),
    ),
    Tracked(
        table="order_return",
        entity="return",
        columns=(
            "order_id",
            "state",
            "reason",
            "who_pays",
            "refund_percent",
            "amount_minor",
            "currency",
            "carrier",
            "parcel_number",
            "requested_at",
            "decided_at",
            "received_at",
            "closed_at",
        ),
        type_of_insert="'return.' || n.state",
        type_of_update=(
            "CASE WHEN n.state <> o.state THEN 'return.' || n.state ELSE 'return.updated' END"
        ),
    ),
    Tracked(
        table="level",
        entity="level",
        columns=("sku_id", "warehouse", "standing", "low_at", "safety_stock", "oversell_limit"),
        counters=("on_hand", "reserved", "short"),
        derived=(
            "standing",
            "CASE WHEN NEW.on_hand + NEW.oversell_limit - NEW.safety_stock - NEW.reserved"
            " - NEW.short <= 0 THEN 'out'\n"
            "    WHEN NEW.on_hand + NEW.oversell_limit - NEW.safety_stock - NEW.reserved"
            " - NEW.short <= NEW.low_at THEN 'low'\n"
            "    ELSE 'in' END",
        ),
        type_of_insert="'stock.opened'",
        type_of_update="""\
CASE WHEN n.standing = o.standing THEN 'stock.updated'
                WHEN o.standing = 'out' THEN 'stock.back'
                WHEN n.standing = 'in' THEN 'stock.plenty'
                ELSE 'stock.' || n.standing END""",
    ),
    Tracked(
        table="price",
        entity="price",
        columns=("price_list", "sku_id", "price_minor", "valid_from", "valid_until"),
        type_of_insert="'price.changed'",
        type_of_update="'price.changed'",
    ),
    Tracked(
        table="parcel",
        entity="parcel",
        columns=(
            "order_id",
            "carrier",
            "number",
            "status",
            "promised_at",
            "expected_at",
            "expected_source",
            "last_scan_at",
            "last_place",
            "pickup_code",
            "direction",
            "replaced_by",
        ),
        type_of_insert="'parcel.' || n.status",
        type_of_update=(  # what was scanned before its order was known is news once it is
            "CASE WHEN n.replaced_by IS DISTINCT FROM o.replaced_by THEN 'parcel.relabelled'"
            " WHEN n.status <> o.status OR (o.order_id IS NULL AND n.order_id IS NOT NULL)"
            " THEN 'parcel.' || n.status"
            " WHEN n.expected_at IS DISTINCT FROM o.expected_at THEN 'parcel.rescheduled'"
            " ELSE 'parcel.updated' END"
        ),
    ),
)


def script() -> str:
    """Return the SQL that makes every tracked table what the list says, whatever it was before."""
    return script_of(TRACKED)
