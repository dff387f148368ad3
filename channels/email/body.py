"""The bodies of a letter in seven-bit lines, one beside the other: text, and the same as HTML."""

import base64
import binascii
from dataclasses import dataclass

ASCII = bytes(range(128))
CRLF = b"\r\n"
LONGEST_LINE = 78
FEW = 6  # fewer than one byte in six beyond ASCII: quoted-printable is shorter, and can be read


@dataclass(frozen=True)
class Body:
    """Bytes that any server takes, and how they are to be undone."""

    encoding: str
    data: bytes


def encode(text: str, *, beside: bytes = b"") -> Body:
    """Write text in short lines of ASCII; it ends with a line break. `beside` must not occur in it.

    NUL and lone surrogates become U+FFFD.
    """
    lines = text.replace("\x00", "\ufffd").encode("utf-8", "replace").splitlines()
    data = CRLF.join(lines) + CRLF
    is_plain = data.isascii() and max(map(len, lines), default=0) <= LONGEST_LINE
    if is_plain and not (beside and beside in data):
        return Body("7bit", data)
    if len(data.translate(None, ASCII)) * FEW < len(data):
        return Body("quoted-printable", binascii.b2a_qp(data, istext=True))
    return Body("base64", base64.encodebytes(data).replace(b"\n", CRLF))


def single(text: str) -> bytes:
    """Return the rest of a letter that has one body: its fields, an empty line, the text."""
    return _part("plain", encode(text))


def alternatives(text: str, html: str, *, boundary: str) -> bytes:
    """Return the rest of a letter that has two bodies; readers show the last they can."""
    line = b"--" + boundary.encode("ascii")
    parts = [
        line + CRLF + _part(kind, encode(words, beside=line)) + CRLF
        for kind, words in (("plain", text), ("html", html))
    ]
    head = f'Content-Type: multipart/alternative; boundary="{boundary}"'.encode("ascii")
    return head + CRLF + CRLF + b"".join(parts) + line + b"--" + CRLF


def _part(kind: str, body: Body) -> bytes:
    head = (
        f'Content-Type: text/{kind}; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: {body.encoding}\r\n\r\n"
    )
    return head.encode("ascii") + body.data
