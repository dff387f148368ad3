"""From an envelope to the bytes of a letter.

What somebody wrote enters a header field through the library only, or after it was checked to be
one line of ASCII. The rest is put together here: the library's own letter costs four times as much.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.policy import EmailPolicy
from email.utils import formatdate
from functools import lru_cache

from channels.contract import Envelope, GiveUp
from channels.email import body

EXTRA_HEADERS = frozenset(
    {"Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post", "Reply-To"}
)
LONGEST_LINE = 998
ENCODED = "=?"  # opens an encoded word, which the library would undo: a line break may hide in it
# NUL passes the standard library's own checks; U+2028 and U+2029 are cut off in silence.
UNWELCOME = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
POLICY = EmailPolicy(linesep="\r\n", cte_type="7bit")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What goes over the line: the two addresses of the SMTP envelope and the text."""

    sender: str
    to: str
    data: bytes


def compose(envelope: Envelope, sender: Address) -> Letter:
    """Write the letter: text, HTML beside it where there is one, and its header.

    Raises:
        GiveUp: If the address, the subject or a header field holds what no header may hold.
    """
    to = recipient(envelope.to)
    try:
        head = b"".join(_fields(envelope, to, sender))
        return Letter(sender=sender.addr_spec, to=to.addr_spec, data=head + _rest(envelope))
    except (ValueError, MessageError) as fault:
        raise GiveUp(f"the letter cannot be written: {type(fault).__name__}") from None


def _fields(envelope: Envelope, to: Address, sender: Address) -> Iterator[bytes]:
    subject = header_text("subject", envelope.title).replace(ENCODED, "= ?")
    yield _sender(sender.display_name, sender.addr_spec)
    yield _folded("To", to.addr_spec)
    yield _folded("Subject", subject)
    yield _whole("Date", formatdate())
    yield _whole("Message-ID", f"<{envelope.message_id}@{sender.domain}>")
    for name, value in checked(envelope.headers).items():
        yield _whole(name, value)
    yield _whole("MIME-Version", "1.0")


def _rest(envelope: Envelope) -> bytes:
    if envelope.html is None:
        return body.single(envelope.text)
    boundary = f"=_{envelope.message_id.hex}"
    return body.alternatives(envelope.text, envelope.html, boundary=boundary)


@lru_cache(maxsize=2048)  # a campaign says one subject to everybody
def _folded(name: str, value: str) -> bytes:
    return POLICY.fold_binary(*POLICY.header_store_parse(name, value))


@lru_cache(maxsize=8)
def _sender(display_name: str, addr_spec: str) -> bytes:
    address = Address(display_name=display_name, addr_spec=addr_spec)
    return POLICY.fold_binary(*POLICY.header_store_parse("From", address))


def _whole(name: str, value: str) -> bytes:
    """Write a field on one line: folding would turn a long URL into words that no reader undoes."""
    return f"{name}: {value}\r\n".encode("ascii")


@lru_cache(maxsize=2048)
def recipient(text: str) -> Address:
    """Read the recipient's address; a domain outside ASCII becomes its IDNA form.

    Raises:
        GiveUp: If it is not exactly one address. A name outside ASCII before the @ is refused too:
            few servers take it, and one that does not would lose the letter on the way.
    """
    if UNWELCOME.search(text):
        raise GiveUp("the address holds control characters", address_is_dead=True)
    local, _, domain = text.rpartition("@")
    try:
        spec = f"{local}@{domain.encode('idna').decode('ascii')}"
        address = Address(addr_spec=spec)
    except (ValueError, IndexError, MessageError):
        raise GiveUp("not a mail address", address_is_dead=True) from None
    if address.addr_spec != spec:  # a comment or a second address was dropped
        raise GiveUp("not a mail address", address_is_dead=True)
    return address


def header_text(name: str, text: str) -> str:
    """Return `text` if it may stand in a header field.

    Raises:
        GiveUp: If it holds a line break, NUL or another control character.
    """
    if UNWELCOME.search(text):
        raise GiveUp(f"the {name} holds control characters")
    return text


def checked(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return the extra header fields if each is one we send and holds one short line of ASCII.

    Raises:
        GiveUp: If one is not.
    """
    for name, value in headers.items():
        if name not in EXTRA_HEADERS:
            raise GiveUp(f"a header field of this name is not sent: {name[:40]!r}")
        header_text(name, value)
        is_one_line = value.isascii() and len(name) + len(value) + 2 <= LONGEST_LINE
        if not is_one_line or ENCODED in value:
            raise GiveUp(f"the header field {name} is not one line of ASCII")
    return headers
