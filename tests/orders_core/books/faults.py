"""One fault for every promise of the order core: what could go wrong, and who finds it."""

from sqlalchemy import text

from orders_core.ids import OrderId
from orders_core.orders.order import OrderStatus
from orders_core.tx import Tx
from tests.buying import MUG, TEA, bought, fill, moved, paid
from tests.orders_core.books.fault import Fault
from tests.orders_core.books.faults_of_goods import GOODS

ASK_BACK = (
    "INSERT INTO order_return (id, order_id, state, reason, who_pays, refund_percent, currency,"
    " requested_at, received_at, amount_minor, changed_by, change_reason, changed_at)"
    " SELECT uuid7(), id, {state}, 'broken', 'shop', 100, currency, now(), {received}, {amount},"
    " 'x', 'y', now() FROM orders WHERE status = 'delivered'"
)
CAME_BACK = (
    "INSERT INTO return_line (return_id, position, sku_id, code, quantity, unit_minor, restocked)"
    " SELECT r.id, l.position, l.sku_id, l.code, {quantity}, l.unit_minor, {restocked}"
    " FROM order_return r JOIN order_line l USING (order_id)"
)
BOOK = (
    "INSERT INTO booking (id, state, expires_at, booked_at, booked_by) VALUES"
    " (uuid7(), 'held', '2026-03-02T{until}Z', '2026-03-02T00:00Z', 'x')"
)

