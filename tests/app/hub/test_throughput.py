"""The bench of the hub runs, and what it says of itself adds up."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.db.engines import Urls
from bench import hub
from bench.ground import Ground
from tests.shop import Shop


def test_the_bench_tells_everybody_once_and_puts_the_same_rows_down_plainly(
    shop: Shop, tmp_path: Path
):
    urls = Urls(database=shop.url, redis=shop.valkey_url, broker=shop.broker_url)
    ground = Ground(shop.engine, urls, tmp_path)

    figures: Mapping[str, Any] = hub.run(ground, lambda _line: None, [500, 1000], quick=True)

    plan = hub.QUICK
    told = plan.a_round * (plan.rounds + 1) * len(figures["growth"])
    assert sum(figures["answers"].values()) == told
    assert set(figures["answers"]) == {"send", "skip"}
    assert list(figures["growth"]) == ["500", "1000"]
    assert all(
        figures[rate] > 0 for rate in ("decisions_per_s", "raw_rows_per_s", "copy_rows_per_s")
    )
    assert 0 < figures["one_notice_ms"]["p50"] <= figures["one_notice_ms"]["p99"]
