"""One look through a whole file before anything of it is taken: is it the kind of file we read?"""

import codecs
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from orders_core.errors import CoreError

BLOCK_BYTES = 1 << 20
OTHER_FORMATS = {
    b"PK\x03\x04": "an Excel workbook (.xlsx) or zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
    b"\x1f\x8b": "a gzip archive: unpack it first",
    b"%PDF": "a PDF",
}
UTF_16 = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}


class FileRefused(CoreError):
    """The file as a whole cannot be read; nothing of it was taken."""


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """A file that may be read: what tells it from others, and how long it is."""

    sha256: bytes
    size_bytes: int
    lines: int  # line ends counted, quoted ones too: good for progress, not for records


def inspect(path: Path) -> Inspected:
    """Look through a file without keeping it in memory.

    Raises:
        FileRefused: If it is missing, empty, of another format or encoding, or holds NUL bytes.
    """
    digest, decoder = sha256(), codecs.getincrementaldecoder("utf-8")()
    size, lines, last = 0, 0, b""
    with _opened(path) as file:
        while block := file.read(BLOCK_BYTES):
            if not size:
                _refuse_other_formats(block)
            _check(block, decoder, line=lines + 1)
            digest.update(block)
            size, lines, last = size + len(block), lines + block.count(b"\n"), block
    _finish(decoder)
    lines += bool(last) and not last.endswith(b"\n")
    if lines <= 1:
        has_old_ends = b"\r" in last.strip()
        raise FileRefused(
            "lines end in CR alone: save it with LF or CRLF" if has_old_ends else "no rows"
        )
    return Inspected(sha256=digest.digest(), size_bytes=size, lines=lines)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as fault:
        raise FileRefused(f"{path.name}: {fault.strerror}") from None


def _refuse_other_formats(block: bytes) -> None:
    for opening, name in OTHER_FORMATS.items():
        if block.startswith(opening):
            raise FileRefused(f"this is {name}, not CSV")
    for mark, name in UTF_16.items():
        if block.startswith(mark):
            raise _other_encoding(name)
    if block.count(b"\x00") * 3 > len(block):  # every other byte of Latin text in UTF-16
        raise _other_encoding("UTF-16")


def _check(block: bytes, decoder: codecs.IncrementalDecoder, *, line: int) -> None:
    if (at := block.find(b"\x00")) >= 0:
        line += block.count(b"\n", 0, at)
        raise FileRefused(f"line {line}: NUL byte, not a text file")
    try:
        decoder.decode(block)
    except UnicodeDecodeError:
        raise _other_encoding(_guess(block)) from None


def _finish(decoder: codecs.IncrementalDecoder) -> None:
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise FileRefused("encoding: the last character is cut in two") from None


def _guess(block: bytes) -> str | None:
    """Name the encoding of bytes that are not UTF-8, where one is likely."""
    try:
        codecs.getincrementaldecoder("gb18030")().decode(block)
    except UnicodeDecodeError:
        return None
    return "GB18030"


def _other_encoding(name: str | None) -> FileRefused:
    hint = f" (looks like {name})" if name else ""
    return FileRefused(f"encoding: expected UTF-8{hint}")
