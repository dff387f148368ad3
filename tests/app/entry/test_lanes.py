"""The bench of the lanes runs: orders get through beside a campaign, and all of it leaves."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import delete

from app.db.engines import Urls
from app.db.tables import business_clock
from app.db.transaction import begin
from bench import lanes
from bench.ground import Ground
from tests.shop import Shop


def test_every_order_gets_through_beside_a_campaign_and_the_campaign_too(
    shop: Shop, tmp_path: Path
):
    urls = Urls(database=shop.url, redis=shop.valkey_url, broker=shop.broker_url)
    with begin(shop.engine) as tx:
        tx.execute(delete(business_clock))  # so that business time is machine time, as in the bench

    figures: Mapping[str, Any] = lanes.run(
        Ground(shop.engine, urls, tmp_path), lambda _line: None, messages=120, quick=True
    )

    assert figures["l3_messages"] == figures["l3_messages_sent"] == 120
    assert min(figures["orders_alone"], figures["orders_beside"]) > 0
    assert 0 < figures["l1_beside_ms"]["p50"] <= figures["l1_beside_ms"]["p99"]
