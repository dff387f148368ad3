"""Lengths of SMS and wall times, as the devices show them."""

from datetime import UTC, datetime, timedelta

from app.tower.telling import clock_of, day_of, length_of, stamp_of

EVE = datetime(2026, 11, 10, 11, 52, tzinfo=UTC)


def test_a_long_sms_says_in_how_many_parts_it_goes():
    assert length_of("zh", "到" * 71) == "71 字，分 2 段"
    assert length_of("en", "on its way") == "10 of 160 characters"


def test_a_phone_shows_the_time_of_where_its_owner_lives():
    assert clock_of(EVE, "Asia/Shanghai") == "19:52"
    assert clock_of(EVE, "Asia/Kathmandu") == "17:37"
    assert day_of("zh", EVE, "Asia/Shanghai") == "11月10日 星期二"


def test_what_came_on_another_day_says_the_day():
    later = EVE + timedelta(hours=9)

    assert stamp_of("en", EVE, EVE, "Asia/Shanghai") == "19:52"
    assert stamp_of("en", later, EVE, "Asia/Shanghai") == "10 Nov"
    assert stamp_of("zh", later, EVE, "America/New_York") == "06:52"
