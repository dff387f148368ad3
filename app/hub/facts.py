"""What a decision knew, kept so short that it stands beside its verdict: enough to decide again.

A name or an address is never kept, only whether there was one; what was as usual is left out. A
field that `Recipient`, `Standing`, `Notice` or `Bounds` gains later is kept without a change here.
"""

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any, get_type_hints
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from app.hub.bounds import Bounds
from app.hub.cap_rules import as_obeyed
from app.hub.catalogue import NOTICES, Notice
from app.hub.pressure import CHANNEL_BITS, IN_TIME, seconds_of
from app.hub.question import Standing
from app.people.recipient import Recipient, nobody
from orders_core.ids import PersonId

Kept = dict[str, Any]
WRITTEN_SHORT = frozenset(
    {"person_id", "name", "locale", "zone", "addresses", "dead", "consents", "preferences"}
)
SOMEWHERE = ("-",)  # stands for an address that is nobody's business
KEY_BYTES = 8
BITS = {str(channel): bit for channel, bit in CHANNEL_BITS.items()}
_NOBODY = UUID(int=0)


class Codec:
    """Writes the fields of a value that differ from another's, and reads them again."""

    def __init__(self, of: type, *, without: Collection[str] = ()) -> None:
        hints = get_type_hints(of)
        names = [field.name for field in fields(of) if field.name not in without]
        self._adapters = {name: TypeAdapter[Any](hints[name]) for name in names}

    def write(self, value: object, usual: Mapping[str, Any]) -> Kept:
        """Return what differs from the usual, as JSON knows it."""
        kept: Kept = {}
        for name, adapter in self._adapters.items():
            here = getattr(value, name)
            if here is not usual[name] and here != usual[name]:
                kept[name] = adapter.dump_python(here, mode="json")
        return kept

    def read(self, kept: Kept) -> Kept:
        """Return what was kept with the types it had; what no field bears any more is left out."""
        adapters = self._adapters
        return {
            name: adapters[name].validate_json(orjson.dumps(value))
            for name, value in kept.items()
            if name in adapters
        }


def _defaults(of: type) -> dict[str, Any]:
    return {
        field.name: field.default
        if field.default is not MISSING
        else field.default_factory()
        if field.default_factory is not MISSING
        else None
        for field in fields(of)
    }


PERSON = Codec(Recipient, without=WRITTEN_SHORT)
STANDING = Codec(Standing)
NOTICE = Codec(Notice)
BOUNDS = TypeAdapter(Bounds)
USUAL_PERSON, USUAL_STANDING = _defaults(Recipient), _defaults(Standing)


@dataclass(frozen=True, slots=True)
class Known:
    """What a decision knew, but for the time, the pressure and the shop's bounds."""

    notice: Notice
    person: Recipient
    standing: Standing | None


def remember(known: Known) -> str:
    """Write what a decision knows of a person, a notice and what it tells of."""
    notice, person, standing = known.notice, known.person, known.standing
    kept: Kept = {"z": person.zone, "a": _bits(person.addresses)}
    if person.dead:
        kept["d"] = _bits(
            channel for channel in person.addresses if person.address(channel) is None
        )
    _keep_choices(person, kept)
    if differing := PERSON.write(person, USUAL_PERSON):
        kept["x"] = differing
    if standing is not None:
        kept["s"] = STANDING.write(standing, USUAL_STANDING)
    usual = NOTICES[notice.name]
    if notice is not usual:
        names = (field.name for field in fields(Notice))
        kept["n"] = NOTICE.write(notice, {name: getattr(usual, name) for name in names})
    return orjson.dumps(kept).decode()


def _keep_choices(person: Recipient, kept: Kept) -> None:
    for letter, answer in (("y", True), ("r", False)):
        if said := _bits(on for on, granted in person.consents.items() if granted is answer):
            kept[letter] = said
    if person.preferences:
        kept["p"] = [[about, on, int(yes)] for (about, on), yes in person.preferences.items()]


@lru_cache(maxsize=16_384)
def recall(notice_name: str, text: str) -> Known:
    """Read what `remember` wrote, of a person without an id: it was written of nobody by name."""
    kept = orjson.loads(text)
    dead = _channels(kept.get("d", 0))
    person = replace(
        nobody(PersonId(_NOBODY)),
        zone=kept["z"],
        addresses=dict.fromkeys(_channels(kept["a"]), SOMEWHERE),
        dead=frozenset((channel, SOMEWHERE[0]) for channel in dead),
        consents=dict.fromkeys(_channels(kept.get("y", 0)), True)
        | dict.fromkeys(_channels(kept.get("r", 0)), False),
        preferences={(about, on): bool(yes) for about, on, yes in kept.get("p", ())},
        **PERSON.read(kept.get("x", {})),
    )
    standing = Standing(**STANDING.read(kept["s"])) if "s" in kept else None
    notice = NOTICES[notice_name]
    if "n" in kept:
        notice = replace(notice, **NOTICE.read(kept["n"]))
    return Known(notice, person, standing)


def pack_pressure(recent: Sequence[int], *, now: datetime, reach: timedelta) -> bytes:
    """Write the part of a person's row that a decision can look at: nothing older than `reach`."""
    oldest = seconds_of(now - reach) << 16
    return array("q", [number for number in recent if number & IN_TIME >= oldest]).tobytes()


def unpack_pressure(packed: bytes) -> tuple[int, ...]:
    """Read what `pack_pressure` wrote."""
    return tuple(array("q", packed))


def reach(bounds: Bounds) -> timedelta:
    """Say how far back a decision may look under these bounds."""
    return bounds.reach


@lru_cache(maxsize=256)
def named(bounds: Bounds) -> tuple[int, str]:
    """Return the number that stands for some bounds in a verdict, and the bounds written out."""
    body = BOUNDS.dump_json(bounds)
    digest = blake2b(body, digest_size=KEY_BYTES).digest()
    return int.from_bytes(digest, signed=True), body.decode()


def bounds_of(body: str) -> Bounds:
    """Read bounds that `named` wrote out, today or in the time of an earlier shape."""
    kept = orjson.loads(body)
    caps = kept.get("caps", {})
    for mark, rules in caps.get("obeyed", {}).items():
        caps["obeyed"][mark] = [as_obeyed(rule) for rule in rules]
    return BOUNDS.validate_json(orjson.dumps(kept))


def _bits(channels: Iterable[str]) -> int:
    return sum([BITS[channel] for channel in channels])


def _channels(bits: int) -> list[str]:
    return [channel for channel, bit in BITS.items() if bits & bit]
