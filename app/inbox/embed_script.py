"""The script of `<orderbell-inbox>`: one file with its words in it, named by what it holds."""

import json
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from app.http.pages import STATIC
from app.words.say import LOCALES, catalogue_of, keys

PATH = "/embed/orderbell-inbox.js"
SOURCE = STATIC / "embed" / "orderbell-inbox.js"
EMPTY = "const WORDS = {}; // filled by the server: {zh: {...}, en: {...}}"
OURS = "inbox."


class Script(NamedTuple):
    """What is served, and the name of this state of it."""

    body: bytes
    version: str

    @property
    def address(self) -> str:
        """The path under which this state may be kept for good."""
        return f"{PATH}?v={self.version}"


@lru_cache
def script() -> Script:
    """Return the script with the words of both languages in it."""
    words = json.dumps({locale: _words(locale) for locale in LOCALES}, ensure_ascii=False)
    body = SOURCE.read_text(encoding="utf-8").replace(EMPTY, f"const WORDS = {words};").encode()
    return Script(body, sha256(body).hexdigest()[:12])


def _words(locale: str) -> dict[str, str | list[str]]:
    """Return the room's sentences without the room's name; those with a plural as their forms."""
    forms = catalogue_of(locale).forms
    return {
        key.removeprefix(OURS): forms[key][0] if len(forms[key]) == 1 else list(forms[key])
        for key in sorted(keys())
        if key.startswith(OURS)
    }
