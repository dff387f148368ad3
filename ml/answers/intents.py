"""What people write to a shop about: the 33 intents the model tells apart, one sentence each."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Intent(StrEnum):
    """What somebody wants. Append only: trained models and stored readings name these."""

    WHERE = "where"
    WHEN_SHIPS = "when_ships"
    WHEN_ARRIVES = "when_arrives"
    TRACKING_STUCK = "tracking_stuck"
    DELIVERED_NOT_RECEIVED = "delivered_not_received"
    PICKUP_CODE = "pickup_code"
    CHANGE_ADDRESS = "change_address"
    CHANGE_ITEM = "change_item"
    CANCEL = "cancel"
    PAID_BUT_SHOWS_UNPAID = "paid_but_shows_unpaid"
    PAYMENT_FAILED = "payment_failed"
    PREORDER_BALANCE = "preorder_balance"
    REFUND_WHERE = "refund_where"
    REFUND_HOW_LONG = "refund_how_long"
    RETURN_HOW = "return_how"
    RETURN_STATUS = "return_status"
    EXCHANGE = "exchange"
    MISSING_ITEM = "missing_item"
    WRONG_ITEM = "wrong_item"
    DAMAGED = "damaged"
    QUALITY = "quality"
    PRICE_PROTECTION = "price_protection"
    COUPON_NOT_APPLIED = "coupon_not_applied"
    INVOICE = "invoice"
    STOCK_WHEN = "stock_when"
    SPLIT_ORDER = "split_order"
    POINTS = "points"
    UNSUBSCRIBE = "unsubscribe"
    OPENING_HOURS = "opening_hours"
    COMPLAINT = "complaint"
    HUMAN = "human"
    THANKS = "thanks"
    OTHER = "other"


#: What each intent is, and where it ends: who writes or labels utterances goes by these.
MEANING: Mapping[Intent, str] = MappingProxyType(
    {
        Intent.WHERE: "Where an order or parcel is now, or how it stands.",
        Intent.WHEN_SHIPS: "When an unshipped order leaves, whether it left, or a push to send it.",
        Intent.WHEN_ARRIVES: "On which day or at what time a parcel will be delivered.",
        Intent.TRACKING_STUCK: "The tracking has not moved or updated for a while.",
        Intent.DELIVERED_NOT_RECEIVED: "Marked delivered or signed for, yet nothing is in hand.",
        Intent.PICKUP_CODE: "Which code opens the locker or station, or it never came or fails.",
        Intent.CHANGE_ADDRESS: "A wish to change the address, recipient or phone of an order.",
        Intent.CHANGE_ITEM: "A wish to change size, colour, quantity or items before it ships.",
        Intent.CANCEL: "A wish to cancel an order, or whether a cancellation went through.",
        Intent.PAID_BUT_SHOWS_UNPAID: "Money was taken, yet the order still says unpaid.",
        Intent.PAYMENT_FAILED: "Paying does not work: declined, an error, a page that hangs.",
        Intent.PREORDER_BALANCE: "A pre-order's deposit or balance: how much, when, how to pay.",
        Intent.REFUND_WHERE: "A refund was promised or made: where the money is now.",
        Intent.REFUND_HOW_LONG: "How long a refund takes in general, before or without one.",
        Intent.RETURN_HOW: "How to send something back, whether one may, and who pays for it.",
        Intent.RETURN_STATUS: "A return is on its way: whether it arrived or was accepted.",
        Intent.EXCHANGE: "A wish to swap something received for another size, colour or piece.",
        Intent.MISSING_ITEM: "The parcel came, but part of what was ordered is not in it.",
        Intent.WRONG_ITEM: "The parcel came with something else than what was ordered.",
        Intent.DAMAGED: "It came broken, leaking, crushed or opened on the way.",
        Intent.QUALITY: "It came whole but is poor, faulty, spoilt or not as described.",
        Intent.PRICE_PROTECTION: "The price fell after buying: a wish to be paid the difference.",
        Intent.COUPON_NOT_APPLIED: "A coupon, code or discount does not work or was not taken off.",
        Intent.INVOICE: "An invoice or receipt: to get one, mend one, or have it sent again.",
        Intent.STOCK_WHEN: "Whether or when something sold out can be bought again.",
        Intent.SPLIT_ORDER: "Why one order comes in several parcels, or a wish to split it.",
        Intent.POINTS: "Loyalty points: how many, missing, expiring, how to spend them.",
        Intent.UNSUBSCRIBE: "A wish to get fewer or no messages.",
        Intent.OPENING_HOURS: "When the shop, warehouse or support is open.",
        Intent.COMPLAINT: "Anger or a complaint about the shop, courier or service as such.",
        Intent.HUMAN: "A wish to talk to a person instead of a machine.",
        Intent.THANKS: "Thanks, a greeting, or a word that all is well: nothing is wanted.",
        Intent.OTHER: "Anything else: talk, nonsense, other trades, questions no shop answers.",
    }
)
