"""From an envelope to the bytes of a letter. No header is ever made by joining text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate

from channels.contract import Envelope, GiveUp

EXTRA_HEADERS = frozenset({"Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"})
UNBROKEN = frozenset({"list-unsubscribe", "message-id"})
LONGEST_LINE = 998
ENCODED = "=?"  # opens an encoded word, which the library would undo: a line break may hide in it
# NUL passes the standard library's own checks; U+2028 and U+2029 are cut off in silence.
UNWELCOME = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class LetterPolicy(EmailPolicy):
    """RFC 5322 with seven-bit bodies, where a field that holds one long URL stays on one line.

    The standard folding would turn such a URL into encoded words, which no reader of
    List-Unsubscribe undoes.
    """

    linesep = "\r\n"
    cte_type = "7bit"

    def fold_binary(self, name: str, value: str) -> bytes:
        """Write one header field as bytes, whole or folded."""
        if name.lower() in UNBROKEN:
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


POLICY = LetterPolicy()


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
    letter = EmailMessage(policy=POLICY)
    try:
        letter["From"] = sender
        letter["To"] = to
        letter["Subject"] = header_text("subject", envelope.title).replace(ENCODED, "= ?")
        letter["Date"] = formatdate()
        letter["Message-ID"] = f"<{envelope.message_id}@{sender.domain}>"
        for name, value in checked(envelope.headers).items():
            letter[name] = value
        letter.set_content(body_text(envelope.text))
        if envelope.html is not None:
            letter.add_alternative(body_text(envelope.html), subtype="html")
        return Letter(sender=sender.addr_spec, to=to.addr_spec, data=letter.as_bytes())
    except (ValueError, MessageError) as fault:
        raise GiveUp(f"the letter cannot be written: {type(fault).__name__}") from None


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


def body_text(text: str) -> str:
    """Return a body that can be encoded: NUL and lone surrogates become U+FFFD."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
