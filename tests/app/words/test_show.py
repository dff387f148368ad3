"""Times, money and addresses as people write them."""

from datetime import UTC, datetime, timedelta

import pytest

from app.words import show

AT = datetime(2026, 11, 22, 6, 5, 9, tzinfo=UTC)


def test_a_time_is_told_in_the_readers_zone_and_language() -> None:
    assert show.when("zh", AT, zone="Asia/Shanghai") == "11月22日 14:05"
    assert show.when("en", AT, zone="Europe/London") == "22 Nov, 06:05"
    assert show.moment("en", AT, zone="Asia/Tokyo") == "22 Nov, 15:05:09"
    assert (
        show.day("zh", datetime(2026, 11, 22, 17, 0, tzinfo=UTC), zone="Asia/Shanghai")
        == "11月23日"
    )


def test_money_has_the_decimals_of_its_currency() -> None:
    assert show.money("zh", 5990, "CNY") == "¥59.90"
    assert show.money("en", 1200, "JPY") == "¥1,200"


def test_a_span_is_told_in_its_largest_unit() -> None:
    assert show.span("en", 0.2) == "just now"
    assert show.span("en", 59) == "59 seconds"
    assert show.span("en", 7300) == "2 hours"
    assert show.span("zh", 180) == "3 分钟"


def test_a_time_is_also_told_as_seen_from_now() -> None:
    now = AT + timedelta(minutes=3)

    assert show.ago("en", AT, now=now) == "3 minutes ago"
    assert show.ago("zh", AT, now=now) == "3 分钟前"
    assert show.ago("en", now, now=AT) == "in 3 minutes"
    assert show.ago("zh", AT, now=AT + timedelta(seconds=4)) == "刚刚"


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("Asia/Shanghai", "上海", "Shanghai"),
        ("Europe/Lisbon", "里斯本", "Lisbon"),
        ("Asia/Kathmandu", "Kathmandu", "Kathmandu"),
        ("UTC", "UTC", "UTC"),
    ],
)
def test_a_zone_is_named_by_its_city(name: str, zh: str, en: str) -> None:
    assert (show.zone("zh", name), show.zone("en", name)) == (zh, en)


def test_numbers_have_their_thousands_apart() -> None:
    assert show.number("en", 1234567) == "1,234,567"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("lin@mail.example", "l•••@mail.example"),
        ("+8613812345678", "•••5678"),
        ("device-7", "•••"),
        ("", "•••"),
    ],
)
def test_an_address_is_shown_so_that_only_its_owner_knows_it(address: str, shown: str) -> None:
    assert show.masked(address) == shown
