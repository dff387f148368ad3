"""The sources a notice is written from, named by what they say: the same words, the same name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

import orjson
from jinja2 import BaseLoader, Environment, meta

FRAMES = (
    "layouts/email.html.j2",
    "layouts/email.txt.j2",
    "layouts/email_words.en.j2",
    "layouts/email_words.zh.j2",
)
LINE = re.compile(r"notices/\w+/inapp\.\w+\.j2")
VERSION_BYTES = 16


@dataclass(frozen=True)
class Version:
    """All templates of one notice, with the frames they stand in, by their paths."""

    notice: str
    sources: Mapping[str, str] = field(hash=False)

    @cached_property
    def key(self) -> bytes:
        """The 16 bytes that stand for these sources, and for no others."""
        said = orjson.dumps(self.sources, option=orjson.OPT_SORT_KEYS)
        return blake2b(said, digest_size=VERSION_BYTES).digest()


def version_of(notice: str, loader: BaseLoader, env: Environment, *, folds: bool) -> Version:
    """Gather the sources of a notice: its own, the frames, and whatever these take in.

    One that `folds` others tells each in the words it has in the inbox, so those are sources too.
    """
    own = [
        name
        for name in loader.list_templates()
        if name.startswith(f"notices/{notice}/") or (folds and LINE.fullmatch(name))
    ]
    known = frozenset(loader.list_templates())
    sources: dict[str, str] = {}
    waiting = [*own, *(name for name in FRAMES if name in known)]
    while waiting:
        name = waiting.pop()
        if name in sources:
            continue
        sources[name] = loader.get_source(env, name)[0]
        waiting.extend(_taken_in(env, sources[name]))
    return Version(notice, dict(sorted(sources.items())))


def _taken_in(env: Environment, source: str) -> Iterator[str]:
    for name in meta.find_referenced_templates(env.parse(source)):
        if name is not None:
            yield name
