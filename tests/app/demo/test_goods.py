"""The goods: forty, eight with a story and a picture of our own, and one umbrella for the doors."""

from app.demo.goods import (
    BASKET,
    BY_CODE,
    DOOR_UNITS,
    EVERYDAY,
    GOODS,
    PICTURES,
    SHORT_BY,
    STORIED,
    UMBRELLA,
)
from app.demo.story import BASKETS_WANTED
from orders_core.catalog.picture import SVG, read_picture
from orders_core.catalog.sku import canonical

MOST_PICTURE_BYTES = 4 * 1024


def test_goods_are_forty_with_a_name_of_their_own_in_both_languages() -> None:
    assert len({good.code for good in GOODS}) == 40
    assert len({good.title_zh for good in GOODS}) == len({good.title_en for good in GOODS}) == 40
    assert all(good.code == canonical(good.code) for good in GOODS)
    assert {good.currency for good in GOODS} == {"CNY", "EUR"}


def test_eight_have_a_picture_that_the_shop_takes_and_that_is_small() -> None:
    drawn = {path.stem: path.read_bytes() for path in PICTURES.glob("*.svg")}

    assert len(drawn) == 8
    assert {good.picture for good in STORIED} == set(drawn)
    assert all(read_picture(content).media_type == SVG for content in drawn.values())
    assert max(map(len, drawn.values())) <= MOST_PICTURE_BYTES


def test_there_are_a_thousand_umbrellas_and_no_customer_of_every_day_buys_one() -> None:
    assert BY_CODE[UMBRELLA].units == DOOR_UNITS == 1_000
    assert UMBRELLA not in {good.code for good in EVERYDAY}


def test_the_baskets_that_are_promised_are_three_more_than_there_are() -> None:
    promised = sum(quantity for _, quantity in BASKETS_WANTED)

    assert promised - BY_CODE[BASKET].units == SHORT_BY == BY_CODE[BASKET].oversold
