"""A picture of a SKU, known by what is in it: a PNG, or an SVG that draws and does nothing else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from xml.etree import ElementTree as ET

from orders_core.errors import CoreError

MOST_BYTES = 64 * 1024
PNG, SVG = "image/png", "image/svg+xml"
PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
PNG_HEAD = b"\x00\x00\x00\rIHDR"
PNG_ENDS = b"IEND\xaeB`\x82"
SVG_ROOT = "{http://www.w3.org/2000/svg}svg"
DECLARATION = re.compile(r"\A<\?xml\s[^?]*\?>")
# A document type may hold entities that grow without end; an instruction may call a style sheet.
UNDRAWN = re.compile(r"<!(?!--)|<\?")
ACTIVE = frozenset({"script", "foreignobject", "iframe", "object", "embed", "handler", "listener"})
CALLS_OUT = re.compile(r"@import|url\(\s*['\"]?(?!#)", re.IGNORECASE)


class NotAPicture(CoreError):
    """Not a PNG or an SVG that the shop can show; says what is wrong with it."""


@dataclass(frozen=True)
class Picture:
    """A picture and what it is."""

    media_type: str
    content: bytes

    @property
    def tag(self) -> str:
        """The same for the same picture, wherever it is served from."""
        return sha256(self.content).hexdigest()[:32]


def read_picture(content: bytes) -> Picture:
    """Return the picture that these bytes are, whatever they were said to be.

    Raises:
        NotAPicture: If they are none, over 64 kB, or an SVG with scripts or outside references.
    """
    if len(content) > MOST_BYTES:
        raise NotAPicture(f"the picture has {len(content)} bytes; at most {MOST_BYTES} are taken")
    if content.startswith(PNG_BEGINS):
        _check_png(content)
        return Picture(PNG, content)
    _check_svg(content)
    return Picture(SVG, content)


def _check_png(content: bytes) -> None:
    has_head = content[len(PNG_BEGINS) :].startswith(PNG_HEAD)
    if not has_head or not content.endswith(PNG_ENDS):
        raise NotAPicture("the PNG is cut off: its first or last chunk is missing")


def _check_svg(content: bytes) -> None:
    try:
        text = content.decode("utf-8-sig").lstrip()
    except UnicodeDecodeError:
        raise NotAPicture("neither a PNG nor an SVG in UTF-8") from None
    if UNDRAWN.search(DECLARATION.sub("", text)):
        raise NotAPicture("the SVG has a document type or an instruction; leave both out")
    try:
        # Without a document type there are no entities that could grow.
        root = ET.fromstring(DECLARATION.sub("", text))  # noqa: S314
    except ET.ParseError as fault:
        line, column = fault.position
        raise NotAPicture(f"neither a PNG nor an SVG: line {line}, column {column}") from None
    if root.tag != SVG_ROOT:
        raise NotAPicture('the root is not <svg xmlns="http://www.w3.org/2000/svg">')
    for fault_found in _faults(root):
        raise NotAPicture(fault_found)


def _faults(root: ET.Element) -> Iterator[str]:
    """Yield what an SVG may not hold: whatever acts, and whatever is fetched from elsewhere."""
    for element in root.iter():
        name = _local(element.tag)
        if name.lower() in ACTIVE:
            yield f"the SVG holds <{name}>: a picture draws and does nothing else"
        if name == "style" and CALLS_OUT.search(element.text or ""):
            yield "the SVG's style calls something from outside"
        for attribute, value in element.attrib.items():
            yield from _attribute_faults(_local(attribute), value.strip())


def _attribute_faults(name: str, value: str) -> Iterator[str]:
    if name.lower().startswith("on"):
        yield f"the SVG holds the handler {name}: a picture draws and does nothing else"
    if name == "href" and not value.startswith("#"):
        yield "the SVG refers to something outside itself"
    if name == "attributeName" and _local(value).endswith("href"):
        yield "the SVG animates a reference"
    if CALLS_OUT.search(value):
        yield f"the SVG's {name} calls something from outside"


def _local(name: str) -> str:
    return str(name).rpartition("}")[2]
