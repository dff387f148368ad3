"""Offers that are refused just while a digest closes, or is asked again, are not in it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import pytest

from app.db.transaction import begin
from app.hub.wish import Wish
from app.people import history_store
from app.people.choices import Category
from app.people.recipient import Recipient
from app.people.unsubscribe import unsubscribe
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx
from tests.app.hub.stage import enter, tell
from tests.app.hub.test_digest_again import HEED, OFFER, again, wait_until, waiting_digest
from tests.app.hub.test_digests import EVENING, READER, close_due, fell_out, letters, news
from tests.shop import Shop
from tests.together import together
from tests.waiting import behind

ROUNDS = 12


def mixed(who: Recipient) -> Sequence[Wish]:
    return news(who, "a"), news(who, "b"), news(who, "c", **OFFER)


def refuse_offers(tx: Tx, who: Recipient = READER) -> int:
    """Do what a click on the way out of offers does, in its one transaction."""
    history_store.take_turns(tx, who.person_id)
    unsubscribe(tx, who.person_id, Category.OFFERS, now=EVENING)
    return HEED(tx, [who.person_id], EVENING)


def commit(shop: Shop, work: Callable[[Tx], int]) -> int:
    with begin(shop.engine) as tx:
        return work(tx)


def make_wait(tx: Tx) -> None:
    close_due(tx)
    wait_until(tx)


def nothing(_: Tx) -> None:
    """Leave the digest open."""


def totals(tx: Tx) -> list[int]:
    return [letter.variables["total"] for letter in letters(tx)]


def test_a_digest_that_closes_meanwhile_is_found_by_who_says_no(shop: Shop):
    with begin(shop.engine) as tx:
        enter(tx, READER)
        tell(tx, *mixed(READER))

    behind(shop, close_due, refuse_offers)

    with begin(shop.engine) as tx:
        assert totals(tx) == [2]
        assert "no_consent" in fell_out(tx)


def test_a_digest_closes_by_what_was_said_just_before(shop: Shop):
    with begin(shop.engine) as tx:
        enter(tx, READER)
        tell(tx, *mixed(READER))

    behind(shop, refuse_offers, close_due)

    with begin(shop.engine) as tx:
        assert totals(tx) == [2]
        assert "no_consent" in fell_out(tx)


def test_a_digest_that_is_asked_again_meanwhile_is_found_by_who_says_no(shop: Shop):
    with begin(shop.engine) as tx:
        waiting_digest(tx, *mixed(READER))

    behind(shop, again, refuse_offers)

    with begin(shop.engine) as tx:
        assert totals(tx) == [2]


def test_whose_mind_is_being_changed_is_asked_in_the_next_round(shop: Shop):
    with begin(shop.engine) as tx:
        waiting_digest(tx, *mixed(READER))

    with begin(shop.engine) as one:
        history_store.take_turns(one, READER.person_id)
        with begin(shop.engine) as other:
            assert again(other) == 0
        refuse_offers(one)

    with begin(shop.engine) as tx:
        assert again(tx) == 1
        assert totals(tx) == [2]


def test_other_messages_are_let_go_beside_a_change_of_mind(shop: Shop):
    with begin(shop.engine) as tx:
        waiting_digest(tx, *mixed(READER))
        tell(tx, news(READER, "z", notice="case_answered"))
        wait_until(tx)

    with begin(shop.engine) as one:
        history_store.take_turns(one, READER.person_id)
        with begin(shop.engine) as other:
            assert again(other) == 1


@pytest.mark.parametrize(("first", "then"), [(nothing, close_due), (make_wait, again)])
def test_however_they_meet_no_refused_offer_is_left_in_a_digest(
    shop: Shop,
    first: Callable[[Tx], object],
    then: Callable[[Tx], int],
):
    """What is left alone beside a change of mind is asked in the next round, before it leaves."""
    for number in range(ROUNDS):
        reader = replace(READER, person_id=PersonId(new_id()), name=f"Reader {number}")
        with begin(shop.engine) as tx:
            enter(tx, reader)
            tell(tx, *mixed(reader))
            first(tx)

        together(
            partial(commit, shop, partial(refuse_offers, who=reader)),
            partial(commit, shop, then),
        )

    with begin(shop.engine) as tx:
        again(tx)
        assert totals(tx) == [2] * ROUNDS
