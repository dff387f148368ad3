"""Values made harmless before a template sees them, and text tidied after.

Characters that steer a terminal or turn the direction of reading have no place in anybody's name.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# A line break beside full-width punctuation leaves no space behind.
WIDE = r"[\u3001-\u303f\uff01-\uff60]"
NEEDLESS_SPACE = re.compile(rf"(?<={WIDE})\s+|\s+(?={WIDE})")
BLANK_LINES = re.compile(r"\n{3,}")
WEB = frozenset({"http", "https"})


class NotALink(ValueError):
    """A variable that a template turns into a link does not name a web address."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} is no web address")


def harmless(variables: Mapping[str, Any], *, keep_lines: bool) -> dict[str, Any]:
    """Return the variables without control and bidi characters in any text, however deep.

    Line breaks stay where the channel has lines, and become spaces where it has not.

    Raises:
        NotALink: If a variable whose name ends in `_url` holds anything but http or https.
    """
    for name, value in variables.items():
        if name.endswith("_url") and value is not None and not is_web_address(value):
            raise NotALink(name)
    return {name: _harmless(value, keep_lines=keep_lines) for name, value in variables.items()}


def _harmless(value: Any, *, keep_lines: bool) -> Any:
    if isinstance(value, str):
        text = value.replace("\r\n", "\n")
        text = text if keep_lines else one_line(text)
        return BIDI.sub("", CONTROL.sub("", text))
    if isinstance(value, Mapping):
        return {key: _harmless(inner, keep_lines=keep_lines) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_harmless(inner, keep_lines=keep_lines) for inner in value]
    return value


def is_web_address(value: object) -> bool:
    """Say whether the value is an absolute http or https address without spaces."""
    if not isinstance(value, str) or re.search(r"[\s\x00-\x20\x7f<>\"]", value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in WEB and bool(parts.netloc)


def one_line(text: str) -> str:
    """Return the text on one line: single spaces between words, none beside CJK punctuation."""
    return " ".join(NEEDLESS_SPACE.sub("", text).split())


def paragraphs(text: str) -> str:
    """Return the text with trimmed line ends and at most one empty line in a row."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return BLANK_LINES.sub("\n\n", lines)
