"""Addresses to answer a letter at: each names its message and is signed, so that nobody makes one.

The part before the @ is `r1-MESSAGE-TAG`: a version, the message's id and 80 bits of an HMAC under
a key of that version, all of it small letters and digits, as mail servers may change the case. It
holds no name and no order, is good for a year after its message was made, and after a change of the
secret names nothing any more.
"""

import hmac
from base64 import b32decode, b32encode
from collections.abc import Mapping
from email.utils import getaddresses
from hashlib import sha256
from uuid import UUID

from app.settings import Settings

GOOD_SECONDS = 366 * 24 * 3600
AHEAD_SECONDS = 24 * 3600  #: of two machines whose clocks differ
TAG_BYTES = 10
MOST_ADDRESSES = 50
#: What separates the key of a version from every other use of the secret. Append only: the last
#: version signs, every one of them is read.
KEYS_OF: Mapping[str, bytes] = {"r1": b"orderbell.reply-to.1"}
SIGNS = "r1"


class ReplyTo:
    """Makes and reads such addresses; `domain` is where answers are received."""

    def __init__(self, secret: bytes, *, domain: str) -> None:
        self._keys = {
            version: hmac.digest(secret, use, "sha256") for version, use in KEYS_OF.items()
        }
        self._domain = domain

    def address(self, message_id: UUID) -> str:
        """Return the address that answers to a message go to; the same each time it is sent."""
        return f"{self._local(SIGNS, message_id)}@{self._domain}"

    def named(self, written: str, *, at: float) -> UUID | None:
        """Return the message that one of the recipients of a letter stands for; None if none does.

        Args:
            written: The recipients, as a header field lists them.
            at: Machine time in seconds; an address is good for a year.
        """
        for _, address in getaddresses([written])[:MOST_ADDRESSES]:
            found = self._read(address.partition("@")[0].lower())
            if found is not None and _is_good(found, at):
                return found
        return None

    def _read(self, local: str) -> UUID | None:
        version, _, rest = local.partition("-")
        said, _, _ = rest.partition("-")
        if version not in self._keys or not local.isascii():
            return None
        try:
            message_id = UUID(bytes=b32decode(said.upper() + "=" * (-len(said) % 8)))
        except ValueError:
            return None
        is_ours = hmac.compare_digest(self._local(version, message_id), local)
        return message_id if is_ours else None

    def _local(self, version: str, message_id: UUID) -> str:
        said = f"{version}-{_letters(message_id.bytes)}"
        tag = hmac.new(self._keys[version], said.encode(), sha256).digest()[:TAG_BYTES]
        return f"{said}-{_letters(tag)}"


def reply_to_of(settings: Settings) -> ReplyTo | None:
    """Return the addresses of an installation; None where it receives no answers by mail."""
    if settings.reply_domain is None:
        return None
    return ReplyTo(settings.secret_key.get_secret_value().encode(), domain=settings.reply_domain)


def _letters(raw: bytes) -> str:
    return b32encode(raw).decode().rstrip("=").lower()


def _is_good(message_id: UUID, at: float) -> bool:
    """Say whether a message is of the last year: its id begins with when it was made."""
    age_seconds = at - (message_id.int >> 80) / 1000
    return -AHEAD_SECONDS <= age_seconds <= GOOD_SECONDS
