"""Faults to plant in orders, stock and what stands around them, in the form of `planted.Fault`."""

from collections.abc import Sequence


def meeting(name: str) -> str:
    """Name the test that plays every interleaving of a meeting."""
    return (
        "tests/isolation/test_meetings.py::test_every_interleaving_with_two_switches_leaves_what_one"
        f"_after_the_other_leaves[{name}]"
    )


CORE, MIGRATIONS = "orders_core", "app/db/migrations/versions"
ORDERS, STOCK = f"{CORE}/orders", f"{CORE}/stock"
T = f"tests/{CORE}"
IN_ORDER = "tests/mutations/test_guards.py::test_whoever_locks_several_rows_names_their_order"

OF_CORE: Sequence[tuple[str, str, str, str, str]] = (
    (
        "place-reads-levels-unlocked",
        f"{ORDERS}/place_lock_store.py",
        "ORDER BY l.sku_id, l.warehouse\nFOR UPDATE OF l",
        "ORDER BY l.sku_id, l.warehouse",
        f"{T}/orders/test_place_race.py::test_eight_tills_sell_exactly_what_is_there",
    ),
    (
        "place-locks-levels-in-any-order",
        f"{ORDERS}/place_lock_store.py",
        "ORDER BY l.sku_id, l.warehouse\nFOR UPDATE OF l",
        "ORDER BY random()\nFOR UPDATE OF l",
        f"{T}/orders/test_place_race.py::test_a_storm_of_orders_payments_shipments_cancels_and_counts_never_deadlocks",
    ),
    (
        "place-takes-a-key-that-is-taken",
        f"{ORDERS}/place_lock_store.py",
        "ON CONFLICT DO NOTHING\nRETURNING scope, key",
        "RETURNING scope, key",
        f"{T}/orders/test_place_race.py::test_one_key_at_many_tills_at_once_is_one_order",
    ),
    (
        "place-sells-from-closed-warehouses",
        f"{ORDERS}/place_lock_store.py",
        "ON w.code = l.warehouse AND w.sells",
        "ON w.code = l.warehouse",
        f"{T}/orders/test_place_stock.py::TestWarehouses::test_a_warehouse_that_does_not_sell_sells_nothing",
    ),
    (
        "place-promises-safety-stock",
        f"{ORDERS}/place_lock_store.py",
        "- l.safety_stock - l.short,",
        "- l.short,",
        f"{T}/orders/test_place_stock.py::TestWarehouses::test_safety_stock_and_what_is_owed_are_not_promised",
    ),
    (
        "place-writes-the-level-it-read",
        f"{ORDERS}/place_store.py",
        "SET reserved = l.reserved + t.units",
        "SET reserved = t.units",
        f"{T}/orders/test_place_race.py::test_eight_tills_sell_exactly_what_is_there",
    ),
    (
        "place-forgets-whose-body-a-key-was",
        f"{ORDERS}/place.py",
        "if fingerprint != request.fingerprint:",
        "if not fingerprint:",
        f"{T}/orders/test_place.py::TestKeys::test_another_body_under_the_key_is_a_mismatch_and_changes_nothing",
    ),
    (
        "no-check-on-the-level",
        f"{MIGRATIONS}/0001_spine.sql",
        "CHECK (reserved >= 0 AND reserved <= on_hand + oversell_limit)",
        "CHECK (reserved >= 0)",
        f"{T}/stock/test_level.py::test_the_database_itself_refuses_an_impossible_level",
    ),
    (
        "no-check-on-refunds",
        f"{MIGRATIONS}/0009_core.sql",
        "CHECK (refund_minor BETWEEN 0 AND paid_minor)",
        "CHECK (refund_minor >= 0)",
        "tests/mutations/test_guards.py::test_the_database_refuses_to_give_back_more_than_came",
    ),
    (
        "one-cause-asks-money-back-twice",
        f"{ORDERS}/refund_store.py",
        '.on_conflict_do_nothing(index_elements=["cause", "cause_id"])\n',
        "",
        f"{T}/orders/test_refund.py::test_the_same_cause_asks_once",
    ),
    (
        "refunds-look-before-they-lock",
        f"{ORDERS}/refund_store.py",
        ".where(orders.c.id == order_id)\n        .with_for_update()\n",
        ".where(orders.c.id == order_id)\n",
        f"{T}/orders/test_refund.py::test_two_returns_at_the_same_moment_get_back_no_more_than_came",
    ),
    (
        "orders-move-unlocked",
        f"{ORDERS}/move_store.py",
        "_in_order(ids).with_for_update())",
        "_in_order(ids))",
        meeting("pay-x-cancel"),
    ),
    (
        "orders-are-locked-in-any-order",
        f"{ORDERS}/move_store.py",
        ".where(orders.c.id.in_(ids)).order_by(orders.c.id)",
        ".where(orders.c.id.in_(ids))",
        IN_ORDER,
    ),
    (
        "levels-of-orders-are-not-locked",
        f"{STOCK}/settle_store.py",
        "        .order_by(level.c.sku_id, level.c.warehouse)\n        .with_for_update(of=level)\n",  # noqa: E501 - as it stands
        "        .order_by(level.c.sku_id, level.c.warehouse)\n",
        meeting("count-x-ship"),
    ),
    (
        "the-sweeper-waits-for-a-payment",
        f"{ORDERS}/expire_store.py",
        "        .order_by(orders.c.id)\n        .with_for_update(skip_locked=True)",
        "        .order_by(orders.c.id)\n        .with_for_update()",
        f"{T}/orders/test_expire.py::test_a_payment_under_way_is_not_waited_for_and_keeps_the_order",
    ),
    (
        "the-sweeper-believes-what-it-saw",
        f"{ORDERS}/expire_store.py",
        ".where(orders.c.id.in_(ids), _is_unpaid(), orders.c.pay_until <= now)",
        ".where(orders.c.id.in_(ids))",
        meeting("pay-x-expire"),
    ),
    (
        "one-reference-pays-twice",
        f"{ORDERS}/pay.py",
        "    if before := store.known(tx, reference):\n",
        "    if (before := store.known(tx, reference)) and not reference:\n",
        f"{T}/orders/test_pay.py::test_the_same_word_again_changes_nothing_whatever_came_since",
    ),
    (
        "an-address-changes-after-shipping",
        f"{ORDERS}/address_store.py",
        "            orders.c.fulfilment == Fulfilment.UNFULFILLED,\n",
        "",
        f"{T}/orders/test_address.py::test_the_address_of_what_has_left_is_fixed",
    ),
    (
        "one-delivery-counts-twice",
        f"{STOCK}/store.py",
        '        .on_conflict_do_nothing(\n            index_elements=["cause", "cause_id", "sku_id", "warehouse"],\n        )\n',  # noqa: E501 - as it stands
        "",
        f"{T}/stock/test_level.py::test_goods_that_came_are_added_once_for_each_cause",
    ),
    (
        "deliveries-read-before-they-lock",
        f"{STOCK}/store.py",
        "level.c.warehouse == warehouse)\n        .with_for_update()\n",
        "level.c.warehouse == warehouse)\n",
        meeting("receive-x-receive"),
    ),
    (
        "bookings-read-levels-unlocked",
        f"{STOCK}/shelf_store.py",
        "ORDER BY l.sku_id, l.warehouse\nFOR UPDATE OF l",
        "ORDER BY l.sku_id, l.warehouse",
        meeting("book-x-book"),
    ),
    (
        "bookings-lock-levels-in-any-order",
        f"{STOCK}/shelf_store.py",
        "ORDER BY l.sku_id, l.warehouse\nFOR UPDATE OF l",
        "FOR UPDATE OF l",
        IN_ORDER,
    ),
    (
        "a-booking-outlives-its-time",
        f"{STOCK}/shelf_store.py",
        "AND r.state = 'held' AND r.expires_at <= %(now)s\n  AND EXISTS",
        "AND r.state = 'held' AND r.expires_at < %(now)s\n  AND EXISTS",
        f"{T}/stock/test_booking.py::test_past_its_time_its_units_can_be_booked_again_before_anybody_swept",
    ),
    (
        "the-sweeper-of-bookings-believes-what-it-saw",
        f"{STOCK}/booking.py",
        "for row in store.lock(tx, found) if _is_overdue(row, now)]",
        "for row in store.lock(tx, found)]",
        meeting("extend-booking-x-sweep"),
    ),
    (
        "a-bucket-gives-what-it-has-not",
        f"{STOCK}/bucket_store.py",
        "AND warehouse = %(warehouse)s AND free >= %(units)s",
        "AND warehouse = %(warehouse)s",
        f"{T}/stock/test_bucket.py::test_an_empty_slot_steals_from_the_next_round_the_circle",
    ),
    (
        "buckets-are-gathered-unlocked",
        f"{STOCK}/bucket_store.py",
        "ORDER BY slot FOR UPDATE",
        "ORDER BY slot",
        f"{T}/stock/test_bucket.py::test_whoever_gathers_from_all_buckets_waits_and_counts_what_is_left",
    ),
    (
        "transfers-lock-levels-in-any-order",
        f"{STOCK}/shift_store.py",
        "ORDER BY l.sku_id, l.warehouse\nFOR UPDATE OF l",
        "FOR UPDATE OF l",
        IN_ORDER,
    ),
    (
        "a-paused-holder-writes-on",
        f"{CORE}/locks/store.py",
        "lease.c.token == token, lease.c.holder.is_not(None))\n        .with_for_update()",
        "lease.c.holder.is_not(None))\n        .with_for_update()",
        f"{T}/locks/test_lease.py::test_a_paused_holder_is_refused_once_another_took_over",
    ),
    (
        "a-lease-is-taken-from-its-holder",
        f"{CORE}/locks/store.py",
        "            where=lease.c.holder.is_(None) | (lease.c.until <= func.clock_timestamp()),\n",
        "",
        f"{T}/locks/test_lease.py::test_nobody_else_takes_what_is_held_not_even_its_holder",
    ),
    (
        "a-token-is-checked-and-let-go",
        f"{CORE}/locks/store.py",
        "        .with_for_update()\n",
        "",
        f"{T}/locks/test_lease.py::test_nobody_takes_over_between_a_check_and_its_commit",
    ),
    (
        "stripes-are-taken-unsorted",
        f"{CORE}/locks/stripe.py",
        "return sorted({stripe_of(key, stripes=stripes) for key in keys})",
        "return list({stripe_of(key, stripes=stripes): 0 for key in keys})",
        f"{T}/locks/test_stripe.py::test_stripes_come_sorted_each_once_and_within_their_number",
    ),
    (
        "units-that-came-in-go-to-anybody",
        f"{CORE}/shortage/fill_store.py",
        ".order_by(is_unpaid, shortage.c.found_at, shortage.c.id)",
        ".order_by(shortage.c.id.desc())",
        f"{T}/shortage/test_fill.py::test_who_has_paid_comes_first_then_who_waits_longest",
    ),
    (
        "a-count-reads-the-level-unlocked",
        f"{CORE}/shortage/claim_store.py",
        "        .order_by(level.c.sku_id, level.c.warehouse)\n        .with_for_update()\n",
        "        .order_by(level.c.sku_id, level.c.warehouse)\n",
        meeting("count-x-count"),
    ),
    (
        "units-are-returned-twice",
        f"{CORE}/returns/order_store.py",
        "tx.execute(wanted.with_for_update())",
        "tx.execute(wanted)",
        meeting("return-x-return"),
    ),
    (
        "two-workers-claim-one-event",
        f"{CORE}/outbox/store.py",
        '        .order_by(outbox.c.not_before)\n        .limit(at_most)\n        .with_for_update(skip_locked=True, of=outbox)\n        .cte("due")\n    )\n    taken = (',  # noqa: E501 - as it stands
        '        .order_by(outbox.c.not_before)\n        .limit(at_most)\n        .cte("due")\n    )\n    taken = (',  # noqa: E501 - as it stands
        f"{T}/outbox/test_claim.py::test_two_claimers_never_take_the_same_and_never_wait_for_each_other",
    ),
    (
        "an-event-is-handled-twice",
        f"{CORE}/outbox/store.py",
        "        .on_conflict_do_nothing()\n        .returning(handled.c.event_id)",
        "        .returning(handled.c.event_id)",
        f"{T}/outbox/test_first_time.py::test_each_consumer_hears_an_event_for_the_first_time_once",
    ),
    (
        "a-scan-is-kept-twice",
        f"{CORE}/parcels/store.py",
        "ON CONFLICT (parcel_id, at, code, place) DO NOTHING",
        "",
        f"{T}/parcels/test_scan.py::test_a_scan_told_twice_is_kept_once_and_changes_nothing",
    ),
    (
        "somebody-is-told-twice",
        "app/hub/store.py",
        "ORDER BY 1, 2\nON CONFLICT DO NOTHING",
        "ORDER BY 1, 2",
        "tests/app/hub/test_notify.py::test_what_was_told_is_not_told_again",
    ),
    (
        "a-rule-over-rows-at-read-committed",
        "app/orders/catalog_api.py",
        ', isolation="SERIALIZABLE")',
        ")",
        "tests/isolation/test_last_to_sell.py::test_over_http_two_clerks_at_once_leave_one_warehouse_selling",
    ),
    (
        "a-deadlock-is-not-tried-again",
        "app/db/transaction.py",
        "WORTH_ANOTHER_TRY = frozenset({SERIALIZATION_FAILURE, DEADLOCK})",
        "WORTH_ANOTHER_TRY = frozenset({SERIALIZATION_FAILURE})",
        "tests/app/db/test_transaction.py::test_of_two_in_a_deadlock_both_get_through_and_each_counts_once",
    ),
    (
        "a-refused-transaction-is-not-tried-again",
        "app/db/transaction.py",
        "WORTH_ANOTHER_TRY = frozenset({SERIALIZATION_FAILURE, DEADLOCK})",
        "WORTH_ANOTHER_TRY = frozenset({DEADLOCK})",
        "tests/app/db/test_transaction.py::test_at_serializable_the_second_is_tried_again_and_sees_the_first",
    ),
    (
        "the-level-asked-for-is-not-given",
        "app/db/transaction.py",
        "            with begin(engine, isolation=isolation) as tx:\n                return work(tx)\n        except",  # noqa: E501 - as it stands
        "            with begin(engine) as tx:\n                return work(tx)\n        except",
        "tests/app/db/test_transaction.py::test_at_serializable_the_second_is_tried_again_and_sees_the_first",
    ),
)
