"""The main job on real orders: the Olist sample, where it lies beside the project."""

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from app.intake.csv.orders import open_orders
from app.intake.csv.steps import History
from app.intake.replay import Replay, Tally
from app.intake.ring import ALWAYS, NEVER, Notify
from app.intake.take import Terms
from app.ops.books import check
from app.subscribers.drain import drain
from orders_core.events import Ring
from tests.app.intake.foreign import house_of
from tests.shop import Shop

SAMPLE = Path(__file__).parents[4] / "shared" / "data" / "olist_sample" / "olist_orders.csv"
TIMES = {
    "order_placed": "order_purchase_timestamp",
    "order_paid": "order_approved_at",
    "order_shipped": "order_delivered_carrier_date",
    "order_delivered": "order_delivered_customer_date",
}

pytestmark = pytest.mark.skipif(
    not SAMPLE.exists(), reason="the Olist sample may not be passed on: put it beside the project"
)


def replay(shop: Shop, path: Path, notify: Notify) -> Tally:
    house = house_of(shop)
    terms = Terms(
        by="replay", ring=notify.ring(Ring.THEN), now=house.clock.now(), locale="zh", zone="UTC"
    )
    with open_orders(path, items=None, region="CN") as file:
        run = Replay(engine=house.engine, file=file, terms=terms, notify=notify)
        tally = run.at_once(lambda _: None)
    drain(house)
    return tally


def implied(path: Path) -> Counter[tuple[str, str, str]]:
    """Say which messages the times in a file imply: one per order, notice and reachable channel."""
    lines = path.read_text().splitlines()
    header = [name.strip('"') for name in lines[0].split(",")]
    rows = (dict(zip(header, line.replace('"', "").split(","), strict=True)) for line in lines[1:])
    return Counter(
        (row["order_id"], notice, channel)
        for row in rows
        for notice, column in TIMES.items()
        for channel in ("email", "inapp")
        if row[column]
    )


def sent(shop: Shop) -> Counter[tuple[str, str, str]]:
    query = text(
        "SELECT o.reference, m.notice, m.channel, count(*) AS n FROM message m"
        " JOIN orders o ON o.id = m.order_id WHERE m.state = 'sent' GROUP BY 1, 2, 3"
    )
    with begin(shop.engine) as tx:
        return Counter({(r.reference, r.notice, r.channel): r.n for r in tx.execute(query)})


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """The first 300 orders of the sample, alone."""
    path = tmp_path / "olist_orders.csv"
    with SAMPLE.open() as sample:
        path.write_text("".join(islice(sample, 301)))
    return path


def test_every_row_of_the_sample_can_be_read() -> None:
    with open_orders(SAMPLE, items=None, region="CN") as file:
        histories = [one for _, one in file.histories()]

    assert len(histories) == 4071
    assert all(isinstance(one, History) for one in histories)
    assert file.aside == ()


def test_each_time_in_the_data_is_one_message_per_channel_and_never_two(
    shop: Shop, part: Path
) -> None:
    replay(shop, part, ALWAYS)
    once = sent(shop)
    again = replay(shop, part, ALWAYS)

    assert once == implied(part)
    assert (again.moves, sent(shop)) == (0, once)
    with begin(shop.engine) as tx:
        assert [found for found in check(tx) if not found.holds] == []


def test_without_a_wish_real_orders_come_in_and_nobody_hears(shop: Shop) -> None:
    tally = replay(shop, SAMPLE, NEVER)

    assert (tally.orders, tally.aside) == (4071, 0)
    assert sent(shop) == Counter()


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_the_whole_sample_is_told_exactly_as_its_times_imply(shop: Shop) -> None:
    replay(shop, SAMPLE, ALWAYS)

    assert sent(shop) == implied(SAMPLE)
    assert sum(implied(SAMPLE).values()) == 32_220
