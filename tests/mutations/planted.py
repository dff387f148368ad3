"""Faults to plant: a guard of the product, what is left without it, and the test that misses it.

Every guard that a promise hangs on stands here once: a lock, a sort, a WHERE, an ON CONFLICT, a
CHECK, a token. Its test must fail without it; a test that passes either way guards nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.mutations.answers import OF_ANSWERS
from tests.mutations.caps import OF_CAPS
from tests.mutations.cast import OF_CAST
from tests.mutations.choices import OF_CHOICES
from tests.mutations.core import OF_CORE
from tests.mutations.digests import DIGESTS
from tests.mutations.embed import EMBEDDED
from tests.mutations.extract import OF_EXTRACT
from tests.mutations.fatigue import FATIGUE
from tests.mutations.habits import HABITS
from tests.mutations.haste import HASTE
from tests.mutations.hours import OF_HOURS
from tests.mutations.keep import REPLIES
from tests.mutations.late import LATE
from tests.mutations.levels import LEVELS
from tests.mutations.load import OF_LOAD
from tests.mutations.opened import OPENED
from tests.mutations.peaks import OF_PEAKS
from tests.mutations.play import PLAY
from tests.mutations.reading import OF_READING
from tests.mutations.retention import RETENTIONS
from tests.mutations.roster import OF_ROSTERS
from tests.mutations.routing import ROUTES
from tests.mutations.seams import SEAMS
from tests.mutations.speed import SPEED
from tests.mutations.timing import TIMING
from tests.mutations.told import TOLD
from tests.mutations.trial import TRIAL
from tests.mutations.what_if_contacts import OF_WHAT_IF
from tests.mutations.what_ifs import WHAT_IFS


@dataclass(frozen=True)
class Fault:
    """In a file, `guard` is replaced by `left`; then the test must fail."""

    name: str
    file: str
    guard: str
    left: str
    test: str


PARTS: Sequence[Sequence[tuple[str, str, str, str, str]]] = (
    OF_CORE,
    OF_CHOICES,
    DIGESTS,
    EMBEDDED,
    OF_HOURS,
    OF_CAPS,
    WHAT_IFS,
    OF_WHAT_IF,
    OPENED,
    ROUTES,
    LEVELS,
    RETENTIONS,
    SPEED,
    TOLD,
    TRIAL,
    REPLIES,
    OF_LOAD,
    OF_PEAKS,
    OF_ROSTERS,
    LATE,
    FATIGUE,
    HABITS,
    TIMING,
    PLAY,
    OF_CAST,
    HASTE,
    OF_ANSWERS,
    OF_READING,
    OF_EXTRACT,
    SEAMS,
)
PLANTED: Sequence[Fault] = tuple(Fault(*one) for part in PARTS for one in part)
