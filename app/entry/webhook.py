"""Standard Webhooks: the headers that let a receiver know who sent a body, and when. Pure."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping
from hashlib import sha256

PREFIX = "whsec_"
SECRET_BYTES, LEAST_BYTES = 32, 24


class BadSecret(ValueError):
    """Not `whsec_` and the Base64 of at least 24 bytes."""

    def __init__(self) -> None:
        super().__init__(f"a secret is {PREFIX} and the Base64 of at least {LEAST_BYTES} bytes")


def new_secret() -> str:
    """Make a secret as receivers are given it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """Return the bytes to sign with.

    Raises:
        BadSecret: If it is none.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if len(key) < LEAST_BYTES or not secret.startswith(PREFIX):
        raise BadSecret
    return key


def headers(key: bytes, body: bytes, *, id_: str, sent_at: int) -> Mapping[str, str]:
    """Return the headers of a webhook; `sent_at` is in seconds since 1970, machine time."""
    signed = f"{id_}.{sent_at}.".encode() + body
    mark = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": f"v1,{mark}",
    }
