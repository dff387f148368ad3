"""Replaying files: everything once, whatever happens in between."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app.db.transaction import begin
from app.house import House
from app.intake import store
from app.intake.csv.orders import open_orders
from app.intake.pace import Pace
from app.intake.replay import Replay, Tally
from app.intake.ring import ALWAYS, NEVER, Notify
from app.intake.take import Terms
from orders_core.events import Ring
from orders_core.orders.tables import orders
from orders_core.outbox.tables import history
from tests.shop import Shop

HEADER = "order,customer,placed_at,paid_at,shipped_at,currency,total\n"
FIRST = datetime(2026, 2, 1, tzinfo=UTC)
BAD_EVERY = 100


class Killed(Exception):
    """The process is gone."""


def line(number: int) -> str:
    if number % BAD_EVERY == 0:
        return f"R{number},c-{number},yesterday,,,CNY,1\n"
    placed = FIRST + timedelta(minutes=number)
    times = [(placed + timedelta(hours=n)).isoformat() for n in range(1 + number % 3)]
    return f"R{number},c-{number},{','.join([*times, '', ''][:3])},CNY,{number}.50\n"


@pytest.fixture
def orders_file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + "".join(line(number) for number in range(1, 1201)))
    return path


def replay(
    house: House,
    path: Path,
    *,
    notify: Notify = NEVER,
    watch: object = None,
    speed: float | None = None,
) -> Tally:
    terms = Terms(
        by="replay",
        ring=notify.ring(Ring.THEN),
        now=house.clock.now(),
        locale="zh",
        zone="Asia/Shanghai",
    )
    hears = watch if callable(watch) else lambda _: None
    with open_orders(path, items=None, region="CN") as file:
        run = Replay(engine=house.engine, file=file, terms=terms, notify=notify)
        return run.paced(speed, hears) if speed else run.at_once(hears)


ROWS = text(
    "SELECT reference, status, placed_at, paid_at, shipped_at, total_minor,"
    " (SELECT array_agg((type, ring, changed_at)::text ORDER BY version) FROM history"
    "  WHERE entity_id = orders.id) FROM orders ORDER BY reference"
)


def rows(shop: Shop) -> list[object]:
    with begin(shop.engine) as tx:
        return list(tx.execute(ROWS))


def events(shop: Shop) -> int:
    with begin(shop.engine) as tx:
        return tx.scalar(select(func.count()).select_from(history)) or 0


def test_every_good_row_becomes_an_order_with_its_moves(
    house: House, shop: Shop, orders_file: Path
) -> None:
    tally = replay(house, orders_file)

    with begin(shop.engine) as tx:
        by_status = select(orders.c.status, func.count()).group_by(orders.c.status)
        counts = {row[0]: row[1] for row in tx.execute(by_status)}
    assert (tally.orders, tally.aside, tally.moves) == (1188, 12, events(shop))
    assert counts == {"placed": 396, "paid": 396, "shipped": 396}


def test_bad_rows_are_kept_with_line_and_reason(
    house: House, shop: Shop, orders_file: Path
) -> None:
    replay(house, orders_file)
    replay(house, orders_file, notify=ALWAYS)

    with open_orders(orders_file, items=None, region="CN") as file, begin(shop.engine) as tx:
        aside = store.kept_aside(tx, file.sha256)
    assert [row.line for row in aside] == [n * BAD_EVERY + 1 for n in range(1, 13)]
    assert aside[0].reason.startswith("line 101: placed_at must be an RFC 3339 time")
    assert aside[0].text.startswith("R100,c-100,yesterday")


def test_a_second_replay_changes_nothing(house: House, shop: Shop, orders_file: Path) -> None:
    replay(house, orders_file, notify=ALWAYS)
    before = rows(shop)

    again = replay(house, orders_file, notify=ALWAYS)
    otherwise = replay(house, orders_file, notify=NEVER)

    assert (again.orders, again.moves) == (0, 0)
    assert (otherwise.moves, otherwise.known) == (0, events(shop))
    assert rows(shop) == before


def test_a_killed_replay_goes_on_behind_its_last_chunk(
    house: House, shop: Shop, orders_file: Path
) -> None:
    def die(tally: Tally) -> None:
        if tally.done > 600:
            raise Killed

    with pytest.raises(Killed):
        replay(house, orders_file, watch=die)
    half_way = events(shop)

    rest = replay(house, orders_file)

    assert 0 < half_way < events(shop)
    assert rest.skipped == 1001
    assert (rest.known, rest.moves) == (0, events(shop) - half_way)


def test_without_a_wish_nothing_rings_and_with_it_all_rings_at_its_own_time(
    house: House, shop: Shop, orders_file: Path
) -> None:
    replay(house, orders_file)
    with begin(shop.engine) as tx:
        assert set(tx.scalars(select(history.c.ring))) == {"never"}

    orders_file.write_text(HEADER + line(1).replace("R1,", "NEW,"))
    replay(house, orders_file, notify=Notify(FIRST + timedelta(minutes=30)))

    with begin(shop.engine) as tx:
        new = tx.scalar(select(orders.c.id).where(orders.c.reference == "NEW"))
        found = tx.execute(
            select(history.c.type, history.c.ring, history.c.changed_at)
            .where(history.c.entity_id == new)
            .order_by(history.c.version)
        ).all()
    placed = FIRST + timedelta(minutes=1)
    assert [tuple(row) for row in found] == [
        ("order.placed", "never", placed),
        ("order.paid", "then", placed + timedelta(hours=1)),
    ]


def test_a_paced_replay_ends_where_a_quick_one_does(
    house: House, shop: Shop, orders_file: Path
) -> None:
    paced = replay(house, orders_file, speed=1e9)
    quick = replay(house, orders_file)

    assert (paced.moves, quick.moves) == (events(shop), 0)
    assert paced.done == paced.of


def test_a_paced_replay_releases_in_the_order_of_time(
    house: House, shop: Shop, orders_file: Path
) -> None:
    ends: list[int] = []
    replay(house, orders_file, speed=1e9, watch=lambda tally: ends.append(tally.done))

    with begin(shop.engine) as tx:
        released = list(tx.scalars(select(history.c.changed_at).order_by(history.c.id)))
    starts = [0, *ends[:-1]]
    batches = [released[start:end] for start, end in zip(starts, ends, strict=True)]
    assert len(batches) > 2
    assert all(max(one) <= min(next_) for one, next_ in pairwise(batches))


class MachineTime:
    """A clock that only a pause moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def walked(times: list[datetime], *, speed: float, start: int = 0) -> Iterator[tuple[float, int]]:
    machine = MachineTime()
    pace = Pace(times, speed=speed, pause=machine.pause, clock=lambda: machine.now)
    for until in pace.walk(start=start, at_most=2):
        yield round(machine.now, 6), until


def test_a_pace_waits_as_long_as_it_took_divided_by_its_speed() -> None:
    times = [FIRST + timedelta(hours=n) for n in (0, 1, 1, 1, 3)]

    assert list(walked(times, speed=3600)) == [(0, 1), (1, 3), (1, 4), (3, 5)]


def test_a_pace_that_goes_on_does_not_wait_for_what_was_released() -> None:
    times = [FIRST + timedelta(hours=n) for n in (0, 1, 5, 6)]

    assert list(walked(times, speed=3600, start=2)) == [(0, 3), (1, 4)]
