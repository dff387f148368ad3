"""The catalogue is data that agrees with itself and with what an order can do."""

import pytest

from app.hub.catalogue import (
    LANES,
    NOTICES,
    TOLD_BY_STATUS,
    Collapse,
    Kind,
    Notice,
    UnknownNotice,
    find,
)
from app.hub.gifts import FOR_RECEIVER
from app.hub.react import TOLD_BY_EVENT
from app.hub.told_facts import FORMS
from app.inbox.item import GIFTS
from app.people.choices import BELLS, ChannelName
from orders_core.orders.order import OrderStatus
from tests.moving import following


def later(status: OrderStatus) -> set[OrderStatus]:
    """Return every state that an order may reach from one."""
    reached = set(following(status))
    for after in following(status):
        reached |= later(after)
    return reached


def test_every_state_of_an_order_is_told():
    assert set(TOLD_BY_STATUS) == set(OrderStatus)


@pytest.mark.parametrize("status", OrderStatus)
def test_news_of_a_state_is_old_news_in_every_state_that_can_follow(status: OrderStatus):
    told = TOLD_BY_STATUS[status]

    assert told.untrue_once >= later(status)
    assert status not in told.untrue_once


@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES)
def test_every_notice_but_a_code_reaches_the_inbox_and_all_can_ring(notice: Notice):
    is_code = notice.kind is Kind.SECURITY
    assert (notice.channels[0] is ChannelName.INAPP) is not is_code
    assert BELLS & set(notice.channels)
    assert notice.ttl.total_seconds() > 0


def test_only_marketing_is_capped_and_it_travels_last():
    capped = {notice.name for notice in NOTICES.values() if notice.is_capped}

    assert capped == {"announcement", "price_drop", "cart_left", "coupon_expiring"}
    assert LANES[Kind.MARKETING] == max(LANES.values())
    assert find("order_paid").lane == 1


def test_a_normal_order_pushes_three_times_at_most():
    story = ["order_placed", "order_paid", "order_shipped", "out_for_delivery", "order_delivered"]

    pushes = [name for name in story if ChannelName.PUSH in NOTICES[name].channels]

    assert pushes == ["order_paid", "out_for_delivery", "order_delivered"]


def test_an_unknown_notice_names_the_known():
    with pytest.raises(UnknownNotice, match="address_changed, announcement"):
        find("order_payed")


def test_there_are_forty_of_them_and_the_digest_that_gathers_them():
    assert len(NOTICES) == 40 + 1


@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES)
def test_what_whoever_receives_a_gift_hears_is_named_so(notice: Notice):
    assert notice.for_receiver is (notice in FOR_RECEIVER.values())
    assert notice.for_receiver is notice.name.startswith(GIFTS)


@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES)
def test_what_is_told_by_hand_is_what_no_event_tells(notice: Notice):
    by_event = {*TOLD_BY_EVENT.values(), *FOR_RECEIVER.values()}
    by_rooms = {"case_received", "case_answered", "security_code", "order_delayed", "digest"}
    by_rooms |= {"contact_changed"}

    assert notice.by_hand is (notice not in by_event and notice.name not in by_rooms)


@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES)
def test_every_fact_that_is_asked_for_has_a_form_and_is_asked_of_hands_only(notice: Notice):
    assert {*notice.asks, *notice.may} <= set(FORMS)
    assert notice.by_hand or not notice.asks


def test_no_line_of_one_order_stands_in_the_place_of_anothers():
    once = {one.name for one in NOTICES.values() if one.collapse is Collapse.ORDER}

    assert once <= {one.name for one in NOTICES.values() if one.kind is Kind.ORDER}
    assert {one.name for one in NOTICES.values() if one.collapse is Collapse.NEVER} == {
        "announcement",
        "case_answered",
        "case_received",
        "contact_changed",
        "digest",
        "security_code",
    }
