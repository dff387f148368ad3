"""The suite's own fixtures keep their word."""

from datetime import timedelta

import redis
from sqlalchemy import text

from app.db.clock import BusinessClock
from app.db.transaction import begin
from orders_core.tx import Tx
from tests.shop import MORNING, Shop, table_names


def test_a_shop_is_migrated(shop: Shop):
    assert {"orders", "business_clock"} <= set(table_names(shop.engine))


def test_what_a_shop_commits_no_other_shop_sees(shop: Shop):
    with begin(shop.engine) as tx:
        found = tx.execute(text("SELECT to_regclass('left_behind')")).scalar_one()
        tx.execute(text("CREATE TABLE left_behind (id int)"))

    assert found is None


def test_what_a_shop_commits_no_other_shop_sees_either(shop: Shop):
    test_what_a_shop_commits_no_other_shop_sees(shop)


def test_a_shops_clock_stands_still_until_told_and_every_process_follows(shop: Shop):
    elsewhere = BusinessClock(shop.engine, cache_seconds=0)

    assert shop.clock.now() == elsewhere.now() == MORNING
    shop.clock.advance(timedelta(hours=3))
    assert shop.clock.now() == elsewhere.now() == MORNING + timedelta(hours=3)


def test_a_shop_has_a_valkey_database_of_its_own(shop: Shop):
    with redis.Redis.from_url(shop.valkey_url) as valkey:
        assert valkey.dbsize() == 0
        valkey.set("left", "behind")


def test_a_shop_has_a_valkey_database_of_its_own_again(shop: Shop):
    test_a_shop_has_a_valkey_database_of_its_own(shop)


def test_tx_takes_back_what_it_wrote(tx: Tx):
    assert tx.execute(text("SELECT to_regclass('passing')")).scalar_one() is None
    tx.execute(text("CREATE TABLE passing (id int)"))


def test_tx_takes_back_what_it_wrote_again(tx: Tx):
    test_tx_takes_back_what_it_wrote(tx)