FAULTS = (
    *GOODS,
    Fault(
        names="buckets_have_levels",
        damage="INSERT INTO bucket VALUES (uuid7(), 'moon', 0, 1)",
    ),
    Fault(
        names="reserved_equals_reservations",
        damage="INSERT INTO bucket SELECT sku_id, warehouse, 0, 1 FROM level",
        in_turn=True,
    ),
    Fault(
        names="bookings_hold_what_they_ask",
        damage=(
            BOOK.format(until="09:00"),
            "INSERT INTO booking_line SELECT b.id, l.sku_id, l.warehouse, 1"
            " FROM booking b, level l",
        ),
    ),
    Fault(
        names="bookings_hold_what_they_ask",
        damage=(
            BOOK.format(until="09:00"),
            "INSERT INTO reservation (id, order_id, sku_id, warehouse, quantity, state, ended_at)"
            " SELECT uuid7(), b.id, l.sku_id, l.warehouse, 1, 'confirmed', now()"
            " FROM booking b, level l",
        ),
    ),
    Fault(
        names="no_booking_outlives_its_limit",
        damage=BOOK.format(until="00:10"),
    ),
    Fault(
        names="answers_have_orders",
        damage="INSERT INTO idempotency (scope, key, fingerprint, answer) SELECT 's', 'k', '',"
        " jsonb_build_object('order_id', uuid7())",
    ),
    Fault(
        names="payments_equal_orders",
        damage="INSERT INTO payment SELECT uuid7(), id, 'late', 1, currency, 'P' || number, now(),"
        " 'x' FROM orders",
    ),
    Fault(
        names="payments_have_orders",
        damage="INSERT INTO payment SELECT uuid7(), uuid7(), 'late', 1, 'CNY', 'P', now(), 'x'",
    ),
    Fault(
        names="cancelled_orders_keep_no_money",
        damage=(
            "INSERT INTO payment SELECT uuid7(), id, 'late', 1, currency, 'P' || number, now(),"
            " 'x' FROM orders WHERE status = 'cancelled'",
            "UPDATE orders SET paid_minor = 1, refund_minor = 0, payment = 'deposit_paid'"
            " WHERE status = 'cancelled'",
        ),
    ),
    Fault(
        names="shortages_equal_short_reservations",
        damage="INSERT INTO shortage (id, order_id, sku_id, warehouse, quantity, choices, found_by,"
        " found_why, found_at) SELECT uuid7(), r.order_id, r.sku_id, r.warehouse, 1, '{}', 'x',"
        " 'y', now() FROM reservation r WHERE state = 'held'",
    ),
    Fault(
        names="returns_within_what_left",
        damage=(
            ASK_BACK.format(state="'approved'", received="NULL", amount="NULL"),
            CAME_BACK.format(quantity=9, restocked=0),
        ),
    ),
    Fault(
        names="returned_goods_have_movements",
        damage=(
            ASK_BACK.format(state="'received'", received="now()", amount="0"),
            CAME_BACK.format(quantity=1, restocked=1),
        ),
    ),
    Fault(
        names="returns_equal_refunds",
        damage=ASK_BACK.format(state="'received'", received="now()", amount="5"),
    ),
    Fault(
        names="returned_orders_came_back",
        damage="UPDATE orders SET fulfilment = 'returned' WHERE status = 'delivered'",
    ),
    Fault(
        names="stock_equals_movements",
        damage="UPDATE level SET on_hand = on_hand + 1 WHERE on_hand > 0",
        in_turn=True,
    ),
    Fault(
        names="stock_equals_movements",
        damage="DELETE FROM movement WHERE cause = 'sale'",
        past=True,
        in_turn=True,
    ),
    Fault(
        names="movements_have_levels",
        damage="INSERT INTO movement (id, sku_id, warehouse, delta, cause, cause_id, moved_by,"
        " moved_at) VALUES (uuid7(), uuid7(), 'moon', 1, 'count', uuid7(), 'x', now())",
    ),
    Fault(
        names="reserved_equals_reservations",
        damage="UPDATE level SET reserved = reserved - 1 WHERE reserved > 0",
        in_turn=True,
    ),
    Fault(
        names="short_equals_reservations",
        damage="UPDATE level SET short = short + 1",
        in_turn=True,
    ),
    Fault(
        names="reservations_have_levels",
        damage="UPDATE reservation SET warehouse = 'moon' WHERE state = 'released'",
        in_turn=True,
    ),
    Fault(
        names="reservations_within_stock",
        damage=(
            "ALTER TABLE level DROP CONSTRAINT ck_level_reserved_within_stock",
            "UPDATE level SET reserved = on_hand + 1",
        ),
        along=("reserved_equals_reservations",),
    ),
    Fault(
        names="levels_say_where_they_stand",
        damage="UPDATE level SET standing = 'low'",
        past=True,
        along=("history_ends_as_it_stands",),
        in_turn=True,
    ),
    Fault(
        names="reservations_have_owners",
        damage="INSERT INTO reservation (id, order_id, sku_id, warehouse, quantity, state,"
        " ended_at) SELECT uuid7(), uuid7(), sku_id, warehouse, 1, 'released', now() FROM level",
    ),
    Fault(
        names="reservations_have_owners",
        damage="UPDATE orders SET mirrored = true WHERE status = 'shipped'",
    ),
    Fault(
        names="reservations_follow_orders",
        damage="UPDATE orders SET standing = 'cancelled', status = 'cancelled'"
        " WHERE status = 'paid'",
        along=("cancelled_orders_keep_no_money",),
    ),
    Fault(
        names="reservations_follow_orders",
        damage="UPDATE reservation SET state = 'confirmed' WHERE state = 'released'",
        in_turn=True,
    ),
    Fault(
        names="reservations_follow_orders",
        damage="UPDATE orders SET fulfilment = 'partly_shipped' WHERE status = 'paid'",
    ),
    Fault(
        names="reservations_equal_lines",
        damage=(
            "UPDATE order_line SET quantity = quantity + 1, unit_minor = 0",
            "UPDATE orders SET total_minor = 0, paid_minor = 0, payment = 'unpaid',"
            " status = CASE status WHEN 'paid' THEN 'placed' ELSE status END",
        ),
        along=("payments_equal_orders",),
    ),
    Fault(
        names="ended_reservations_have_times",
        damage="UPDATE reservation SET ended_at = NULL",
        in_turn=True,
    ),
    Fault(
        names="lines_have_orders",
        damage="INSERT INTO order_line (order_id, position, code, title, quantity, unit_minor)"
        " VALUES (uuid7(), 1, 'MUG', 'Mug', 1, 0)",
    ),
    Fault(
        names="orders_have_lines",
        damage=(
            "UPDATE order_line SET until_version = 2",
            "UPDATE orders SET reference = 'V' || number",
        ),
        along=("reservations_equal_lines", "totals_equal_lines", "orders_know_their_lines"),
    ),
    Fault(
        names="lines_follow_versions",
        damage="UPDATE order_line SET since_version = 9",
        along=("orders_know_their_lines",),
        in_turn=True,
    ),
    Fault(
        names="lines_follow_versions",
        damage=(
            "INSERT INTO order_line (order_id, position, since_version, sku_id, code, title,"
            " quantity, unit_minor) SELECT order_id, position, 2, sku_id, code, title, 1, 0"
            " FROM order_line",
            "UPDATE orders SET reference = 'V' || number",
        ),
        along=("reservations_equal_lines", "orders_know_their_lines"),
    ),
    Fault(
        names="totals_equal_lines",
        damage="UPDATE orders SET total_minor = total_minor + 1",
        along=("payment_says_what_was_paid",),
    ),
    Fault(
        names="short_units_equal_reservations",
        damage="UPDATE orders SET short_units = 1",
    ),
    Fault(
        names="no_hold_outlives_its_limit",
        damage="UPDATE orders SET pay_until = placed_at - interval '2 hours'",
    ),
    Fault(
        names="addresses_belong_to_orders",
        damage="UPDATE orders SET ship_to = uuid7()",
    ),
    Fault(
        names="invoices_belong_to_orders",
        damage="UPDATE orders SET invoice = uuid7()",
    ),
    Fault(
        names="units_left_in_their_parcels",
        damage="UPDATE reservation SET parcel_id = uuid7()",
        in_turn=True,
    ),
    Fault(
        names="payment_says_what_was_paid",
        damage="UPDATE orders SET payment = 'unpaid', status = 'placed' WHERE status = 'paid'",
    ),
    Fault(
        names="refunds_equal_orders",
        damage="UPDATE orders SET refund_minor = 1, payment = 'paid', paid_minor = total_minor + 1"
        " WHERE status = 'paid'",
        along=("payments_equal_orders",),
    ),
    Fault(
        names="refunds_within_payment",
        damage=(
            "ALTER TABLE orders DROP CONSTRAINT ck_orders_refund_within_payment",
            "UPDATE orders SET refund_minor = -1",
        ),
        along=("refunds_equal_orders", "cancelled_orders_keep_no_money"),
    ),
    Fault(
        names="refunds_have_orders",
        damage="INSERT INTO refund (id, order_id, amount_minor, currency, cause, cause_id,"
        " asked_at, changed_by, change_reason, changed_at)"
        " VALUES (uuid7(), uuid7(), 1, 'CNY', 'edited', uuid7(), now(), 'x', 'y', now())",
    ),
    Fault(
        names="refunds_due_are_asked",
        damage="UPDATE orders SET payment = 'refund_due' WHERE status = 'paid'",
        along=("payment_says_what_was_paid",),
    ),
    Fault(
        names="deposits_within_totals",
        damage="UPDATE orders SET deposit_minor = total_minor + 1",
    ),
    Fault(
        names="every_change_has_one_event",
        damage="DELETE FROM outbox WHERE version = 1",
        in_turn=True,
    ),
    Fault(
        names="every_change_has_one_event",
        damage="UPDATE outbox SET type = 'order.paid' WHERE type = 'order.placed'",
        in_turn=True,
    ),
    Fault(
        names="every_change_has_history",
        damage="UPDATE orders SET version = version + 1 WHERE status = 'paid'",
        past=True,
        in_turn=True,
    ),
    Fault(
        names="every_change_has_history",
        damage="DELETE FROM history WHERE version = 2 AND type = 'order.updated'",
        along=("every_change_has_one_event",),
        in_turn=True,
    ),
    Fault(
        names="history_ends_as_it_stands",
        damage="UPDATE parcel SET last_place = 'the moon'",
        past=True,
        in_turn=True,
    ),
    Fault(
        names="every_move_has_one_event",
        damage="UPDATE orders SET delivered_at = paid_at WHERE status = 'paid'",
    ),
    Fault(
        names="partitions_made_ahead",
        damage=(
            "INSERT INTO outbox (id, entity_id, version, type)"
            " SELECT '00000000-0000-7000-8000-000000000000', id, 1, 'x' FROM orders LIMIT 1",
            "INSERT INTO history (id, entity, entity_id, version, type, new, ring, changed_by,"
            " change_reason, changed_at) SELECT id, 'x', uuid7(), 1, 'x', '{}', 'never', 'x', 'y',"
            " now() FROM outbox WHERE type = 'x'",
        ),
    ),
)

NAMES = [f"{fault.names}-{number}" for number, fault in enumerate(FAULTS)]


def one_of_each(tx: Tx) -> OrderId:
    """Bring an order into every state; return the first."""
    fill(tx, {MUG: 50, TEA: 50})
    first = bought(tx, (MUG, 1), (TEA, 1))
    paid(tx, bought(tx, (MUG, 2)))
    moved(tx, bought(tx, (MUG, 1)), OrderStatus.CANCELLED)
    moved(tx, paid(tx, bought(tx, (TEA, 1))), OrderStatus.SHIPPED)
    moved(tx, moved(tx, paid(tx, bought(tx, (TEA, 1))), OrderStatus.SHIPPED), OrderStatus.DELIVERED)
    bought(tx, (MUG, 3))
    tx.execute(text("UPDATE orders SET reference = 'W-1' WHERE total_minor = 14700"))
    tx.execute(
        text(
            "INSERT INTO parcel (id, order_id, carrier, number, changed_by, change_reason,"
            " changed_at) SELECT uuid7(), id, 'sf', 'SF1', 'x', 'y', clock_timestamp()"
            " FROM orders WHERE status = 'shipped'"
        )
    )
    return first
