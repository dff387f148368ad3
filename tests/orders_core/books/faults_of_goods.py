"""Faults of what goods do without an order: on the road, counted, awaited, scanned."""

from tests.orders_core.books.fault import Fault

SENT = (
    "INSERT INTO stock_transfer (id, from_warehouse, to_warehouse, state, sent_by, sent_at,"
    " arrived_at) VALUES (uuid7(), 'main', 'moon', {state}, 'x', now(), {arrived_at})"
)
CARRIED = (
    "INSERT INTO stock_transfer_line (transfer_id, sku_id, sent, arrived)"
    " SELECT t.id, l.sku_id, {sent}, {arrived} FROM stock_transfer t, level l"
)
COUNTED = (
    "INSERT INTO stock_count (id, warehouse, state, opened_by, opened_at, closed_at)"
    " VALUES (uuid7(), 'main', 'closed', 'x', now(), now())",
    "INSERT INTO stock_count_line (count_id, sku_id, counted, on_hand_then)"
    " SELECT c.id, l.sku_id, 7, 8 FROM stock_count c, level l",
)

GOODS = (
    Fault(
        names="transfers_have_movements",
        damage=(
            SENT.format(state="'sent'", arrived_at="NULL"),
            CARRIED.format(sent=1, arrived="NULL"),
        ),
    ),
    Fault(
        names="transfers_have_movements",
        damage=(
            SENT.format(state="'arrived'", arrived_at="now()"),
            CARRIED.format(sent=0, arrived=3),
        ),
    ),
    Fault(names="counts_have_movements", damage=COUNTED),
    Fault(
        names="preorders_set_limits",
        damage="INSERT INTO preorder (sku_id, warehouse, units, release_at, balance_hours)"
        " SELECT sku_id, warehouse, 9, now(), 24 FROM level",
        in_turn=True,
    ),
    Fault(
        names="preorders_set_limits",
        damage=(
            "INSERT INTO preorder (sku_id, warehouse, units, release_at, balance_hours)"
            " SELECT sku_id, warehouse, 9, now(), 24 FROM level",
            "UPDATE level SET oversell_limit = 8",
        ),
    ),
    Fault(
        names="orders_know_their_lines",
        damage="UPDATE orders SET lines_version = lines_version + 1",
    ),
    Fault(
        names="relabelled_parcels_go_on",
        damage="UPDATE parcel SET replaced_by = uuid7()",
    ),
    Fault(
        names="relabelled_parcels_go_on",
        damage=(
            "INSERT INTO parcel (id, order_id, carrier, number, changed_by, change_reason,"
            " changed_at) SELECT uuid7(), uuid7(), 'sf', 'SF2', 'x', 'y', now()",
            "UPDATE parcel SET replaced_by = (SELECT id FROM parcel WHERE number = 'SF2')"
            " WHERE number = 'SF1'",
        ),
    ),
    Fault(
        names="checkpoints_have_parcels",
        damage="INSERT INTO checkpoint (id, parcel_id, at, code)"
        " SELECT uuid7(), uuid7(), now(), 'in_transit'",
    ),
)
