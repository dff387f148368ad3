"""Wide and narrow choices: the narrower holds, whenever it was said; the shop may lock a cell."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hub.policy import read_policy
from app.people import store
from app.people.choice_store import (
    ChoiceLocked,
    choices_of,
    choose,
    choose_widely,
    consents_of,
    grid_of,
    said_by,
)
from app.people.choices import Category, ChannelName
from app.people.levels import ANY, OWN, Cell, Level, Ruled, ShopWish, covered, ruled
from app.people.person import Profile
from app.people.shop_wishes import shop_wishes
from app.people.unsubscribe import unsubscribe
from app.rules import rule, standard
from app.settings import Settings
from orders_core.ids import PersonId
from orders_core.tx import Tx
from tests.app.hub.stage import enter, queued, tell, wish
from tests.cast import ANA
from tests.shop import MORNING

CELLS = st.tuples(st.sampled_from([*Category, ANY]), st.sampled_from([*ChannelName, ANY]))
LATER = MORNING + timedelta(hours=1)
DELIVERY_SMS = (Category.DELIVERY, ChannelName.SMS)
THERE: Cell = DELIVERY_SMS


@pytest.fixture
def ana(tx: Tx) -> PersonId:
    [person_id] = store.upsert(
        tx, [Profile(reference="c-1")], locale="zh", zone="Asia/Shanghai", now=MORNING
    )
    return person_id


def say(tx: Tx, who: PersonId, choices: dict[Cell, bool | None]) -> None:
    choose(tx, who, choices, source="test", now=MORNING)


def publish(tx: Tx, rows: str) -> None:
    """Put rows before the standard ones of the table `preferences`, and let them rule."""
    head, mark, rest = (standard.sheet_of("preferences") or "").partition("rule,")
    saved = rule.save(tx, head + rows + mark + rest, by="mia", why="test", now=MORNING)
    rule.publish(tx, "preferences", saved.version)


@given(said=st.dictionaries(CELLS, st.booleans()), cell=CELLS)
def test_the_narrowest_that_fits_holds_whatever_else_was_said(
    said: dict[Cell, bool], cell: Cell
) -> None:
    category, channel = cell
    fitting = [
        (about, on) for about, on in said if about in {category, ANY} and on in {channel, ANY}
    ]
    narrowest = min(fitting, key=lambda one: (one[0] == ANY, one[1] == ANY), default=None)

    found = ruled(said, {}, category, channel)

    assert found.wanted is (said[narrowest] if narrowest else True)
    assert found.is_own is (narrowest is not None)


@given(said=st.dictionaries(CELLS, st.booleans()), wanted=st.booleans(), locked=st.booleans())
def test_the_shop_is_heard_only_where_nothing_was_said(
    said: dict[Cell, bool], *, wanted: bool, locked: bool
) -> None:
    shop = {THERE: ShopWish(wanted, locked)}

    for category, channel in product(Category, ChannelName):
        found = ruled(said, shop, category, channel)
        alone = ruled(said, {}, category, channel)
        if (category, channel) == DELIVERY_SMS and alone.level is Level.SYSTEM:
            assert found == Ruled(wanted, Level.LOCK if locked else Level.SHOP)
        else:
            assert found == alone


def test_a_wide_choice_lies_over_the_narrower_ones() -> None:
    said = {("orders", "sms"): True, ("orders", ANY): True, (ANY, "sms"): True, (ANY, ANY): True}

    assert set(covered((ANY, ANY), said)) == set(said) - {(ANY, ANY)}
    assert covered(("orders", ANY), said) == [("orders", "sms")]
    assert covered((ANY, "sms"), said) == [("orders", "sms")]
    assert covered(("orders", "sms"), said) == []


def test_what_is_said_of_everything_holds_but_for_what_is_said_narrowly(
    tx: Tx, ana: PersonId
) -> None:
    say(tx, ana, {(ANY, ANY): False, ("delivery", ANY): True, ("delivery", "sms"): False})

    wanted = {cell for cell, is_on in choices_of(tx, ana).items() if is_on}
    assert wanted == {(Category.DELIVERY, on) for on in ChannelName if on is not ChannelName.SMS}
    assert grid_of(tx, ana)[Category.ORDERS, ChannelName.EMAIL].level is Level.EVERYTHING


def test_what_is_taken_back_was_never_said(tx: Tx, ana: PersonId) -> None:
    say(tx, ana, {DELIVERY_SMS: False, (ANY, "email"): False})

    say(tx, ana, {DELIVERY_SMS: None})

    assert said_by(tx, ana) == {(ANY, "email"): False}
    assert grid_of(tx, ana)[DELIVERY_SMS] == Ruled(wanted=True, level=Level.SYSTEM)


def test_a_wide_choice_on_the_page_takes_the_place_of_the_narrow_ones(
    tx: Tx, ana: PersonId
) -> None:
    say(tx, ana, {DELIVERY_SMS: True, ("orders", "sms"): True, ("orders", "email"): False})

    choose_widely(tx, ana, (ANY, "sms"), wanted=False, source="test", now=LATER)

    assert said_by(tx, ana) == {(ANY, "sms"): False, ("orders", "email"): False}


@pytest.mark.parametrize(
    ("cell", "agreed"),
    [
        (("offers", ANY), {"inapp", "email", "push", "sms"}),
        (("offers", "email"), {"email"}),
        ((ANY, ANY), set()),
        ((ANY, "email"), set()),
    ],
)
def test_only_who_asks_for_offers_agrees_to_advertising(
    tx: Tx, ana: PersonId, cell: Cell, agreed: set[str]
) -> None:
    say(tx, ana, {cell: True})

    assert {one.channel for one in consents_of(tx, ana) if one.granted} == agreed
    offers = {on for on in ChannelName if choices_of(tx, ana)[Category.OFFERS, on]}
    assert offers == agreed


def test_a_default_of_the_shop_shows_where_nothing_was_said(tx: Tx, ana: PersonId) -> None:
    publish(tx, "rule,delivery,sms,no,no,an SMS costs\n")

    assert grid_of(tx, ana)[DELIVERY_SMS] == Ruled(wanted=False, level=Level.SHOP)
    say(tx, ana, {DELIVERY_SMS: True})
    assert grid_of(tx, ana)[DELIVERY_SMS] == Ruled(wanted=True, level=Level.CELL)


def test_what_the_shop_locked_cannot_be_chosen_and_nothing_else_is_written(
    tx: Tx, ana: PersonId
) -> None:
    publish(tx, "rule,delivery,sms,no,yes,an SMS costs\n")

    with pytest.raises(ChoiceLocked, match=r"delivery\.sms"):
        say(tx, ana, {DELIVERY_SMS: True, ("orders", "sms"): False})

    assert said_by(tx, ana) == {}
    say(tx, ana, {("orders", "sms"): False})
    assert grid_of(tx, ana)[DELIVERY_SMS] == Ruled(wanted=False, level=Level.LOCK)


def test_what_was_said_before_the_lock_is_honoured_and_may_be_taken_back(
    tx: Tx, ana: PersonId
) -> None:
    say(tx, ana, {DELIVERY_SMS: True})
    publish(tx, "rule,delivery,sms,no,yes,an SMS costs\n")
    assert grid_of(tx, ana)[DELIVERY_SMS] == Ruled(wanted=True, level=Level.CELL)

    say(tx, ana, {DELIVERY_SMS: None})

    assert grid_of(tx, ana)[DELIVERY_SMS].level is Level.LOCK


def test_no_table_locks_advertising_on(tx: Tx) -> None:
    publish(tx, "rule,offers,-,yes,yes,everybody loves it\n")

    assert [cell for cell in shop_wishes(tx) if cell[3]] == []


def test_what_the_table_says_rules_the_next_decision(tx: Tx) -> None:
    enter(tx, ANA)
    publish(tx, "rule,delivery,sms,no,no,an SMS costs\n")
    bounds = shop_wishes(tx)

    assert bounds == (("delivery", "sms", False, False),)
    assert {Level.CELL, Level.CATEGORY, Level.CHANNEL, Level.EVERYTHING} == OWN
    assert tell(tx, wish(ANA, "order_shipped"))[0].verdict.word == "send"
    policy = read_policy(tx, Settings(mode="test"))
    [told] = tell(tx, wish(ANA, "out_for_delivery", dispatch="again"), policy=policy)
    assert {row.channel for row in queued(tx) if row.verdict_id == told.id} == {"inapp", "push"}


def test_nobody_is_kept_from_leaving_by_a_lock(tx: Tx, ana: PersonId) -> None:
    publish(tx, "rule,delivery,email,yes,yes,everybody reads it\n")

    assert unsubscribe(tx, ana, Category.DELIVERY, now=LATER)

    found = grid_of(tx, ana)[Category.DELIVERY, ChannelName.EMAIL]
    assert found == Ruled(wanted=False, level=Level.CELL)
