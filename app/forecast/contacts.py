"""Contacts: each time a person writes to the shop, wherever they do, and what about."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from app.forecast import contacts_store
from ml.answers.intents import Intent
from ml.load.slots import SLOT
from orders_core.ids import PersonId
from orders_core.tx import Tx

UNKNOWN = "other"  #: the group of a contact of which nobody knows what it is about

#: What is forecast apart, by what makes people write: an order under way, a parcel that went wrong
#: or came with a fault, goods and money that go back, buying to come, paying. All else is `other`.
GROUP_OF: Mapping[Intent, str] = MappingProxyType(
    {
        Intent.WHERE: "where",
        Intent.WHEN_SHIPS: "where",
        Intent.WHEN_ARRIVES: "where",
        Intent.SPLIT_ORDER: "where",
        Intent.TRACKING_STUCK: "delivery",
        Intent.DELIVERED_NOT_RECEIVED: "delivery",
        Intent.PICKUP_CODE: "delivery",
        Intent.CHANGE_ADDRESS: "delivery",
        Intent.MISSING_ITEM: "delivery",
        Intent.WRONG_ITEM: "delivery",
        Intent.DAMAGED: "delivery",
        Intent.CANCEL: "return",
        Intent.REFUND_WHERE: "return",
        Intent.REFUND_HOW_LONG: "return",
        Intent.RETURN_HOW: "return",
        Intent.RETURN_STATUS: "return",
        Intent.EXCHANGE: "return",
        Intent.QUALITY: "return",
        Intent.STOCK_WHEN: "presale",
        Intent.OPENING_HOURS: "presale",
        Intent.PAID_BUT_SHOWS_UNPAID: "payment",
        Intent.PAYMENT_FAILED: "payment",
        Intent.PREORDER_BALANCE: "payment",
        Intent.PRICE_PROTECTION: "payment",
        Intent.COUPON_NOT_APPLIED: "payment",
        Intent.INVOICE: "payment",
        Intent.CHANGE_ITEM: "other",
        Intent.POINTS: "other",
        Intent.UNSUBSCRIBE: "other",
        Intent.COMPLAINT: "other",
        Intent.HUMAN: "other",
        Intent.THANKS: "other",
        Intent.OTHER: "other",
    }
)


def heard(
    tx: Tx,
    *,
    at: datetime,
    how: str,
    about: Intent | None = None,
    person_id: PersonId | None = None,
    answered: bool = False,
) -> None:
    """Record that somebody wrote to the shop at a business time.

    `how` names the door (`order_page`, `api`, `desk`, …); `about` is what they want, where that is
    known; `answered` says that no person had to answer, so that a plan rosters nobody for it.
    """
    group = GROUP_OF[about] if about else UNKNOWN
    contacts_store.add(tx, at=at, how=how, about=group, person_id=person_id, answered=answered)


def halves(hour: datetime, contacts: int) -> Mapping[datetime, int]:
    """Part an hour's contacts into its half hours; the first takes the odd one, so sums stay."""
    return {hour: contacts - contacts // 2, hour + SLOT: contacts // 2}
