"""The past: invented, seeded, shaped like a shop's weeks, and over before the story begins."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.demo import crowd, history, rhythm, story
from app.demo.history import Told
from app.people.person import check_email, check_locale, check_phone, check_zone

BEGAN = datetime(2026, 11, 10, 11, 52, tzinfo=UTC)
ORDERS, PEOPLE = 5_000, 8_000


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return list(history.orders(BEGAN, seed=7, count=ORDERS, people=PEOPLE))


def data(one: Told) -> dict[str, Any]:
    return dict(one.event["data"])


def placed_at(one: Told) -> datetime:
    return datetime.fromisoformat(data(one)["placed_at"])


def everybody() -> list[dict[str, Any]]:
    some = [crowd.batch(number, seed=crowd.SEED, size=1_200) for number in range(3)]
    return [one for batch in some for one in batch]


def test_everybody_can_be_written_to_and_nobody_is_real() -> None:
    people = [*everybody(), *(member.body() for member in story.MEMBERS)]

    assert len({one["reference"] for one in people}) == 1_200 + len(story.MEMBERS)
    assert {check_locale(one["locale"]) for one in people} == {"zh", "en"}
    assert len({check_zone(one["zone"]) for one in people}) > 10
    addresses = [check_email(one["email"]) for one in people if "email" in one]
    assert all(address.endswith("@shopper.example") for address in addresses)
    phones = [check_phone(one["phone"], region=None) for one in people if "phone" in one]
    assert len(phones) > 50
    assert all(phone[5:10] == "55501" for phone in phones)


def test_people_of_eight_kinds_have_what_makes_their_story() -> None:
    kinds = story.BY_REFERENCE

    assert not kinds[story.CAPPED].has_email
    assert kinds[story.CAPPED].phone
    assert len(story.ANNOUNCEMENTS) == 3
    assert [who for who, _ in story.QUESTIONS].count(story.ANGRY) == 2
    assert kinds[story.LISBON].zone == "Europe/Lisbon"
    assert kinds[story.TOKYO].silenced == story.BELLS
    assert kinds[story.REFUSED].refused == story.BELLS
    assert kinds[story.KATHMANDU].zone == "Asia/Kathmandu"
    assert story.BANK in kinds
    assert story.LATE_NEWS.expected_hours_ahead


def test_the_same_seed_tells_the_same_past(told: list[Told]) -> None:
    again = history.orders(BEGAN, seed=7, count=ORDERS, people=PEOPLE)
    other = history.orders(BEGAN, seed=8, count=ORDERS, people=PEOPLE)

    assert told == again
    assert [one.event for one in told[:50]] != [one.event for one in other[:50]]


def test_about_as_many_orders_are_told_as_asked_each_under_its_own_name(told: list[Told]) -> None:
    assert 0.95 * ORDERS < len(told) < 1.05 * ORDERS
    assert len({one.reference for one in told}) == len(told)


def test_everything_happened_in_the_sixty_days_before_in_its_order(told: list[Told]) -> None:
    for one in told:
        known = data(one)
        steps = ("placed_at", "paid_at", "shipped_at", "delivered_at")
        times = [datetime.fromisoformat(known[name]) for name in steps if name in known]
        assert BEGAN - timedelta(days=61) <= times[0]
        assert times == sorted(times)
        assert datetime.fromisoformat(known["occurred_at"]) <= BEGAN


def test_most_arrived_some_were_called_off_and_some_are_on_their_way(told: list[Told]) -> None:
    shares = Counter(data(one)["status"] for one in told)

    assert shares["delivered"] > 0.8 * len(told)
    assert 0.04 < shares["cancelled"] / len(told) < 0.1
    assert shares["shipped"] > 0
    assert all(bool(one.parcel) == (data(one)["status"] == "shipped") for one in told)
    late = [scan for one in told for scan in one.scans if "expected_at" in scan]
    assert 0 < len(late) < shares["shipped"]


def test_evenings_and_saturdays_are_busy_and_the_autumn_sale_is_the_busiest_day(
    told: list[Told],
) -> None:
    local = [placed_at(one).astimezone(rhythm.SHANGHAI) for one in told]
    by_hour, by_day = Counter(at.hour for at in local), Counter(at.date() for at in local)
    by_weekday = Counter(
        at.weekday() for at in local if at.date() != rhythm.autumn(BEGAN).starts_at.date()
    )

    assert by_hour[21] > 5 * by_hour[4]
    assert by_weekday[5] > by_weekday[1]
    assert by_day.most_common(1)[0][0] == rhythm.autumn(BEGAN).starts_at.date()


def test_tonights_doors_open_at_eight_in_shanghai_whatever_the_day() -> None:
    late = BEGAN + timedelta(hours=5)

    assert rhythm.tonight(BEGAN).starts_at == datetime(2026, 11, 10, 12, tzinfo=UTC)
    assert rhythm.tonight(late).starts_at == datetime(2026, 11, 11, 12, tzinfo=UTC)
    assert rhythm.tonight(BEGAN).ends_at - rhythm.tonight(BEGAN).starts_at == timedelta(hours=4)


def test_somebody_is_on_shift_at_every_hour() -> None:
    assert all(one["people"] > 0 for one in rhythm.roster(BEGAN))
