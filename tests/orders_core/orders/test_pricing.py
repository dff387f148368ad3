"""What an order's goods cost."""

from datetime import timedelta

from orders_core.orders.pricing import Bill, Preorder, Tag, Tariff, bill
from orders_core.orders.refusals import MixedCurrencies, NoPrice, UnknownPriceList
from tests.buying import KIMONO, LAMP, MUG, TEA
from tests.shop import MORNING

RELEASE = MORNING + timedelta(days=7)
TAGS = {
    MUG: Tag(4_900, "CNY"),
    TEA: Tag(12_800, "CNY"),
    KIMONO: Tag(9_800, "JPY"),
    LAMP: Tag(19_900, "CNY", Preorder(RELEASE, 5_000)),
}
EUROPE = Tariff("EU", "EUR", is_default=True, prices={MUG: 690, KIMONO: 5_900, LAMP: 2_999})
MEMBERS = Tariff("MEMBERS", "CNY", is_default=False, prices={MUG: 3_900})
TARIFFS = {tariff.code: tariff for tariff in (EUROPE, MEMBERS)}


def priced(quantities: dict[str, int], **asked: str) -> Bill:
    found = bill(quantities, TAGS, tariffs=TARIFFS, **asked)
    assert isinstance(found, Bill), found
    return found


def test_without_a_word_each_sku_costs_its_own_price() -> None:
    assert priced({MUG: 3, TEA: 1}) == Bill({MUG: 4_900, TEA: 12_800}, 27_500, "CNY")


def test_one_order_is_paid_in_one_currency() -> None:
    refused = bill({MUG: 1, KIMONO: 1}, TAGS)

    assert isinstance(refused, MixedCurrencies)
    assert refused.currencies == ("CNY", "JPY")


def test_a_price_list_that_is_named_says_it_all() -> None:
    assert priced({MUG: 2, KIMONO: 1}, price_list="EU").total_minor == 7_280
    assert priced({MUG: 2}, price_list="MEMBERS") == Bill({MUG: 3_900}, 7_800, "CNY")


def test_a_list_that_is_named_does_not_fall_back_on_the_skus_own_price() -> None:
    refused = bill({MUG: 1, TEA: 1}, TAGS, price_list="MEMBERS", tariffs=TARIFFS)

    assert isinstance(refused, NoPrice)
    assert (refused.asked, refused.codes) == ("MEMBERS", (TEA,))
    assert str(refused) == "no price in MEMBERS for TEA"


def test_a_list_nobody_wrote_is_unknown() -> None:
    assert isinstance(bill({MUG: 1}, TAGS, price_list="MARS"), UnknownPriceList)


def test_a_currency_takes_its_default_list_and_the_skus_own_price_where_that_is_in_it() -> None:
    assert priced({MUG: 1}, currency="EUR").unit_minor == {MUG: 690}
    assert priced({MUG: 1, TEA: 1}, currency="CNY").unit_minor == {MUG: 4_900, TEA: 12_800}

    refused = bill({MUG: 1, TEA: 1}, TAGS, currency="EUR", tariffs=TARIFFS)

    assert isinstance(refused, NoPrice)
    assert (refused.asked, refused.codes) == ("EUR", (TEA,))


def test_a_pre_order_asks_for_its_deposits_and_for_all_of_what_is_there() -> None:
    found = priced({LAMP: 2, MUG: 1})

    assert (found.total_minor, found.deposit_minor) == (44_700, 2 * 5_000 + 4_900)
    assert found.balance_from == RELEASE


def test_a_deposit_in_another_currency_is_the_same_share_of_the_price_rounded_up() -> None:
    assert priced({LAMP: 1}, price_list="EU").deposit_minor == 754  # 2,999 x 5,000 / 19,900


def test_the_last_release_is_the_one_that_a_balance_waits_for() -> None:
    later = RELEASE + timedelta(days=1)
    tags = {MUG: Tag(900, "CNY", Preorder(later, 100)), LAMP: TAGS[LAMP]}

    found = bill({LAMP: 1, MUG: 1}, tags)

    assert isinstance(found, Bill)
    assert found.balance_from == later


def test_a_pre_order_without_a_deposit_is_paid_at_once() -> None:
    tags = {LAMP: Tag(19_900, "CNY", Preorder(RELEASE))}

    assert bill({LAMP: 1}, tags) == Bill({LAMP: 19_900}, 19_900, "CNY")


def test_a_deposit_that_is_the_whole_price_is_no_deposit() -> None:
    tags = {LAMP: Tag(4_000, "CNY", Preorder(RELEASE, 5_000))}

    assert bill({LAMP: 1}, tags) == Bill({LAMP: 4_000}, 4_000, "CNY")


def test_what_costs_nothing_asks_for_no_deposit() -> None:
    free = Tariff("FREE", "CNY", is_default=False, prices={LAMP: 0})

    found = bill({LAMP: 1}, TAGS, price_list="FREE", tariffs={"FREE": free})

    assert found == Bill({LAMP: 0}, 0, "CNY")
