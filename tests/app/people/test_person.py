"""What is said of a person is checked at the door, and refused with what was probably meant."""

import pytest

from app.people.person import (
    BadEmail,
    BadPhone,
    NotTextable,
    RegionNeeded,
    UnknownLocale,
    UnknownZone,
    check_email,
    check_locale,
    check_phone,
    check_zone,
)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("ana@mail.example", "ana@mail.example"),
        ("Ana.B@Mail.Example", "Ana.B@mail.example"),
        ("ana+shop@mail.example", "ana+shop@mail.example"),
        ("ana@bücher.de", "ana@xn--bcher-kva.de"),
        ("ana@例子.cn", "ana@xn--fsqu00a.cn"),
        ("a" * 64 + "@mail.example", "a" * 64 + "@mail.example"),
    ],
)
def test_an_address_that_mail_can_be_sent_to_is_kept(said: str, kept: str):
    assert check_email(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "a@b",
        "ana",
        "",
        "ana@",
        '"ana b"@mail.example',
        "ana@[192.0.2.1]",
        "a" * 65 + "@mail.example",
        "安娜@mail.example",
        "ana@localhost",
        "ana@mail.example\r\nBcc: all@mail.example",
        "ana@mail..example",
    ],
)
def test_an_address_that_cannot_work_is_refused(said: str):
    with pytest.raises(BadEmail):
        check_email(said)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("138 0013 8000", "+8613800138000"),
        ("+86 13800138000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("0086 13800138000", "+8613800138000"),
        ("+1 202-555-0123", "+12025550123"),
        ("+55 11 98765-4321", "+5511987654321"),
    ],
)
def test_a_mobile_number_is_kept_with_its_country(said: str, kept: str):
    assert check_phone(said, region="CN") == kept


def test_a_number_without_country_needs_a_region_to_assume():
    with pytest.raises(RegionNeeded):
        check_phone("13800138000", region=None)


@pytest.mark.parametrize(
    "said", ["010-62552288", "400-123-4567", "+442079460958", "+1 800 555 0199"]
)
def test_a_line_that_takes_no_sms_is_refused(said: str):
    with pytest.raises(NotTextable):
        check_phone(said, region="CN")


@pytest.mark.parametrize("said", ["", "abc", "12", "+86 138001380", "1.38E+10"])
def test_what_is_no_number_is_refused(said: str):
    with pytest.raises(BadPhone):
        check_phone(said, region="CN")


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Argentina/Ushuaia", "UTC"])
def test_a_zone_of_the_list_is_kept(zone: str):
    assert check_zone(zone) == zone


@pytest.mark.parametrize(
    ("zone", "meant"),
    [
        ("EST5", "America/New_York"),
        ("EST", "America/New_York"),
        ("Asia/Peking", "Asia/Shanghai"),
        ("Asia/Beijing", "Asia/Shanghai"),
        ("PRC", "Asia/Shanghai"),
        ("asia/shanghai", "Asia/Shanghai"),
        ("Tokyo", "Asia/Tokyo"),
        ("America/New York", "America/New_York"),
        ("Europe/Pariss", "Europe/Paris"),
        ("GMT+8", "Asia/Shanghai"),
    ],
)
def test_another_zone_is_refused_with_the_one_probably_meant(zone: str, meant: str):
    with pytest.raises(UnknownZone) as refused:
        check_zone(zone)

    assert refused.value.meant == meant
    assert meant in str(refused.value)


def test_a_zone_nothing_is_like_is_refused_without_a_guess():
    with pytest.raises(UnknownZone) as refused:
        check_zone("!!")

    assert refused.value.meant is None


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh", "zh"), ("zh-CN", "zh"), ("zh_Hans_CN", "zh"), ("EN", "en"), ("en-GB", "en")],
)
def test_any_tag_of_our_languages_is_taken(locale: str, language: str):
    assert check_locale(locale) == language


@pytest.mark.parametrize(("locale", "meant"), [("cn", "zh"), ("chinese", "zh"), ("fr", None)])
def test_another_language_is_refused(locale: str, meant: str | None):
    with pytest.raises(UnknownLocale) as refused:
        check_locale(locale)

    assert refused.value.meant == meant
