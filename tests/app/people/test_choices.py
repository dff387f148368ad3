"""What people agreed to and chose: the later word counts, and leaving is always possible."""

from datetime import datetime, timedelta

import pytest

from app.people import store
from app.people.choice_store import choices_of, choose, consents_of, grant
from app.people.choices import Category, ChannelName
from app.people.person import Consent, Profile
from app.people.unsubscribe import ONE_CLICK, unsubscribe
from orders_core.errors import NotFound
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx
from tests.shop import MORNING

EMAIL, PUSH = ChannelName.EMAIL, ChannelName.PUSH
ORDERS, OFFERS = Category.ORDERS, Category.OFFERS
LATER = MORNING + timedelta(hours=1)


@pytest.fixture
def ana(tx: Tx) -> PersonId:
    [person_id] = store.upsert(
        tx, [Profile(reference="c-1")], locale="zh", zone="Asia/Shanghai", now=MORNING
    )
    return person_id


def agree(
    tx: Tx, who: PersonId, *, granted: bool = True, at: datetime = MORNING, source: str = "checkout"
) -> None:
    grant(tx, [(who, Consent(channel=EMAIL, granted=granted, source=source, at=at))])


def test_consent_is_kept_with_its_source_and_time(tx: Tx, ana: PersonId):
    agree(tx, ana)

    assert consents_of(tx, ana) == (
        Consent(channel=EMAIL, granted=True, source="checkout", at=MORNING),
    )


def test_of_two_words_about_consent_the_later_counts_whichever_comes_first(tx: Tx, ana: PersonId):
    agree(tx, ana, granted=False, at=LATER)
    agree(tx, ana, granted=True, at=MORNING)

    assert [given.granted for given in consents_of(tx, ana)] == [False]


def test_two_words_in_one_batch_leave_the_later(tx: Tx, ana: PersonId):
    words = [(LATER, False), (MORNING, True)]

    grant(
        tx,
        [
            (ana, Consent(channel=EMAIL, granted=granted, source="test", at=at))
            for at, granted in words
        ],
    )

    assert [given.granted for given in consents_of(tx, ana)] == [False]


def test_who_chose_nothing_hears_of_orders_and_of_no_offers(tx: Tx, ana: PersonId):
    grid = choices_of(tx, ana)

    assert len(grid) == len(Category) * len(ChannelName)
    assert {wanted for (about, _), wanted in grid.items() if about is not OFFERS} == {True}
    assert {wanted for (about, _), wanted in grid.items() if about is OFFERS} == {False}


def test_offers_are_on_where_they_were_agreed_to(tx: Tx, ana: PersonId):
    agree(tx, ana)

    assert choices_of(tx, ana)[OFFERS, EMAIL]
    assert not choices_of(tx, ana)[OFFERS, PUSH]


def test_a_choice_stays_until_another(tx: Tx, ana: PersonId):
    choose(tx, ana, {(ORDERS, EMAIL): False}, source="page", now=MORNING)
    assert not choices_of(tx, ana)[ORDERS, EMAIL]

    choose(tx, ana, {(ORDERS, EMAIL): True}, source="page", now=LATER)
    assert choices_of(tx, ana)[ORDERS, EMAIL]


def test_cells_that_are_not_named_stay(tx: Tx, ana: PersonId):
    choose(tx, ana, {(ORDERS, EMAIL): False}, source="page", now=MORNING)

    choose(tx, ana, {(ORDERS, PUSH): False}, source="page", now=MORNING)

    assert not choices_of(tx, ana)[ORDERS, EMAIL]


def test_choosing_offers_is_agreeing_to_them(tx: Tx, ana: PersonId):
    choose(tx, ana, {(OFFERS, PUSH): True}, source="page", now=MORNING)

    assert consents_of(tx, ana) == (Consent(channel=PUSH, granted=True, source="page", at=MORNING),)
    assert choices_of(tx, ana)[OFFERS, PUSH]


def test_choosing_news_of_orders_agrees_to_nothing(tx: Tx, ana: PersonId):
    choose(tx, ana, {(ORDERS, PUSH): True}, source="page", now=MORNING)

    assert consents_of(tx, ana) == ()


def test_one_click_ends_offers_by_email(tx: Tx, ana: PersonId):
    choose(tx, ana, {(OFFERS, EMAIL): True, (OFFERS, PUSH): True}, source="page", now=MORNING)

    assert unsubscribe(tx, ana, OFFERS, now=LATER)

    grid = choices_of(tx, ana)
    assert (grid[OFFERS, EMAIL], grid[OFFERS, PUSH]) == (False, True)
    assert next(c for c in consents_of(tx, ana) if c.channel is EMAIL).source == ONE_CLICK


def test_clicking_twice_is_clicking_once(tx: Tx, ana: PersonId):
    agree(tx, ana)

    assert unsubscribe(tx, ana, OFFERS, now=LATER)
    assert not unsubscribe(tx, ana, OFFERS, now=LATER)
    assert not choices_of(tx, ana)[OFFERS, EMAIL]


def test_agreement_that_the_shop_records_later_does_not_undo_it(tx: Tx, ana: PersonId):
    unsubscribe(tx, ana, OFFERS, now=MORNING)

    agree(tx, ana, at=LATER)

    assert not choices_of(tx, ana)[OFFERS, EMAIL]
    recipient = store.recipients(tx, [ana])[ana]
    assert recipient.preferences["offers", "email"] is False


def test_one_click_ends_its_own_category_only(tx: Tx, ana: PersonId):
    agree(tx, ana)

    unsubscribe(tx, ana, Category.DELIVERY, now=LATER)

    grid = choices_of(tx, ana)
    assert (grid[Category.DELIVERY, EMAIL], grid[OFFERS, EMAIL]) == (False, True)


def test_who_is_gone_cannot_leave(tx: Tx):
    with pytest.raises(NotFound):
        unsubscribe(tx, PersonId(new_id()), OFFERS, now=MORNING)


def test_a_decision_sees_what_was_agreed_and_chosen(tx: Tx, ana: PersonId):
    agree(tx, ana)
    choose(tx, ana, {(ORDERS, PUSH): False}, source="page", now=MORNING)

    recipient = store.recipients(tx, [ana])[ana]

    assert recipient.consents == {"email": True}
    assert recipient.preferences == {("orders", "push"): False}
