"""Who asked before the story begins: sixty days of the played shop, as the forecast takes them."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from app.demo import rhythm
from app.demo.asked import asked
from app.forecast.bodies import MOST_SLOTS
from ml.load.slots import GROUPS

BEGAN = datetime(2026, 11, 10, 11, 52, tzinfo=UTC)


def by_slot(seed: int = 7) -> Counter[datetime]:
    found: Counter[datetime] = Counter()
    for batch in asked(BEGAN, seed=seed):
        for one in batch:
            found[datetime.fromisoformat(one["from"])] += one["contacts"]
    return found


def test_the_same_seed_asks_the_same_and_another_does_not() -> None:
    assert asked(BEGAN, seed=7) == asked(BEGAN, seed=7)
    assert by_slot(7) != by_slot(8)


def test_every_group_is_told_in_batches_that_the_api_takes_and_no_half_hour_in_two() -> None:
    batches = asked(BEGAN, seed=7)
    slots = [{one["from"] for one in batch} for batch in batches]

    assert all(0 < len(batch) <= MOST_SLOTS for batch in batches)
    assert sum(len(some) for some in slots) == len(set().union(*slots))
    assert {one["about"] for batch in batches for one in batch} == set(GROUPS)


def test_it_ends_before_the_story_begins_and_reaches_sixty_days_back() -> None:
    counts = by_slot()

    assert BEGAN - timedelta(hours=1) < max(counts) < BEGAN
    assert timedelta(days=60) <= BEGAN - min(counts) < timedelta(days=61)


def test_the_sale_of_autumn_brings_many_and_the_days_after_it_more_than_usual() -> None:
    counts, sale = by_slot(), rhythm.autumn(BEGAN)

    def day(after: int) -> int:
        since = sale.starts_at + timedelta(days=after)
        return sum(counts[since + step * timedelta(minutes=30)] for step in range(28))

    assert day(0) > 1.8 * day(-7)
    assert sum(day(after) for after in (2, 3, 4)) > 1.15 * sum(
        day(after - 7) for after in (2, 3, 4)
    )


def test_people_sleep_at_night_and_ask_in_the_evening() -> None:
    by_hour: Counter[int] = Counter()
    for at, count in by_slot().items():
        by_hour[at.astimezone(rhythm.SHANGHAI).hour] += count

    assert by_hour[20] > 15 * by_hour[3]
