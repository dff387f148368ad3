"""Signed links: a person's own pages open without a login, and only the page that was signed.

A token says what it is for and whose it is, is valid for a year of machine time, and survives a
change of secret as long as the old one is kept in the list. It holds no address and no name.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from itsdangerous import BadSignature, TimestampSigner
from itsdangerous.encoding import base64_decode, base64_encode, int_to_bytes, want_bytes

from app.people.choices import Category
from app.settings import Settings
from orders_core.errors import CoreError
from orders_core.ids import OrderId, PersonId, show

YEAR_SECONDS = 366 * 24 * 3600
SALT = b"orderbell.links"
MOST_CHARACTERS = 200
OPENED = "v"  # in a link of a message: names the verdict that it came from
OPENED_ON = "c"  # and the channel it was opened on, which is written when a message is


class Purpose(StrEnum):
    """What a link opens; the value is its path."""

    INBOX = "i"
    PREFERENCES = "p"
    UNSUBSCRIBE = "u"
    ORDER = "o"  #: one order, as the person who bought it
    SHARED_ORDER = "s"  #: the same to look at only, for whoever it is passed on to
    EMBED = "e"  #: the inbox inside a page of the shop, for an hour or so; no path: a bearer token


class TokenOver(CoreError):
    """The token was ours, and its time is over."""

    def __init__(self) -> None:
        super().__init__("this token is over; ask your server for a fresh one")


class BadLink(CoreError):
    """The link was not signed by us, is over a year old, or was made for something else."""

    def __init__(self) -> None:
        super().__init__("this link does not open anything; a newer message has a newer link")


class Grant(NamedTuple):
    """What a token allows."""

    purpose: Purpose
    whose: UUID
    category: Category | None

    @property
    def person_id(self) -> PersonId:
        """The person it was made for, unless it opens an order."""
        return PersonId(self.whose)

    @property
    def order_id(self) -> OrderId:
        """The order it opens."""
        return OrderId(self.whose)


class Holder(NamedTuple):
    """Whose inbox a page may show, and until which second of machine time."""

    person_id: PersonId
    until: int


ORDERS = frozenset({Purpose.ORDER, Purpose.SHARED_ORDER})


class _Signer(TimestampSigner):
    """Signs just as its parent does, a few times as fast: a message holds three links."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(list(keys), salt=SALT, key_derivation="hmac", digest_method=hashlib.sha256)
        self._key = self.derive_key()  # the same for good, yet the parent derives it every time

    def sign(self, value: str | bytes) -> bytes:
        signed = want_bytes(value) + _stamp(self.get_timestamp())
        return signed + b"." + base64_encode(hmac.digest(self._key, signed, "sha256"))


@lru_cache(maxsize=4)
def _stamp(second: int) -> bytes:
    return b"." + base64_encode(int_to_bytes(second))


class Links:
    """Makes and opens signed links.

    `keys` lists the secrets, oldest first: the last signs, every one of them opens.
    """

    def __init__(self, keys: Sequence[str], *, public_url: str) -> None:
        if not keys or not all(keys):
            raise ValueError("a link needs a secret to be signed with")
        self._signer = _Signer(keys)
        self._public_url = public_url.rstrip("/")

    def inbox(self, person_id: PersonId) -> str:
        """Return the address of a person's own inbox."""
        return self._url(Purpose.INBOX, person_id)

    def preferences(self, person_id: PersonId) -> str:
        """Return the address of a person's own preference page."""
        return self._url(Purpose.PREFERENCES, person_id)

    def why(self, person_id: PersonId, verdict_id: UUID) -> str:
        """Return the address of the page that says why a person was told something."""
        return f"{self.inbox(person_id)}/why?{OPENED}={show('ver', verdict_id)}"

    def unsubscribe(self, person_id: PersonId, category: Category) -> str:
        """Return the address that ends a category by e-mail, as RFC 8058 posts to it."""
        return self._url(Purpose.UNSUBSCRIBE, person_id, category)

    def order(self, order_id: OrderId) -> str:
        """Return the address of an order's own page."""
        return f"{self._public_url}/o/{self.token(Purpose.ORDER, order_id)}"

    def shared_order(self, order_id: OrderId) -> str:
        """Return the address of the same page to look at only."""
        return f"{self._public_url}/o/{self.token(Purpose.SHARED_ORDER, order_id)}"

    def embedded(self, person_id: PersonId, *, until: int) -> str:
        """Sign that a page may show a person's inbox until a second of machine time."""
        return self._signer.sign(f"{self._named(Purpose.EMBED, person_id)}.{until}").decode()

    def holder(self, token: str, *, at: float) -> Holder:
        """Return whose inbox a page may show with a token, `at` a second of machine time.

        Raises:
            BadLink: If it is forged or was made for something else.
            TokenOver: If its time is over.
        """
        made_for, _, until = self._signed_part(token).rpartition(".")
        purpose, _, whose = made_for.partition(".")
        if purpose != Purpose.EMBED or not until.isdigit():
            raise BadLink
        if int(until) <= at:
            raise TokenOver
        return Holder(PersonId(UUID(bytes=urlsafe_b64decode(whose + "=="))), int(until))

    def token(self, purpose: Purpose, whose_id: UUID, category: Category | None = None) -> str:
        """Sign what a link is for and whose it is: a person, or an order."""
        return self._signer.sign(self._named(purpose, whose_id, category)).decode()

    @staticmethod
    def _named(purpose: Purpose, whose_id: UUID, category: Category | None = None) -> str:
        whose = urlsafe_b64encode(whose_id.bytes).rstrip(b"=").decode()
        return f"{purpose}{category or ''}.{whose}"

    def _url(self, purpose: Purpose, person_id: PersonId, category: Category | None = None) -> str:
        return f"{self._public_url}/{purpose}/{self.token(purpose, person_id, category)}"

    def person(self, token: str, purpose: Purpose) -> PersonId:
        """Return whose link it is.

        Raises:
            BadLink: If it is forged, over a year old, or for another purpose.
        """
        return self.open(token, purpose).person_id

    def open(self, token: str, purpose: Purpose) -> Grant:
        """Return what a token allows, if it was made for `purpose`.

        Raises:
            BadLink: If it is forged, over a year old, or for another purpose.
        """
        grant = self._grant(token)
        if grant.purpose is not purpose:
            raise BadLink
        return grant

    def open_order(self, token: str) -> Grant:
        """Return which order a token opens; its purpose says whether it is to look at only.

        Raises:
            BadLink: If it is forged, over a year old, or opens no order.
        """
        grant = self._grant(token)
        if grant.purpose not in ORDERS:
            raise BadLink
        return grant

    def _grant(self, token: str) -> Grant:
        head, _, whose = self._signed_part(token).partition(".")
        try:
            opened = UUID(bytes=urlsafe_b64decode(whose + "=="))
            category = Category(head[1:]) if head[1:] else None
            return Grant(Purpose(head[:1]), opened, category)
        except (ValueError, BadBase64):
            raise BadLink from None

    def _signed_part(self, token: str) -> str:
        """Check the signature; the last character of base64 has spare bits, which must be zero."""
        if len(token) > MOST_CHARACTERS or not token.isascii():
            raise BadLink
        try:
            value = self._signer.unsign(token, max_age=YEAR_SECONDS)
            signature = token.rpartition(".")[2].encode()
            if base64_encode(base64_decode(signature)) != signature:
                raise BadLink
        except (BadSignature, UnicodeError):
            raise BadLink from None
        return value.decode()


def links_of(settings: Settings) -> Links:
    """Return the links of an installation."""
    return Links(settings.link_keys, public_url=settings.public_url)
