"""Canned replies: the order's own facts in our own sentences, or no reply at all."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.desk.canned import FITS, Canned, canned, facts_of
from app.words.say import catalogue_of, keys
from orders_core.orders.order import Order
from orders_core.parcels.parcel import Parcel, ParcelStatus
from tests.app.desk.stories import LATE, ORDER, PARCEL, SHIPPED

HANDED_OVER = replace(PARCEL, status=ParcelStatus.DELIVERED)
ALWAYS = {"looking", "thanks"}
OF_AN_ORDER = ALWAYS | {"refund", "photo"}


def offered(
    order: Order | None, *parcels: Parcel, language: str = "zh", locale: str = "zh"
) -> Mapping[str, Canned]:
    facts = facts_of(
        order, parcels, name="安娜", shop="小满杂货", language=language, zone="Asia/Shanghai"
    )
    found = canned(order, parcels, facts, language=language, locale=locale)
    return {one.name: one for one in found}


def test_every_reply_stands_in_the_catalogues_and_none_is_forgotten():
    listed = {f"canned.{name}.{part}" for name in FITS for part in ("title", "text")}

    assert {key for key in keys() if key.startswith("canned.")} == listed


def test_a_late_parcel_is_told_with_both_days():
    late = offered(SHIPPED, LATE, locale="en")["late"]

    assert late.title == "Parcel late, new day known"
    assert "SF1029384756" in late.text
    assert "原定 3月3日 送达，现预计 3月5日" in late.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_reply_has_a_gap(language: str):
    for parcel in (LATE, HANDED_OVER):
        for one in offered(SHIPPED, parcel, language=language).values():
            assert "{" not in one.text


@pytest.mark.parametrize(
    ("order", "parcels", "names"),
    [
        (None, (), ALWAYS),
        (ORDER, (), OF_AN_ORDER | {"not_shipped", "address"}),
        (SHIPPED, (), OF_AN_ORDER),
        (SHIPPED, (PARCEL,), OF_AN_ORDER | {"tracking"}),
        (SHIPPED, (LATE,), OF_AN_ORDER | {"tracking", "late"}),
        (SHIPPED, (HANDED_OVER,), OF_AN_ORDER | {"neighbours"}),
    ],
)
def test_only_what_is_true_of_the_order_is_offered(
    order: Order | None, parcels: tuple[Parcel, ...], names: set[str]
):
    assert set(offered(order, *parcels)) == names


def test_replies_name_the_same_facts_in_both_languages():
    for name in FITS:
        key = f"canned.{name}.text"
        zh, en = (catalogue_of(one).forms[key][0] for one in ("zh", "en"))
        assert sorted(part.split("}")[0] for part in zh.split("{")[1:]) == sorted(
            part.split("}")[0] for part in en.split("{")[1:]
        )
