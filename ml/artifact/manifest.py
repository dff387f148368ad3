"""What an artifact says of itself: its parts and their digests, and how it was made."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ml.artifact.refused import Refused, Why

FORMAT = "orderbell-artifact"
VERSION = 1
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
#: A part lies flat in its container: no folder, no dot at the beginning, no way out.
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}\.(?:json|npz)")
SHORTEST_KEY = 16  # bytes


@dataclass(frozen=True)
class Part:
    """One part, as the manifest counts it."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """How an artifact was made, for whoever asks: a model card is drawn from it.

    Attributes:
        kind: What it is a model of, such as `answers`.
        data_sha256: Of what it was trained on.
        metrics: As measured when it was made.
    """

    kind: str
    seed: int
    data_sha256: str
    libraries: Mapping[str, str]
    metrics: Mapping[str, Any]
    parts: Sequence[Part] = ()

    def dump(self) -> bytes:
        """Write it; the same manifest is always the same bytes."""
        said = {
            "format": FORMAT,
            "version": VERSION,
            "kind": self.kind,
            "seed": self.seed,
            "data_sha256": self.data_sha256,
            "libraries": dict(self.libraries),
            "metrics": dict(self.metrics),
            "parts": [vars(part) for part in self.parts],
        }
        return canonical(said)


def canonical(value: Any) -> bytes:
    """Write JSON in the one way we write it: sorted, without blanks, in UTF-8."""
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def load(raw: bytes, *, kind: str) -> Manifest:
    """Read a manifest whose signature was found good.

    Raises:
        Refused: If it is none, too new, of another kind, or names a part that leads elsewhere.
    """
    said = _said(raw)
    if said.get("format") != FORMAT:
        raise Refused(Why.UNKNOWN_FORMAT, str(said.get("format")))
    if said.get("version") != VERSION:
        raise Refused(Why.TOO_NEW, f"version {said.get('version')}, this reads {VERSION}")
    if said.get("kind") != kind:
        raise Refused(Why.OTHER_KIND, f"{said.get('kind')}, not {kind}")
    try:
        parts = tuple(Part(**part) for part in said["parts"])
        manifest = Manifest(
            kind=kind,
            seed=said["seed"],
            data_sha256=said["data_sha256"],
            libraries=said["libraries"],
            metrics=said["metrics"],
            parts=parts,
        )
    except (KeyError, TypeError) as fault:
        raise Refused(Why.UNKNOWN_FORMAT, str(fault)) from fault
    for part in parts:
        if not NAME.fullmatch(part.name):
            raise Refused(Why.STRANGE_NAME, part.name)
    return manifest


def _said(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw)
    except ValueError as fault:
        raise Refused(Why.UNKNOWN_FORMAT, "the manifest is no JSON") from fault
    if not isinstance(said, dict):
        raise Refused(Why.UNKNOWN_FORMAT, "the manifest is no object")
    return said


def sign(manifest: bytes, *, key: bytes) -> bytes:
    """Sign a manifest: HMAC-SHA-256 in hexadecimal, under a name that no other use of the key has.

    Raises:
        ValueError: If the key is shorter than `SHORTEST_KEY`.
    """
    if len(key) < SHORTEST_KEY:
        raise ValueError(f"a key of {len(key)} bytes signs nothing; {SHORTEST_KEY} at least")
    own = hmac.digest(key, f"{FORMAT}/{VERSION}".encode(), "sha256")
    return hmac.digest(own, manifest, "sha256").hex().encode()


def digest(raw: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()
