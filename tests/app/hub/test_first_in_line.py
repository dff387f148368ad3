"""What lies first in an inbox: codes, and what is asked of the person, until they read it."""

from typing import cast

import pytest

from app.db.transaction import begin
from app.hub.catalogue import NOTICES
from app.hub.digest import ASKING
from app.hub.variables import WAITS_FOR_THEM
from app.inbox import store as inbox
from app.jobs.lanes import Lane
from app.messages.capture import InboxRecord
from app.messages.message import Claimed
from app.subscribers.drain import renderer
from app.templating.samples import sample
from orders_core.ids import PersonId
from orders_core.tx import Tx
from tests.app.hub.stage import enter, queued, tell, wish
from tests.cast import ANA
from tests.shop import Shop


def put(shop: Shop, tx: Tx, notice: str) -> None:
    """Write the inbox line of a notice, as delivery does."""
    tell(tx, wish(ANA, notice, dispatch=notice, variables=sample(notice, "en")))
    [row] = [one for one in queued(tx) if one.notice == notice and one.channel == "inapp"]
    line = cast(Claimed, row)  # the columns of a row are the fields of what a worker holds
    words = renderer().render(notice, "inapp", "en", line.variables)
    InboxRecord(shop.engine, shop.clock).keep(tx, [(line, words)])


@pytest.mark.parametrize(
    ("notice", "is_urgent"),
    [
        ("pickup_ready", True),
        ("payment_failed", True),
        ("order_paid", False),
        ("announcement", False),
    ],
)
def test_what_is_asked_of_a_person_lies_first(shop: Shop, notice: str, *, is_urgent: bool) -> None:
    with begin(shop.engine) as tx:
        enter(tx, ANA)
        put(shop, tx, notice)
        [line] = inbox.page(tx, PersonId(ANA.person_id))

    assert line.is_urgent is is_urgent


def test_what_waits_for_somebody_is_in_the_catalogue() -> None:
    assert ASKING < WAITS_FOR_THEM <= NOTICES.keys()
    assert all(NOTICES[name].lane > Lane.SECURITY for name in WAITS_FOR_THEM)
