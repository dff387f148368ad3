"""What a promise about the data is: one query that names what breaks it.

The same query serves both runs. In a whole run it is asked as it stands; in a step, every
`/* step: … */` in it takes the place of the word behind it:

    WHERE /* step: o.id = ANY(:order) */ true

So a step asks the same question of the rows that changed, and the two can never drift apart. As it
stands the query is plain SQL that anybody can paste into psql.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HEAD = re.compile(r"(?P<name>\w+) \((?P<about>\w+)\): (?P<says>.+)")
STEP = re.compile(r"/\* step: (?P<instead>.*?) \*/ (?:true|0)\b", re.DOTALL)
ARGUMENT = re.compile(r"(?<!:):(\w+)")
COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Invariant:
    """A promise: its name, the sentence that states it, and the query that names its breaches.

    The query returns the id of whatever breaks the promise; `about` says what it is an id of.
    """

    name: str
    says: str
    query: str
    about: str = "thing"

    def step(self) -> str:
        """Return the query as a step asks it, with the driver's marks for its arguments."""
        return STEP.sub(
            lambda found: ARGUMENT.sub(r"%(\1)s", found["instead"]), self.query.replace("%", "%%")
        )

    @property
    def has_steps(self) -> bool:
        """Whether it can be asked of a part of the rows."""
        return STEP.search(self.query) is not None


@dataclass(frozen=True, slots=True)
class Finding:
    """How many things break a promise, and the first of them; 0 is in balance."""

    invariant: Invariant
    broken: int
    first: Sequence[str] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing breaks the promise."""
        return self.broken == 0


def read_invariants(path: Path) -> Sequence[Invariant]:
    """Read a file of queries, each headed by `-- name (about): sentence`, or a folder of files."""
    if path.is_dir():
        return [one for file in sorted(path.glob("*.sql")) for one in read_invariants(file)]
    found = []
    for block in path.read_text(encoding="utf-8").split("\n-- "):
        head, _, query = block.partition("\n")
        if named := HEAD.fullmatch(head):
            bare = COMMENT.sub("", query).strip().rstrip(";")
            found.append(Invariant(named["name"], named["says"], bare, named["about"]))
    return found
