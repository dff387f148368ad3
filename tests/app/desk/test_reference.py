"""Which orders a text names, and what looks like a number and names none."""

import pytest

from app.desk.reading import normal
from app.desk.reference import MOST_TOKENS, Mentioned, mentioned

OUR_ID = "ord_01kaqh3m2xf0t8w1v5y7z9b3cd"


def names(text: str) -> Mentioned:
    return mentioned(normal(text))


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("100001", "100001"),
        ("订单100001到哪了", "100001"),
        ("订单号：１００００１", "100001"),
        (f"{OUR_ID.upper()} 到哪了", OUR_ID),
        ("where is order #1001", "1001"),
        ("order number 1001", "1001"),
        ("order no. 77-2", "77-2"),
        ("订单号是1001", "1001"),
        ("T-20261122-0117 呢", "t-20261122-0117"),
        ("SF1029384756到哪了", "sf1029384756"),
        ("e481f51cbdc54678b7cc49136f2d6af7", "e481f51cbdc54678b7cc49136f2d6af7"),
        ("运单 YT88", "yt88"),
        ("订单号 100 017 到哪了", "100017"),
        ("顺丰SF1029384756012", "sf1029384756012"),
    ],
)
def test_what_surely_names_an_order_is_found(text: str, sure: str):
    assert names(text).sure == (sure,)


@pytest.mark.parametrize(
    "text",
    [
        "13800138000 的订单",
        "我手机尾号8000",
        "手机号 138-0013-8000",
        "phone number 600123",
        "the card ending in 4242",
        "后四位是 8000",
        "11:30 下的单",
        "3天了",
        "买了2个",
        "扣了100017元",
        "charged 100017 dollars",
    ],
)
def test_phones_tails_and_times_name_no_order(text: str):
    assert names(text) == Mentioned()


@pytest.mark.parametrize("text", ["2026-11-11 下的单", "20261111 下的单", "iphone15 到哪了"])
def test_what_may_be_something_else_names_an_order_only_perhaps(text: str):
    found = names(text)

    assert found.sure == ()
    assert len(found.perhaps) == 1


def test_a_number_with_dashes_is_looked_for_with_and_without_them():
    found = names("订单号 100-017")

    assert (found.sure, found.perhaps) == (("100-017",), ("100017",))


def test_what_belongs_to_a_tax_number_is_not_surely_an_order():
    assert names("税号 91310000MA1FL8XQ30").sure == ()


def test_an_order_named_twice_is_named_once():
    assert names("100001 100001").sure == ("100001",)


def test_a_text_full_of_numbers_names_so_many_and_no_more():
    text = " ".join(str(100_000 + number) for number in range(200))

    assert len(names(text).sure) == MOST_TOKENS
