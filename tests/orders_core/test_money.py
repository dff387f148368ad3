"""Money: whole minor units of a currency that exists."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders_core.errors import NotAnAmount, TooManyDecimals, UnknownCurrency
from orders_core.money import Money, check_currency


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("59.90", "CNY", 5990), ("5990", "JPY", 5990), ("1.234", "KWD", 1234), ("0", "EUR", 0)],
)
def test_a_price_becomes_the_currencys_own_smallest_unit(
    amount: str, currency: str, minor: int
) -> None:
    assert Money.parse(amount, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("amount", "currency"), [("0.001", "JPY"), ("1.5", "JPY"), ("9.999", "CNY")]
)
def test_an_amount_finer_than_the_smallest_unit_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(TooManyDecimals, match=f"more decimals than {currency}"):
        Money.parse(amount, currency)


@pytest.mark.parametrize("amount", ["Infinity", "-Infinity", "NaN", "abc", "", "1e400"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(NotAnAmount, match="is no amount"):
        Money.parse(amount, "CNY")


@pytest.mark.parametrize(
    ("code", "meant"), [("RMB", "CNY"), ("cny", "CNY"), ("EURO", "EUR"), ("USd", "USD")]
)
def test_an_unknown_currency_says_which_was_probably_meant(code: str, meant: str) -> None:
    with pytest.raises(UnknownCurrency, match=rf"did you mean {meant}\?"):
        check_currency(code)


def test_a_currency_like_no_other_gets_no_guess() -> None:
    with pytest.raises(UnknownCurrency, match=r"unknown currency '1234567'$"):
        check_currency("1234567")


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="JPY and CNY do not add up"):
        Money(1, "JPY") + Money(1, "CNY")


@given(st.integers(0, 10**15), st.sampled_from(["CNY", "JPY", "KWD"]))
def test_major_units_read_back_to_the_same_amount(minor: int, currency: str) -> None:
    amount = Money(minor, currency)

    assert Money.parse(str(amount.major), currency) == amount


def test_lines_add_and_multiply_exactly() -> None:
    assert Money(4_900, "CNY") * 3 + Money(1, "CNY") == Money(14_701, "CNY")
    assert Money(14_701, "CNY").major == Decimal("147.01")
