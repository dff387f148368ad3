"""What a browser keeps once its person has proven who they are: a signed word for one order."""

import hashlib

from itsdangerous import BadSignature, TimestampSigner

from orders_core.ids import OrderId

COOKIE = "ob_proof"
GOOD_SECONDS = 3600
SALT = b"orderbell.order-proof"


def seal(order_id: OrderId, *, secret: bytes) -> str:
    """Return the word that says that an order was proven a moment ago (machine time)."""
    return _signer(secret).sign(order_id.hex).decode()


def is_sealed(text: str, order_id: OrderId, *, secret: bytes) -> bool:
    """Say whether a word is ours, of this order, and not an hour old."""
    try:
        value = _signer(secret).unsign(text, max_age=GOOD_SECONDS)
    except (BadSignature, UnicodeError):
        return False
    return value == order_id.hex.encode()


def _signer(secret: bytes) -> TimestampSigner:
    return TimestampSigner(secret, salt=SALT, key_derivation="hmac", digest_method=hashlib.sha256)
