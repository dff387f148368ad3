"""What English asks beside how an order stands: narrow words, so that silence stays the rule."""

import re
from collections.abc import Mapping
from re import Pattern

from ml.answers.intents import Intent


def _any(*ways: str) -> Pattern[str]:
    return re.compile("|".join(rf"(?:{way})" for way in ways))


CAME = r"(?:sent|got|gave|received?|delivered|came|arrived|shipped)"

FIRST: Mapping[Intent, Pattern[str]] = {
    Intent.COMPLAINT: _any(
        r"\bcomplain\w*\b",
        r"\b(?:caught fire|burn(?:t|ed|ing)?|injur\w*|hospital|allergic|electric shock|choked?)\b",
    ),
    Intent.HUMAN: _any(
        r"\b(?:human|real person|agent|representative|someone|somebody|manager|operator)\b",
        r"\b(?:customer (?:service|support)|speak to|talk to)\b",
    ),
}
ASKS: Mapping[Intent, Pattern[str]] = {
    Intent.REFUND_HOW_LONG: _any(
        r"\bhow (?:long|many days|soon|fast).{0,25}\brefund", r"\brefund time"
    ),
    Intent.REFUND_WHERE: _any(
        r"\b(?:where|status|any news).{0,25}\brefund",
        r"\brefund (?:status|has|is|did|was)\b",
        r"\b(?:not|no|never|still|waiting|has|was|have).{0,25}\brefund",
    ),
    Intent.RETURN_STATUS: _any(
        r"\b(?:did|have|has|was|is)\b.{0,20}\breturn(?:ed)?\b.{0,25}"
        r"\b(?:arrived?|receiv\w*|accept\w*|approv\w*|processed)\b",
        r"\breturn status\b",
        r"\b(?:receiv\w*|got|get) (?:my|the) return",
    ),
    Intent.RETURN_HOW: _any(
        r"\bhow\b.{0,20}\breturn\b",
        r"\breturn (?:label|policy|address|this|it|an item)\b",
        r"\b(?:want|like|can i) (?:to )?return\b",
        r"\bsend (?:it|this|them) back\b",
    ),
    Intent.EXCHANGE: _any(r"\bexchange\b", r"\bswap\b"),
    Intent.DAMAGED: _any(
        r"\b(?:broken|damaged|cracked|shattered|smashed|crushed|leak(?:ed|ing))\b"
    ),
    Intent.WRONG_ITEM: _any(
        rf"\b{CAME}\b.{{0,25}}\bwrong\b",
        rf"\bwrong (?:item|product|thing|one|colou?r|size)\b.{{0,15}}\b{CAME}\b",
        r"\bnot what i ordered\b",
    ),
    Intent.MISSING_ITEM: _any(
        r"\bmissing (?:item|part|piece)s?\b",
        r"\b(?:items?|parts?|pieces?|one|something)\b.{0,15}\bmissing\b",
    ),
    Intent.QUALITY: _any(
        r"\b(?:poor|bad|terrible) quality\b",
        r"\bstopped working\b",
        r"\b(?:defective|faulty|counterfeit)\b",
    ),
    Intent.PRICE_PROTECTION: _any(
        r"\bprice (?:dropped|drop|protection|adjustment|match)\b", r"\bcheaper now\b"
    ),
    Intent.COUPON_NOT_APPLIED: _any(r"\b(?:coupon|voucher|(?:promo|discount) code)s?\b"),
    Intent.INVOICE: _any(r"\b(?:invoice|receipt|fapiao)s?\b"),
    Intent.CHANGE_ADDRESS: _any(
        r"\b(?:change|update|wrong|correct|edit|different|new)\b.{0,20}\baddress\b",
        r"\baddress\b.{0,20}\b(?:wrong|changed?)\b",
    ),
    Intent.CHANGE_ITEM: _any(r"\b(?:change|switch)\b.{0,20}\b(?:size|colou?r|quantity|items?)\b"),
    Intent.POINTS: _any(
        r"\b(?:loyalty|reward|bonus|my) points\b", r"\bpoints? (?:balance|expir\w*|missing)\b"
    ),
    Intent.UNSUBSCRIBE: _any(
        r"\bunsubscribe\b",
        r"\bstop (?:sending|texting|emailing|messaging)\b",
        r"\b(?:too many|no more|fewer) (?:messages|emails|mails|texts)\b",
    ),
    Intent.OPENING_HOURS: _any(
        r"\bopening (?:hours|times)\b",
        r"\bwhat time\b.{0,15}\b(?:open|close)\b",
        r"\bare you open\b",
    ),
    Intent.STOCK_WHEN: _any(r"\b(?:in|out of) stock\b", r"\brestock\w*\b", r"\bsold out\b"),
    Intent.SPLIT_ORDER: _any(
        r"\b(?:two|three|several|separate|multiple) (?:parcels|packages|shipments|deliveries)\b",
        r"\bsplit\b.{0,15}\b(?:order|shipment|parcel)",
    ),
    Intent.PREORDER_BALANCE: _any(
        r"\b(?:pay|remaining|the|final|open)\b.{0,10}\bbalance\b", r"\bmy deposit\b"
    ),
    Intent.PAYMENT_FAILED: _any(
        r"\b(?:payment|card)\b.{0,20}\b(?:fail\w*|declin\w*|reject\w*|error)\b",
        r"\bca n't pay\b|\bcannot pay\b|\bunable to pay\b",
    ),
    Intent.PAID_BUT_SHOWS_UNPAID: _any(
        r"\b(?:paid|charged|debited|taken)\b.{0,40}\b(?:unpaid|not paid|awaiting payment|pending)\b"
    ),
    Intent.THANKS: _any(
        r"^(?:(?:ok|okay|great|perfect)[ ,.]*)?(?:thanks|thank you|thx|cheers|ty)"
        r"(?: (?:so much|a lot|very much|again))?[ .!]*$"
    ),
}
