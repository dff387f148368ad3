"""Opening an artifact: nothing is parsed before its bytes are known to be those that were signed.

In this order: the size, the container's table, the signature over the manifest, the manifest, the
digest of every part, and only then JSON and arrays. Nothing is ever unpickled or unpacked to disk.
"""

import hmac
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from ml.artifact.manifest import MANIFEST, SIGNATURE, Manifest, Part, digest, load, sign
from ml.artifact.refused import Refused, Why

MOST_BYTES = 128 * 1024 * 1024  # unpacked, all parts together
MOST_MANIFEST_BYTES = 256 * 1024
#: What the container's library raises on bytes that are none, are cut, packed oddly or encrypted.
BROKEN = (BadZipFile, EOFError, OSError, RuntimeError, zlib.error)


@dataclass(frozen=True)
class Artifact:
    """What was signed: how it was made, and its parts by file name."""

    manifest: Manifest
    json: Mapping[str, Any]
    arrays: Mapping[str, Mapping[str, NDArray[Any]]]


def read(path: Path, *, key: bytes, kind: str) -> Artifact:
    """Open an artifact on disk; a file too large is not even read.

    Raises:
        Refused: With the reason.
        FileNotFoundError: If there is none.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Refused(Why.TOO_LARGE, path.name)
    return unseal(path.read_bytes(), key=key, kind=kind)


def unseal(raw: bytes, *, key: bytes, kind: str) -> Artifact:
    """Open an artifact.

    Raises:
        Refused: With the reason.
    """
    try:
        with ZipFile(BytesIO(raw)) as container:
            return _opened(container, key=key, kind=kind)
    except BROKEN as fault:
        raise Refused(Why.UNREADABLE, str(fault)) from fault


def _opened(container: ZipFile, *, key: bytes, kind: str) -> Artifact:
    names = container.namelist()
    if sum(info.file_size for info in container.infolist()) > MOST_BYTES:
        raise Refused(Why.TOO_LARGE)
    if MANIFEST not in names or SIGNATURE not in names:
        raise Refused(Why.NO_MANIFEST)
    said = _bytes(container, MANIFEST, MOST_MANIFEST_BYTES)
    signature = _bytes(container, SIGNATURE, MOST_MANIFEST_BYTES)
    if not hmac.compare_digest(signature, sign(said, key=key)):
        raise Refused(Why.BAD_SIGNATURE)
    manifest = load(said, kind=kind)
    if sorted(names) != sorted([MANIFEST, SIGNATURE, *(part.name for part in manifest.parts)]):
        raise Refused(Why.STRANGE_PARTS, ", ".join(sorted(names)))
    parts = {part.name: _part(container, part) for part in manifest.parts}
    return Artifact(
        manifest,
        json={name: json.loads(part) for name, part in parts.items() if name.endswith(".json")},
        arrays={name: _arrays(part) for name, part in parts.items() if name.endswith(".npz")},
    )


def _part(container: ZipFile, part: Part) -> bytes:
    raw = _bytes(container, part.name, part.bytes)
    if len(raw) != part.bytes or digest(raw) != part.sha256:
        raise Refused(Why.TAMPERED_PART, part.name)
    return raw


def _bytes(container: ZipFile, name: str, most: int) -> bytes:
    """Read one file, and no more than it may have, whatever the container's table says."""
    with container.open(name) as file:
        raw = file.read(most + 1)
    if len(raw) > most:
        raise Refused(Why.TOO_LARGE, name)
    return raw


def _arrays(raw: bytes) -> Mapping[str, NDArray[Any]]:
    with np.load(BytesIO(raw), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}
